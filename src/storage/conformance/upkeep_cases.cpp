#include <gtest/gtest.h>

#include <atomic>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

/// Whether change_count grows by what `change` does.
template <class Change>
bool counts(Storage& storage, const Change& change) {
  const std::uint64_t before = storage.change_count();
  change();
  return storage.change_count() > before;
}

void check_what_counts(Storage& storage) {
  furnish(storage);
  give_grant(storage, 10);
  give_grant(storage, 11);
  const oauth::Client client = some_client("new");
  const StoredKey key = some_key(5, KeyPurpose::sign_tokens, "kid");
  const StoredKey first_key = some_key(6, KeyPurpose::refresh_tokens, "1");
  const StoredKey successor = some_key(7, KeyPurpose::sign_tokens, "next");
  const OneTimeLink link = some_link(7, 1);
  const oauth::Consent consent = some_consent(1, "todo-helper");
  allow(storage, consent);

  EXPECT_TRUE(counts(storage, [&] { block_on(storage.clients().add_client(client)); })) << "add_client";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.clients().update_client(client, kNow)); })) << "update_client";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.clients().remove_client(client.id, kNow)); })) << "remove_client";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.keys().add_key(key)); })) << "add_key";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.keys().add_first_keys({&first_key, 1})); })) << "add_first_keys";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.keys().add_successor(successor, key.id)); })) << "add_successor";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.keys().retire_key(key.id, kNow)); })) << "retire_key";
  EXPECT_TRUE(counts(storage, [&] {
    block_on(storage.grants().revoke_grant({10}, oauth::RevocationReason::by_client, kNow));
  })) << "revoke_grant";
  give_grant(storage, 12);
  EXPECT_TRUE(counts(storage, [&] {
    block_on(storage.consents().withdraw_consent({1}, oauth::ClientId("todo-helper"), kNow));
  })) << "withdraw_consent";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.access_tokens().revoke_access_token({9}, kNow)); }))
      << "revoke_access_token";
  const Session asking = some_session(8, 1);
  const Session next = some_session(9, 1);
  const PasswordChange change{
      .asking_session = asking.id, .proven_hash = some_password_hash(), .new_hash = crypto::PasswordHash("changed")};
  sign_in(storage, asking);
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.users().change_password(change, next, kNow)); }))
      << "change_password";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.users().set_password({1}, crypto::PasswordHash("new"), kNow)); }))
      << "set_password";
  block_on(storage.one_time_links().add_one_time_link(link, kNow));
  EXPECT_TRUE(counts(storage, [&] {
    block_on(storage.one_time_links().redeem_one_time_link({7}, crypto::PasswordHash("new"), kNow));
  })) << "redeem_one_time_link";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.users().set_enabled({1}, false, kNow)); })) << "disable";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.users().set_enabled({1}, true, kNow)); })) << "enable";
  EXPECT_TRUE(counts(storage, [&] { block_on(storage.users().remove_user({1}, kNow)); })) << "remove_user";
}

void check_what_does_not_count(Storage& storage) {
  furnish(storage);
  const auto quiet = [&](const auto& change) { return !counts(storage, change); };
  const Session session = some_session(3, 1);
  EXPECT_TRUE(quiet([&] { give_grant(storage, 10); })) << "a code, and a grant";
  EXPECT_TRUE(quiet([&] {
    block_on(storage.grants().rotate_refresh_token({10}, 0, kNow, kNow + seconds(60), kNoToken));
  })) << "a rotation";
  EXPECT_TRUE(quiet([&] { block_on(storage.grants().replay_successor({10}, 1, kNow - seconds(1), 20, kNoToken)); }))
      << "a replay";
  EXPECT_TRUE(quiet([&] {
    sign_in(storage, session);
    block_on(storage.sessions().touch_session(session.id, kNow + seconds(9)));
    block_on(storage.sessions().end_session(session.id));
  })) << "a session";
  EXPECT_TRUE(quiet([&] {
    const oauth::OpaqueAccessToken token = some_token(4, "todo-helper");
    block_on(storage.access_tokens().add_access_token(token));
  })) << "an access token";
  EXPECT_TRUE(quiet([&] {
    const oauth::PushedAuthorizationRequest pushed = some_pushed_request(5, "todo-helper");
    block_on(storage.pushed_authorization_requests().add_pushed_authorization_request(pushed, std::nullopt));
    block_on(storage.pushed_authorization_requests().spend_pushed_authorization_request(pushed.id));
  })) << "a pushed request";
  const StoredKey key = some_key(6, KeyPurpose::sign_tokens, "kid");
  block_on(storage.keys().add_key(key));
  block_on(storage.keys().retire_key(key.id, kNow));
  EXPECT_TRUE(quiet([&] {
    allow(storage, some_device_code(6, "todo-helper"), 1);
    block_on(storage.device_codes().poll_device_code({6}, kNow));
    block_on(storage.device_codes().redeem_device_code({6}, some_grant(6, 1, "todo-helper"), kNoToken));
  })) << "a device code";
  EXPECT_TRUE(quiet([&] {
    const oauth::UsedClientAssertion assertion = some_assertion('a', "todo-helper");
    block_on(storage.used_client_assertions().use_client_assertion(assertion));
  })) << "a client's assertion";
  EXPECT_TRUE(quiet([&] {
    block_on(storage.keys().add_first_keys({&key, 1}));
    block_on(storage.keys().add_successor(key, key.id));
    block_on(storage.keys().retire_key(key.id, kNow + seconds(1)));
    block_on(storage.clients().remove_client(oauth::ClientId("nobody"), kNow));
    block_on(storage.grants().revoke_grant({99}, oauth::RevocationReason::by_client, kNow));
    block_on(storage.users().set_password({99}, crypto::PasswordHash("new"), kNow));
    const PasswordChange stale{.asking_session = {99}, .proven_hash = some_password_hash(), .new_hash = {}};
    block_on(storage.users().change_password(stale, session, kNow));
  })) << "what changes nothing";
}

/// Things numbered `id` that can matter no longer from `expiry` on.
void add_mortals(Storage& storage, std::int64_t id, Instant expiry) {
  oauth::AuthorizationCode code = some_code(id, 1, "todo-helper");
  Session session = some_session(id, 1);
  OneTimeLink link = some_link(id, id);
  oauth::OpaqueAccessToken token = some_token(id, "todo-helper");
  ConnectionAttempt attempt = some_attempt(id, "plugin-1", 1);
  SignInAttempt sign_in_attempt = some_sign_in_attempt(id);
  sign_in_attempt.expires_at = expiry;
  block_on(storage.sign_in_attempts().add_sign_in_attempt(sign_in_attempt, 1000));
  oauth::PushedAuthorizationRequest pushed = some_pushed_request(id, "todo-helper");
  oauth::InitialAccessToken initial_token = some_initial_token(id);
  initial_token.expires_at = expiry;
  oauth::DeviceCode device_code = some_device_code(id, "todo-helper");
  device_code.expires_at = expiry - oauth::kExpiredDeviceCodeIsKept;
  code.expires_at = session.expires_at = link.expires_at = token.token.expires_at = attempt.expires_at = expiry;
  pushed.expires_at = expiry;
  oauth::UsedClientAssertion assertion = some_assertion(static_cast<char>(id), "todo-helper");
  assertion.expires_at = expiry - kSpentIsKept;
  allow(storage, code);
  sign_in(storage, session);
  block_on(storage.one_time_links().add_one_time_link(link, kNow));
  block_on(storage.access_tokens().add_access_token(token));
  block_on(storage.access_tokens().revoke_access_token({id + 100}, expiry - kSpentIsKept));
  block_on(storage.connections().add_connection_attempt(attempt));
  block_on(storage.pushed_authorization_requests().add_pushed_authorization_request(pushed, std::nullopt));
  block_on(storage.used_client_assertions().use_client_assertion(assertion));
  block_on(storage.initial_access_tokens().add_initial_access_token(initial_token));
  block_on(storage.device_codes().add_device_code(device_code, std::nullopt, kNow));
}

void expect_mortals(Storage& storage, std::int64_t id, bool there) {
  EXPECT_EQ(block_on(storage.authorization_codes().find_authorization_code({id})).has_value(), there) << "code";
  EXPECT_EQ(block_on(storage.sessions().find_session({id})).has_value(), there) << "session";
  EXPECT_EQ(block_on(storage.one_time_links().find_one_time_link({id})).has_value(), there) << "link";
  EXPECT_EQ(block_on(storage.access_tokens().find_access_token({id})).has_value(), there) << "access token";
  EXPECT_EQ(block_on(storage.connections().take_connection_attempt({id}, some_hash('a'))).has_value(), there)
      << "attempt";
  EXPECT_EQ(block_on(storage.sign_in_attempts().take_sign_in_attempt({id}, some_hash('a'), some_hash('b'))).has_value(),
            there)
      << "sign-in attempt";
  EXPECT_EQ(block_on(storage.pushed_authorization_requests().find_pushed_authorization_request({id})).has_value(),
            there)
      << "pushed request";
  const oauth::UsedClientAssertion assertion = some_assertion(static_cast<char>(id), "todo-helper");
  EXPECT_EQ(!block_on(storage.used_client_assertions().use_client_assertion(assertion)), there) << "client assertion";
  EXPECT_EQ(block_on(storage.initial_access_tokens().find_initial_access_token({id})).has_value(), there)
      << "initial access token";
  EXPECT_EQ(block_on(storage.device_codes().find_device_code({id})).has_value(), there) << "device code";
  EXPECT_EQ(block_on(storage.access_tokens().is_access_token_revoked({id + 100})), there) << "revocation";
}

/// As seen past what a cache may hold.
bool is_revoked(Storage& storage, oauth::AccessTokenId id) {
  static std::atomic<int> number{0};
  const oauth::Client client = some_client("changes-the-count-" + std::to_string(++number));
  block_on(storage.clients().add_client(client));
  return block_on(storage.access_tokens().is_access_token_revoked(id));
}

void check_what_is_over_is_kept_for_an_hour(Storage& storage) {
  const oauth::UsedClientAssertion assertion = some_assertion('a', "todo-helper");
  const auto serves = [&] { return block_on(storage.used_client_assertions().use_client_assertion(assertion)); };
  ASSERT_TRUE(serves());
  block_on(storage.access_tokens().revoke_access_token({7}, assertion.expires_at));
  const Instant end = assertion.expires_at + std::chrono::hours(1);
  for (const Instant now : {assertion.expires_at, Instant(end - milliseconds(1))}) {
    block_on(storage.remove_expired(now));
    EXPECT_FALSE(serves());
    EXPECT_TRUE(is_revoked(storage, {7}));
  }
  block_on(storage.remove_expired(end));
  EXPECT_TRUE(serves());
  EXPECT_FALSE(is_revoked(storage, {7}));
}

void check_grants_are_kept_for_thirty_days(Storage& storage) {
  furnish(storage);
  const oauth::Grant expiring = give_grant(storage, 10);
  const std::optional token = some_token_of_grant(50, expiring);
  block_on(storage.grants().rotate_refresh_token({10}, 0, kNow, kNow + seconds(1), token));
  give_grant(storage, 11);
  block_on(storage.grants().revoke_grant({11}, oauth::RevocationReason::by_user, kNow));
  give_grant(storage, 12);
  block_on(storage.grants().rotate_refresh_token({12}, 0, kNow, kNow + std::chrono::days(90), kNoToken));

  block_on(storage.remove_expired(kNow + std::chrono::days(30) - milliseconds(1)));
  for (const std::int64_t id : {10, 11, 12}) EXPECT_TRUE(block_on(storage.grants().find_grant({id}))) << id;

  block_on(storage.remove_expired(kNow + std::chrono::days(30) + seconds(1)));
  block_on(storage.remove_expired(kNow + std::chrono::days(30) + seconds(1)));
  EXPECT_FALSE(block_on(storage.grants().find_grant({10}))) << "expired for 30 days";
  EXPECT_FALSE(block_on(storage.grants().find_grant({11}))) << "revoked for 30 days";
  EXPECT_TRUE(block_on(storage.grants().find_grant({12}))) << "alive";
  EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
}

const Case kCases[] = {
    {"a change of a client, a user, a key or a revocation counts at once", check_what_counts},
    {"ordinary issuing does not count", check_what_does_not_count},
    {"what has expired is removed, and what has not stays",
     [](Storage& storage) {
       furnish(storage);
       add_mortals(storage, 1, kNow + seconds(10));
       add_mortals(storage, 2, kNow + seconds(20));
       EXPECT_FALSE(block_on(storage.remove_expired(kNow + seconds(10)))) << "there is no more to remove";
       expect_mortals(storage, 1, false);
       expect_mortals(storage, 2, true);
     }},
    {"THREATS N52: what says that something is over is kept an hour longer than it could matter",
     check_what_is_over_is_kept_for_an_hour},
    {"grants are kept until they have been expired or revoked for 30 days", check_grants_are_kept_for_thirty_days},
};

}  // namespace

std::span<const Case> upkeep_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
