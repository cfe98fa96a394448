#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

oauth::AuthorizationCode add_code(Storage& storage, std::int64_t id, std::int64_t user_id = 1,
                                  const std::string& client_id = "todo-helper") {
  oauth::AuthorizationCode code = some_code(id, user_id, client_id);
  allow(storage, code);
  return code;
}

RedeemCodeOutcome redeem(Storage& storage, std::int64_t code_id, const oauth::Grant& grant,
                         const std::optional<oauth::OpaqueAccessToken>& token = kNoToken) {
  return block_on(storage.authorization_codes().redeem_authorization_code({code_id}, grant, token));
}

void expect_found_as_added(Storage& storage, const oauth::AuthorizationCode& code) {
  const auto found = block_on(storage.authorization_codes().find_authorization_code(code.id));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, code.id);
  EXPECT_EQ(found->secret_hash, code.secret_hash);
  EXPECT_EQ(found->client_id, code.client_id);
  EXPECT_EQ(found->user_id, code.user_id);
  EXPECT_EQ(found->subject, code.subject);
  EXPECT_EQ(found->redirect_uri, code.redirect_uri);
  EXPECT_EQ(found->redirect_uri_was_sent, code.redirect_uri_was_sent);
  EXPECT_EQ(found->scope, code.scope);
  EXPECT_EQ(found->resources, code.resources);
  EXPECT_EQ(found->code_challenge, code.code_challenge);
  EXPECT_EQ(found->nonce, code.nonce);
  EXPECT_EQ(found->authenticated_at, code.authenticated_at);
  EXPECT_EQ(found->expires_at, code.expires_at);
  EXPECT_EQ(found->grant_id, code.grant_id);
}

void check_race(Storage& storage) {
  furnish(storage);
  add_code(storage, 5);
  const auto outcomes = race([&](int i) {
    const oauth::Grant grant = some_grant(100 + i, 1, "todo-helper");
    const std::optional token = some_token_of_grant(200 + i, grant);
    return redeem(storage, 5, grant, token);
  });
  const auto winner = std::ranges::find_if(
      outcomes, [](const RedeemCodeOutcome& outcome) { return std::holds_alternative<CodeRedeemed>(outcome); });
  ASSERT_NE(winner, outcomes.end());
  const auto winner_index = winner - outcomes.begin();
  for (std::int64_t i = 0; i < std::ssize(outcomes); ++i) {
    EXPECT_EQ(block_on(storage.grants().find_grant({100 + i})).has_value(), i == winner_index);
    EXPECT_EQ(block_on(storage.access_tokens().find_access_token({200 + i})).has_value(), i == winner_index);
    if (i == winner_index) continue;
    const auto* lost = std::get_if<CodeAlreadyRedeemed>(&outcomes[static_cast<std::size_t>(i)]);
    ASSERT_NE(lost, nullptr);
    EXPECT_EQ(lost->grant_id.value, 100 + winner_index);
  }
}

const Case kCases[] = {
    {"a code is found as it was added",
     [](Storage& storage) {
       furnish(storage);
       expect_found_as_added(storage, add_code(storage, 5));
       oauth::AuthorizationCode plain = some_code(6, 2, "notes");
       plain.code_challenge.reset();
       plain.redirect_uri_was_sent = true;
       plain.scope = oauth::Scope();
       allow(storage, plain);
       expect_found_as_added(storage, plain);
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({7})));
     }},
    {"no code is kept of a user who is gone or disabled, or for a client that is gone",
     [](Storage& storage) {
       furnish(storage);
       block_on(storage.users().set_enabled({2}, false, kNow));
       add_code(storage, 5, 2);
       add_code(storage, 6, 99);
       add_code(storage, 7, 1, "gone");
       block_on(storage.users().set_enabled({2}, true, kNow));
       for (const std::int64_t id : {5, 6, 7}) {
         EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({id})));
       }
     }},
    {"no code is kept where the session in which it was allowed has ended or is somebody else's",
     [](Storage& storage) {
       furnish(storage);
       const Session ended = some_session(7, 1);
       const Session of_other = some_session(8, 2);
       sign_in(storage, ended);
       sign_in(storage, of_other);
       block_on(storage.users().set_password({1}, crypto::PasswordHash("new"), kNow));
       const oauth::AuthorizationCode code = some_code(5, 1, "todo-helper");
       for (const SessionId id : {ended.id, of_other.id, SessionId{99}}) {
         block_on(storage.authorization_codes().add_authorization_code(code, id));
         EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code(code.id))) << id.value;
       }
     }},
    {"RFC 6749 §4.1.2: the first use of a code gives the grant and its access token",
     [](Storage& storage) {
       furnish(storage);
       add_code(storage, 5);
       const oauth::Grant grant = some_grant(100, 1, "todo-helper");
       const std::optional token = some_token_of_grant(200, grant);
       EXPECT_TRUE(std::holds_alternative<CodeRedeemed>(redeem(storage, 5, grant, token)));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active(grant.id)));
       EXPECT_TRUE(block_on(storage.access_tokens().find_access_token({200})));
     }},
    {"RFC 6749 §4.1.2: a second use gives nothing and names the grant of the first",
     [](Storage& storage) {
       furnish(storage);
       add_code(storage, 5);
       const oauth::Grant grant = some_grant(100, 1, "todo-helper");
       const oauth::Grant second = some_grant(101, 1, "todo-helper");
       const std::optional token = some_token_of_grant(201, second);
       redeem(storage, 5, grant);
       const auto outcome = redeem(storage, 5, second, token);
       ASSERT_TRUE(std::holds_alternative<CodeAlreadyRedeemed>(outcome));
       EXPECT_EQ(std::get<CodeAlreadyRedeemed>(outcome).grant_id, grant.id);
       EXPECT_FALSE(block_on(storage.grants().find_grant(second.id)));
       EXPECT_FALSE(block_on(storage.access_tokens().find_access_token({201})));
     }},
    {"RFC 6749 §4.1.2: a spent code is found, with its grant, as long as that lives",
     [](Storage& storage) {
       furnish(storage);
       oauth::AuthorizationCode code = add_code(storage, 5);
       const oauth::Grant grant = some_grant(100, 1, "todo-helper");
       ASSERT_LT(code.expires_at, grant.expires_at);
       redeem(storage, 5, grant);
       block_on(storage.remove_expired(grant.expires_at - milliseconds(1)));
       code.grant_id = grant.id;
       code.expires_at = grant.expires_at;
       expect_found_as_added(storage, code);
       block_on(storage.remove_expired(grant.expires_at));
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code(code.id)));
     }},
    {"RFC 6749 §4.1.2: as long as it is refreshed, and no longer once it is revoked",
     [](Storage& storage) {
       furnish(storage);
       add_code(storage, 5);
       const oauth::Grant grant = some_grant(100, 1, "todo-helper");
       redeem(storage, 5, grant);
       const auto is_known = [&] { return block_on(storage.authorization_codes().find_authorization_code({5})); };
       Instant end = grant.expires_at;
       for (std::uint32_t generation = 0; generation < 3; ++generation) {
         const Instant before = end;
         end += std::chrono::days(30);
         ASSERT_TRUE(
             block_on(storage.grants().rotate_refresh_token(grant.id, generation, before - seconds(1), end, kNoToken)));
         block_on(storage.remove_expired(before));
         EXPECT_TRUE(is_known()) << generation;
       }
       block_on(storage.grants().revoke_grant(grant.id, oauth::RevocationReason::by_operator, end));
       block_on(storage.remove_expired(end));
       EXPECT_FALSE(is_known());
     }},
    {"of 32 who redeem one code at once one wins, and the others learn the winner's grant", check_race},
    {"an unknown code gives nothing",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = some_grant(100, 1, "todo-helper");
       EXPECT_TRUE(std::holds_alternative<CodeUnknown>(redeem(storage, 5, grant)));
       EXPECT_FALSE(block_on(storage.grants().find_grant(grant.id)));
     }},
    {"a disabled user's code gives nothing, used or unused",
     [](Storage& storage) {
       furnish(storage);
       add_code(storage, 5);
       add_code(storage, 6);
       redeem(storage, 6, some_grant(99, 1, "todo-helper"));
       block_on(storage.users().set_enabled({1}, false, kNow));
       const oauth::Grant grant = some_grant(100, 1, "todo-helper");
       EXPECT_TRUE(std::holds_alternative<CodeUnknown>(redeem(storage, 5, grant)));
       EXPECT_TRUE(std::holds_alternative<CodeUnknown>(redeem(storage, 6, grant)));
       EXPECT_FALSE(block_on(storage.grants().find_grant(grant.id)));
     }},
};

}  // namespace

std::span<const Case> authorization_code_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
