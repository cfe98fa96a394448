#include <gtest/gtest.h>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

void expect_equal(const oauth::Client& a, const oauth::Client& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.secret_hash, b.secret_hash);
  EXPECT_EQ(a.authentication_methods, b.authentication_methods);
  EXPECT_EQ(a.redirect_uris, b.redirect_uris);
  EXPECT_EQ(a.grant_types, b.grant_types);
  EXPECT_EQ(a.scope, b.scope);
  EXPECT_EQ(a.pkce, b.pkce);
  EXPECT_EQ(a.jwks, b.jwks);
  EXPECT_EQ(a.jwks_uri, b.jwks_uri);
  EXPECT_EQ(a.id_token_algorithm, b.id_token_algorithm);
  EXPECT_EQ(a.access_token_format, b.access_token_format);
  EXPECT_EQ(a.requires_pushed_requests, b.requires_pushed_requests);
  EXPECT_EQ(a.post_logout_redirect_uris, b.post_logout_redirect_uris);
  EXPECT_EQ(a.default_max_age, b.default_max_age);
  EXPECT_EQ(a.description, b.description);
  EXPECT_EQ(a.introspects, b.introspects);
  EXPECT_EQ(a.exchange_redirect_uri, b.exchange_redirect_uri);
  EXPECT_EQ(a.origin, b.origin);
  EXPECT_EQ(a.registration_token_hash, b.registration_token_hash);
  EXPECT_EQ(a.replaced_registration_token_hash, b.replaced_registration_token_hash);
  EXPECT_EQ(a.openid, b.openid);
  EXPECT_EQ(a.created_at, b.created_at);
}

using Ids = std::vector<std::string>;

Ids newest(Storage& storage, ClientPage page) {
  Ids ids;
  for (const oauth::Client& client : block_on(storage.clients().list_newest_clients(std::move(page))))
    ids.push_back(client.id.value());
  return ids;
}

const Case kCases[] = {
    {"a client is found as it was added",
     [](Storage& storage) {
       const oauth::Client client = some_client("todo-helper");
       EXPECT_TRUE(block_on(storage.clients().add_client(client)));
       const auto found = block_on(storage.clients().find_client(client.id));
       ASSERT_TRUE(found);
       expect_equal(*found, client);
     }},
    {"a public client without anything keeps its nothing",
     [](Storage& storage) {
       oauth::Client client;
       client.id = oauth::ClientId("bare");
       EXPECT_TRUE(block_on(storage.clients().add_client(client)));
       const auto found = block_on(storage.clients().find_client(client.id));
       ASSERT_TRUE(found);
       expect_equal(*found, client);
     }},
    {"a client of which it was never said what it introspects stays so, apart from one that introspects nothing",
     [](Storage& storage) {
       for (const auto& introspects :
            {std::optional<std::vector<oauth::Resource>>(), {std::vector<oauth::Resource>()}}) {
         oauth::Client client = some_client(introspects ? "nothing" : "unsaid");
         client.introspects = introspects;
         EXPECT_TRUE(block_on(storage.clients().add_client(client)));
         expect_equal(*block_on(storage.clients().find_client(client.id)), client);
       }
     }},
    {"a client that repeats redirect_uri stays apart from one that may leave it out, whatever else changes",
     [](Storage& storage) {
       using Exchange = oauth::ExchangeRedirectUri;
       for (const auto exchange : {Exchange::repeated, Exchange::may_be_left_out}) {
         oauth::Client client = some_client(std::string(oauth::to_string(exchange)));
         client.exchange_redirect_uri = exchange;
         EXPECT_TRUE(block_on(storage.clients().add_client(client)));
         client.name = "New name";
         EXPECT_TRUE(block_on(storage.clients().update_client(client, kNow)));
         expect_equal(*block_on(storage.clients().find_client(client.id)), client);
       }
     }},
    {"there is no client of an unknown id",
     [](Storage& storage) {
       EXPECT_FALSE(block_on(storage.clients().find_client(oauth::ClientId("nobody"))));
       EXPECT_FALSE(block_on(storage.clients().find_client(oauth::ClientId(""))));
     }},
    {"a client that was looked for in vain is found once it is added",
     [](Storage& storage) {
       const oauth::Client client = some_client("todo-helper");
       EXPECT_FALSE(block_on(storage.clients().find_client(client.id)));
       block_on(storage.clients().add_client(client));
       EXPECT_TRUE(block_on(storage.clients().find_client(client.id)));
     }},
    {"an id that is taken changes nothing",
     [](Storage& storage) {
       const oauth::Client client = some_client("todo-helper");
       oauth::Client other = client;
       other.name = "Another";
       EXPECT_TRUE(block_on(storage.clients().add_client(client)));
       EXPECT_FALSE(block_on(storage.clients().add_client(other)));
       expect_equal(*block_on(storage.clients().find_client(client.id)), client);
     }},
    {"clients are listed oldest first",
     [](Storage& storage) {
       for (const auto& [id, age] : {std::pair("b", 2), std::pair("c", 3), std::pair("a", 3)}) {
         oauth::Client client = some_client(id);
         client.created_at = kNow - seconds(age);
         block_on(storage.clients().add_client(client));
       }
       const auto clients = block_on(storage.clients().list_clients());
       ASSERT_EQ(clients.size(), 3U);
       EXPECT_EQ(clients[0].id.value(), "c");
       EXPECT_EQ(clients[1].id.value(), "a");
       EXPECT_EQ(clients[2].id.value(), "b");
     }},
    {"clients are listed newest first, page by page, also where the one that ended a page has gone",
     [](Storage& storage) {
       EXPECT_EQ(block_on(storage.clients().count_clients()), 0U);
       for (const auto& [id, age] : {std::pair("b", 2), std::pair("c", 3), std::pair("a", 3), std::pair("d", 1)}) {
         oauth::Client client = some_client(id);
         client.created_at = kNow - seconds(age);
         block_on(storage.clients().add_client(client));
       }
       EXPECT_EQ(block_on(storage.clients().count_clients()), 4U);
       EXPECT_EQ(newest(storage, {}), (Ids{"d", "b", "c", "a"}));
       EXPECT_EQ(newest(storage, {.before = std::nullopt, .most = 2}), (Ids{"d", "b"}));
       const ClientPage next{.before = ClientPage::Place{kNow - seconds(2), oauth::ClientId("b")}, .most = 1};
       EXPECT_EQ(newest(storage, next), Ids{"c"});
       block_on(storage.clients().remove_client(oauth::ClientId("b"), kNow));
       EXPECT_EQ(newest(storage, next), Ids{"c"});
       EXPECT_EQ(newest(storage, {.before = ClientPage::Place{kNow - seconds(3), oauth::ClientId("c")}}), Ids{"a"});
       EXPECT_EQ(newest(storage, {.before = ClientPage::Place{kNow - seconds(3), oauth::ClientId("a")}}), Ids{});
     }},
    {"update_client replaces everything but id and created_at",
     [](Storage& storage) {
       const oauth::Client client = some_client("todo-helper");
       block_on(storage.clients().add_client(client));
       EXPECT_TRUE(block_on(storage.clients().find_client(client.id)));
       oauth::Client changed;
       changed.id = client.id;
       changed.name = "New name";
       changed.grant_types = {oauth::GrantType::client_credentials};
       changed.created_at = kNow + seconds(99);
       EXPECT_TRUE(block_on(storage.clients().update_client(changed, kNow)));
       changed.created_at = client.created_at;
       expect_equal(*block_on(storage.clients().find_client(client.id)), changed);
     }},
    {"an unknown client can be neither updated nor removed",
     [](Storage& storage) {
       const oauth::Client client = some_client("todo-helper");
       EXPECT_FALSE(block_on(storage.clients().update_client(client, kNow)));
       EXPECT_FALSE(block_on(storage.clients().remove_client(client.id, kNow)));
       EXPECT_FALSE(block_on(storage.clients().find_client(client.id)));
     }},
    {"a client is removed with its codes, consents, grants and tokens, and nobody else's",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = give_grant(storage, 10);
       const oauth::Grant other = give_grant(storage, 11, 1, "notes");
       const auto code = some_code(20, 1, "todo-helper");
       const auto consent = some_consent(1, "todo-helper");
       const auto token = some_token(30, "todo-helper");
       const auto other_token = some_token(31, "notes");
       allow(storage, code);
       allow(storage, consent);
       block_on(storage.access_tokens().add_access_token(token));
       block_on(storage.access_tokens().add_access_token(other_token));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active(grant.id)));

       EXPECT_TRUE(block_on(storage.clients().remove_client(oauth::ClientId("todo-helper"), kNow)));

       EXPECT_FALSE(block_on(storage.clients().find_client(oauth::ClientId("todo-helper"))));
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code(code.id)));
       EXPECT_TRUE(block_on(storage.consents().list_consents({1})).empty());
       EXPECT_FALSE(block_on(storage.grants().find_grant(grant.id)));
       EXPECT_FALSE(block_on(storage.grants().is_grant_active(grant.id)));
       EXPECT_FALSE(block_on(storage.access_tokens().find_access_token(token.token.id)));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active(other.id)));
       EXPECT_TRUE(block_on(storage.access_tokens().find_access_token(other_token.token.id)));
     }},
};

}  // namespace

std::span<const Case> client_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
