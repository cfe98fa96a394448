#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

constexpr const char* kUrl = "https://assistant.example/client.json";
constexpr std::uint32_t kMost = 100;

bool put(Storage& storage, const oauth::Client& client, Instant now = kNow, std::uint32_t most = kMost) {
  return block_on(storage.clients().put_document_client(client, now, most));
}
auto find(Storage& storage, const std::string& id) {
  return block_on(storage.clients().find_client(oauth::ClientId(id)));
}
bool is_allowed(Storage& storage, const std::string& id = kUrl) {
  const oauth::Consent consent = some_consent(1, id);
  return block_on(storage.consents().find_consent(consent.user_id, consent.client_id, consent.resource)).has_value();
}

/// What becomes of a remembered consent when the document says something else.
void check_change(Storage& storage, const std::function<void(oauth::Client&)>& change, bool is_still_allowed) {
  furnish(storage);
  oauth::Client client = some_document_client(kUrl);
  put(storage, client);
  allow(storage, some_consent(1, kUrl));
  allow(storage, some_consent(1, "notes"));
  EXPECT_TRUE(put(storage, client));
  EXPECT_TRUE(is_allowed(storage)) << "nothing has changed";
  const oauth::Grant grant = give_grant(storage, 10, 1, kUrl);

  change(client);
  EXPECT_TRUE(put(storage, client));
  EXPECT_EQ(is_allowed(storage), is_still_allowed);
  EXPECT_TRUE(is_allowed(storage, "notes"));
  EXPECT_TRUE(block_on(storage.grants().is_grant_active(grant.id)));
}

const Case kCases[] = {
    {"a document's client is found as it was put, and anew when the document changes",
     [](Storage& storage) {
       oauth::Client client = some_document_client(kUrl);
       EXPECT_TRUE(put(storage, client));
       ASSERT_TRUE(find(storage, kUrl));
       EXPECT_EQ(find(storage, kUrl)->name, "Assistant");
       EXPECT_EQ(find(storage, kUrl)->origin, oauth::ClientOrigin::metadata_document);
       EXPECT_EQ(find(storage, kUrl)->jwks_uri, client.jwks_uri);
       client.name = "Assistant 2";
       client.scope = oauth::Scope();
       client.created_at = kNow + seconds(99);
       EXPECT_TRUE(put(storage, client));
       EXPECT_EQ(find(storage, kUrl)->name, "Assistant 2");
       EXPECT_TRUE(find(storage, kUrl)->scope.empty());
       EXPECT_EQ(find(storage, kUrl)->created_at, kNow) << "that is when it came first";
     }},
    {"THREATS N42: other redirect URIs have everybody asked again",
     [](Storage& storage) {
       check_change(storage, [](auto& client) { client.redirect_uris.emplace_back("https://evil.example/cb"); }, false);
     }},
    {"THREATS N42: so do keys at another place",
     [](Storage& storage) {
       check_change(storage, [](auto& client) { client.jwks_uri = "https://evil.example/jwks"; }, false);
     }},
    {"THREATS N42: so do other keys",
     [](Storage& storage) { check_change(storage, [](auto& client) { client.jwks = R"({"keys":[{}]})"; }, false); }},
    {"THREATS N42: so does another method",
     [](Storage& storage) {
       check_change(
           storage, [](auto& client) { client.authentication_methods = {oauth::AuthenticationMethod::none}; }, false);
     }},
    {"another name has nobody asked again",
     [](Storage& storage) { check_change(storage, [](auto& client) { client.name = "Renamed"; }, true); }},
    {"a document takes no other client's place",
     [](Storage& storage) {
       oauth::Client client = some_client(kUrl);
       block_on(storage.clients().add_client(client));
       EXPECT_FALSE(put(storage, some_document_client(kUrl)));
       EXPECT_EQ(find(storage, kUrl)->name, client.name);
       EXPECT_EQ(find(storage, kUrl)->origin, client.origin);
     }},
    {"a client that has not changed makes no cache forget",
     [](Storage& storage) {
       const oauth::Client client = some_document_client(kUrl);
       put(storage, client);
       const auto before = storage.change_count();
       put(storage, client, kNow + seconds(60));
       EXPECT_EQ(storage.change_count(), before);
       oauth::Client changed = client;
       changed.requires_pushed_requests = true;
       put(storage, changed);
       EXPECT_GT(storage.change_count(), before);
     }},
    {"there is a bound for those that nobody has allowed anything, and they make room in time",
     [](Storage& storage) {
       furnish(storage);
       for (const char* id : {"https://a.example/1", "https://a.example/2"})
         EXPECT_TRUE(put(storage, some_document_client(id), kNow, 2)) << id;
       const auto third = some_document_client("https://a.example/3");
       EXPECT_FALSE(put(storage, third, kNow, 2));
       EXPECT_FALSE(find(storage, "https://a.example/3"));
       EXPECT_TRUE(put(storage, some_document_client("https://a.example/2"), kNow, 2)) << "it is there already";
       allow(storage, some_consent(1, "https://a.example/1"));
       EXPECT_TRUE(put(storage, third, kNow, 2)) << "one of them is used now";
       EXPECT_FALSE(put(storage, some_document_client("https://a.example/4"), kNow, 2));
       give_grant(storage, 10, 1, "https://a.example/2");
       EXPECT_TRUE(put(storage, some_document_client("https://a.example/4"), kNow, 2));
       EXPECT_TRUE(put(storage, some_document_client("https://a.example/5"), kNow + std::chrono::hours(2), 2));
     }},
    {"those that nobody has allowed anything are removed after an hour",
     [](Storage& storage) {
       furnish(storage);
       for (const char* id : {"https://a.example/unused", "https://a.example/allowed", "https://a.example/granted",
                              "https://a.example/asked-again"})
         put(storage, some_document_client(id));
       allow(storage, some_consent(1, "https://a.example/allowed"));
       give_grant(storage, 10, 1, "https://a.example/granted");
       put(storage, some_document_client("https://a.example/asked-again"), kNow + seconds(1));
       block_on(storage.remove_expired(kNow + std::chrono::hours(1) - milliseconds(1)));
       EXPECT_TRUE(find(storage, "https://a.example/unused"));
       // The second round begins where the first has ended.
       for (int round = 0; round < 2; ++round) block_on(storage.remove_expired(kNow + std::chrono::hours(1)));
       EXPECT_FALSE(find(storage, "https://a.example/unused"));
       EXPECT_TRUE(find(storage, "https://a.example/allowed"));
       EXPECT_TRUE(find(storage, "https://a.example/granted"));
       EXPECT_TRUE(find(storage, "https://a.example/asked-again"));
       EXPECT_TRUE(find(storage, "todo-helper")) << "an operator's client stays";
     }},
};

}  // namespace

std::span<const Case> document_client_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
