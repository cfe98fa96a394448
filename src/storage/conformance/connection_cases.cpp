#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

constexpr Instant kLeaseEnd = kNow + seconds(20);

PutConnection put(Storage& storage, const Connection& connection) {
  return block_on(storage.connections().put_connection(connection));
}

std::optional<ConnectionAttempt> take(Storage& storage, const ConnectionAttempt& attempt) {
  return block_on(storage.connections().take_connection_attempt(attempt.id, attempt.state_hash));
}

std::optional<Connection> find(Storage& storage) {
  return block_on(storage.connections().find_connection(PluginId("plugin-1"), {1}));
}

bool claim(Storage& storage, std::uint32_t version, Instant now = kNow) {
  return block_on(storage.connections().claim_refresh({5}, version, now, now + seconds(20)));
}

/// Connection 5 of user 1 to plugin-1.
Connection connect(Storage& storage) {
  furnish(storage);
  Connection connection = some_connection(5, "plugin-1", 1);
  put(storage, connection);
  return connection;
}

const Case kConnectionCases[] = {
    {"a connection is found as it was put",
     [](Storage& storage) {
       Connection connection = connect(storage);
       connection.needs_sign_in = true;
       connection.version = 4;
       connection.access_token_expires_at.reset();
       put(storage, connection);
       const auto found = find(storage);
       ASSERT_TRUE(found);
       EXPECT_EQ(found->id, connection.id);
       EXPECT_EQ(found->plugin_id, connection.plugin_id);
       EXPECT_EQ(found->user_id, connection.user_id);
       EXPECT_EQ(found->sealed_tokens, connection.sealed_tokens);
       EXPECT_EQ(found->access_token_expires_at, connection.access_token_expires_at);
       EXPECT_EQ(found->connected_at, connection.connected_at);
       EXPECT_EQ(found->version, connection.version);
       EXPECT_EQ(found->refresh_lease_until, connection.refresh_lease_until);
       EXPECT_EQ(found->needs_sign_in, connection.needs_sign_in);
       EXPECT_FALSE(block_on(storage.connections().find_connection(PluginId("plugin-1"), {2})));
       EXPECT_FALSE(block_on(storage.connections().find_connection(PluginId("plugin-2"), {1})));
     }},
    {"a connection takes the place of the earlier one of the same user and plugin",
     [](Storage& storage) {
       const Connection earlier = connect(storage);
       Connection newer = some_connection(6, "plugin-1", 1);
       newer.sealed_tokens = "newer";
       const PutConnection done = put(storage, newer);
       EXPECT_TRUE(done.is_kept);
       ASSERT_TRUE(done.replaced) << "its tokens can be revoked";
       EXPECT_EQ(done.replaced->id, earlier.id);
       EXPECT_EQ(done.replaced->sealed_tokens, earlier.sealed_tokens);
       const auto listed = block_on(storage.connections().list_connections({1}));
       ASSERT_EQ(listed.size(), 1U);
       EXPECT_EQ(listed[0].id, newer.id);
       EXPECT_EQ(listed[0].sealed_tokens, "newer");
       EXPECT_FALSE(claim(storage, 0)) << "the earlier one is gone";
     }},
    {"nothing is kept for a user who is gone or disabled, or a plugin that is gone",
     [](Storage& storage) {
       furnish(storage);
       block_on(storage.users().set_enabled({2}, false, kNow));
       for (const auto& [plugin, user_id] :
            {std::pair("plugin-1", 2), std::pair("plugin-1", 99), std::pair("plugin-9", 1)}) {
         const PutConnection done = put(storage, some_connection(5, plugin, user_id));
         EXPECT_FALSE(done.is_kept);
         EXPECT_FALSE(done.replaced);
         const ConnectionAttempt attempt = some_attempt(7, plugin, user_id);
         block_on(storage.connections().add_connection_attempt(attempt));
         EXPECT_TRUE(block_on(storage.connections().list_connections({user_id})).empty());
         EXPECT_FALSE(take(storage, attempt));
       }
     }},
    {"a connection that is not kept replaces none",
     [](Storage& storage) {
       connect(storage);
       block_on(storage.users().set_enabled({1}, false, kNow));
       EXPECT_FALSE(put(storage, some_connection(6, "plugin-1", 1)).is_kept);
       ASSERT_TRUE(find(storage));
       EXPECT_EQ(find(storage)->id, ConnectionId{5});
     }},
    {"a connection that is removed is gone, once",
     [](Storage& storage) {
       connect(storage);
       EXPECT_FALSE(block_on(storage.connections().remove_connection(PluginId("plugin-1"), {2})));
       EXPECT_TRUE(block_on(storage.connections().remove_connection(PluginId("plugin-1"), {1})));
       EXPECT_FALSE(block_on(storage.connections().remove_connection(PluginId("plugin-1"), {1})));
       EXPECT_FALSE(find(storage));
     }},
    {"an attempt is taken out as it was added, once",
     [](Storage& storage) {
       furnish(storage);
       const ConnectionAttempt attempt = some_attempt(7, "plugin-1", 1);
       block_on(storage.connections().add_connection_attempt(attempt));
       const auto taken = take(storage, attempt);
       ASSERT_TRUE(taken);
       EXPECT_EQ(taken->id, attempt.id);
       EXPECT_EQ(taken->plugin_id, attempt.plugin_id);
       EXPECT_EQ(taken->user_id, attempt.user_id);
       EXPECT_EQ(taken->state_hash, attempt.state_hash);
       EXPECT_EQ(taken->browser_hash, attempt.browser_hash);
       EXPECT_EQ(taken->sealed_code_verifier, attempt.sealed_code_verifier);
       EXPECT_EQ(taken->expected_issuer, attempt.expected_issuer);
       EXPECT_EQ(taken->issuer_is_promised, attempt.issuer_is_promised);
       EXPECT_EQ(taken->expires_at, attempt.expires_at);
       EXPECT_FALSE(take(storage, attempt));
     }},
    {"whoever guesses an attempt's id takes nothing away",
     [](Storage& storage) {
       furnish(storage);
       const ConnectionAttempt attempt = some_attempt(7, "plugin-1", 1);
       block_on(storage.connections().add_connection_attempt(attempt));
       ConnectionAttempt guess = attempt;
       guess.state_hash = crypto::sha256("a guess");
       EXPECT_FALSE(take(storage, guess));
       EXPECT_TRUE(take(storage, attempt));
     }},
    {"of 32 who take one attempt at once one gets it",
     [](Storage& storage) {
       furnish(storage);
       const ConnectionAttempt attempt = some_attempt(7, "plugin-1", 1);
       block_on(storage.connections().add_connection_attempt(attempt));
       const auto taken = race([&](int) { return take(storage, attempt) ? 1 : 0; });
       EXPECT_EQ(std::ranges::count(taken, 1), 1);
     }},
};

const Case kRefreshCases[] = {
    {"a lease is taken once, and again when it has run out",
     [](Storage& storage) {
       connect(storage);
       EXPECT_TRUE(claim(storage, 0));
       EXPECT_EQ(find(storage)->refresh_lease_until, kLeaseEnd);
       EXPECT_FALSE(claim(storage, 0));
       EXPECT_FALSE(claim(storage, 0, kLeaseEnd - milliseconds(1)));
       EXPECT_TRUE(claim(storage, 0, kLeaseEnd));
     }},
    {"a lease is not taken for another version, or of nothing",
     [](Storage& storage) {
       EXPECT_FALSE(claim(storage, 0));
       connect(storage);
       EXPECT_FALSE(claim(storage, 1));
       EXPECT_EQ(find(storage)->refresh_lease_until, Instant{});
     }},
    {"of 32 who claim a refresh at once one wins",
     [](Storage& storage) {
       connect(storage);
       const auto won = race([&](int) { return claim(storage, 0) ? 1 : 0; });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
     }},
    {"a finished refresh stores the tokens, counts the version up and ends the lease",
     [](Storage& storage) {
       connect(storage);
       claim(storage, 0);
       EXPECT_TRUE(block_on(storage.connections().finish_refresh({5}, 0, std::string("\0new", 4), std::nullopt)));
       const auto found = find(storage);
       EXPECT_EQ(found->sealed_tokens, std::string("\0new", 4));
       EXPECT_EQ(found->access_token_expires_at, std::nullopt);
       EXPECT_EQ(found->version, 1U);
       EXPECT_TRUE(claim(storage, 1)) << "the lease has ended";
     }},
    {"a refresh of another version than was claimed stores nothing",
     [](Storage& storage) {
       const Connection connection = connect(storage);
       EXPECT_FALSE(block_on(storage.connections().finish_refresh({5}, 1, "new", kNow)));
       EXPECT_FALSE(block_on(storage.connections().finish_refresh({99}, 0, "new", kNow)));
       EXPECT_EQ(find(storage)->sealed_tokens, connection.sealed_tokens);
       EXPECT_EQ(find(storage)->version, 0U);
     }},
    {"a failed refresh ends the lease and keeps the tokens",
     [](Storage& storage) {
       const Connection connection = connect(storage);
       claim(storage, 0);
       block_on(storage.connections().fail_refresh({5}, 0, false));
       const auto found = find(storage);
       EXPECT_EQ(found->sealed_tokens, connection.sealed_tokens);
       EXPECT_EQ(found->version, 0U);
       EXPECT_FALSE(found->needs_sign_in);
       EXPECT_TRUE(claim(storage, 0));
     }},
    {"a refresh that failed for good asks the user to sign in, until tokens come again",
     [](Storage& storage) {
       connect(storage);
       claim(storage, 0);
       block_on(storage.connections().fail_refresh({5}, 0, true));
       EXPECT_TRUE(find(storage)->needs_sign_in);
       claim(storage, 0);
       block_on(storage.connections().finish_refresh({5}, 0, "new", kNow));
       EXPECT_FALSE(find(storage)->needs_sign_in);
     }},
    {"a failure of another version than was claimed changes nothing",
     [](Storage& storage) {
       connect(storage);
       claim(storage, 0);
       block_on(storage.connections().fail_refresh({5}, 1, true));
       EXPECT_FALSE(find(storage)->needs_sign_in);
       EXPECT_EQ(find(storage)->refresh_lease_until, kLeaseEnd);
     }},
};

}  // namespace

std::span<const Case> connection_cases() { return kConnectionCases; }
std::span<const Case> connection_refresh_cases() { return kRefreshCases; }

}  // namespace chatelaine::storage::conformance
