#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

using oauth::DevicePoll;

AddDeviceCodeOutcome add(Storage& storage, const oauth::DeviceCode& code,
                         std::optional<std::uint32_t> most = std::nullopt, Instant now = kNow) {
  return block_on(storage.device_codes().add_device_code(code, most, now));
}
auto find(Storage& storage, std::int64_t id) { return block_on(storage.device_codes().find_device_code({id})); }
oauth::DeviceAllowed some_permission(std::int64_t user_id) {
  return {.user_id = {user_id},
          .subject = oauth::Subject("subject-" + std::to_string(user_id)),
          .authenticated_at = kNow - seconds(5)};
}
bool allow_in(Storage& storage, std::int64_t id, std::int64_t user_id, SessionId session_id, Instant now = kNow) {
  return block_on(storage.device_codes().allow_device_code({id}, some_permission(user_id), session_id, now));
}
bool deny_in(Storage& storage, std::int64_t id, SessionId session_id, Instant now = kNow) {
  return block_on(storage.device_codes().deny_device_code({id}, session_id, now));
}
DevicePoll poll(Storage& storage, std::int64_t id, Instant now) {
  return block_on(storage.device_codes().poll_device_code({id}, now));
}
bool redeem(Storage& storage, std::int64_t id, const oauth::Grant& grant,
            const std::optional<oauth::OpaqueAccessToken>& token = kNoToken) {
  return block_on(storage.device_codes().redeem_device_code({id}, grant, token));
}

bool is_unanswered(Storage& storage, std::int64_t id) {
  const auto found = find(storage, id);
  return found && std::holds_alternative<oauth::DeviceUnanswered>(found->answer);
}

void expect_equal(const std::optional<oauth::DeviceCode>& found, const oauth::DeviceCode& code) {
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, code.id);
  EXPECT_EQ(found->secret_hash, code.secret_hash);
  EXPECT_EQ(found->user_code_hash, code.user_code_hash);
  EXPECT_EQ(found->client_id, code.client_id);
  EXPECT_EQ(found->scope, code.scope);
  EXPECT_EQ(found->resources, code.resources);
  EXPECT_EQ(found->expires_at, code.expires_at);
  EXPECT_EQ(found->interval, code.interval);
  EXPECT_EQ(found->polled_at, code.polled_at);
  EXPECT_EQ(found->answer.index(), code.answer.index());
}

void check_race(Storage& storage) {
  furnish(storage);
  allow(storage, some_device_code(5, "notes"), 1);
  const auto won = race([&](int i) {
    const oauth::Grant grant = some_grant(100 + i, 1, "notes");
    const std::optional token = some_token_of_grant(200 + i, grant);
    return redeem(storage, 5, grant, token) ? 1 : 0;
  });
  EXPECT_EQ(std::ranges::count(won, 1), 1);
  for (std::size_t i = 0; i < won.size(); ++i) {
    const auto id = static_cast<std::int64_t>(i);
    EXPECT_EQ(block_on(storage.grants().find_grant({100 + id})).has_value(), won[i] == 1);
    EXPECT_EQ(block_on(storage.access_tokens().find_access_token({200 + id})).has_value(), won[i] == 1);
  }
}

const Case kCases[] = {
    {"a device code is found as it was added, by its id and by its user code",
     [](Storage& storage) {
       furnish(storage);
       oauth::DeviceCode code = some_device_code(5, "notes");
       code.interval = seconds(7);
       EXPECT_EQ(add(storage, code), AddDeviceCodeOutcome::added);
       expect_equal(find(storage, 5), code);
       expect_equal(block_on(storage.device_codes().find_device_code_by_user_code(code.user_code_hash)), code);
       EXPECT_FALSE(find(storage, 6));
       EXPECT_FALSE(block_on(storage.device_codes().find_device_code_by_user_code(some_hash('x'))));
     }},
    {"RFC 8628 §6.1: two codes that are kept do not have one user code",
     [](Storage& storage) {
       furnish(storage);
       add(storage, some_device_code(5, "notes"));
       oauth::DeviceCode twin = some_device_code(6, "todo-helper");
       twin.user_code_hash = some_device_code(5, "notes").user_code_hash;
       EXPECT_EQ(add(storage, twin), AddDeviceCodeOutcome::user_code_taken);
       EXPECT_FALSE(find(storage, 6));
       allow(storage, some_device_code(5, "notes"), 1);
       EXPECT_EQ(add(storage, twin), AddDeviceCodeOutcome::user_code_taken) << "an answered one counts too";
       redeem(storage, 5, some_grant(100, 1, "notes"));
       EXPECT_EQ(add(storage, twin), AddDeviceCodeOutcome::added);
     }},
    {"a client has no more of them than its bound, and room again once one is redeemed or expires",
     [](Storage& storage) {
       furnish(storage);
       EXPECT_EQ(add(storage, some_device_code(4, "todo-helper"), 2), AddDeviceCodeOutcome::added);
       EXPECT_EQ(add(storage, some_device_code(5, "notes"), 2), AddDeviceCodeOutcome::added);
       EXPECT_EQ(add(storage, some_device_code(6, "notes"), 2), AddDeviceCodeOutcome::added);
       EXPECT_EQ(add(storage, some_device_code(7, "notes"), 2), AddDeviceCodeOutcome::refused);
       EXPECT_FALSE(find(storage, 7));
       EXPECT_EQ(add(storage, some_device_code(8, "todo-helper"), 2), AddDeviceCodeOutcome::added);
       allow(storage, some_device_code(5, "notes"), 1);
       EXPECT_EQ(add(storage, some_device_code(7, "notes"), 2), AddDeviceCodeOutcome::refused) << "nobody fetched it";
       redeem(storage, 5, some_grant(100, 1, "notes"));
       EXPECT_EQ(add(storage, some_device_code(7, "notes"), 2), AddDeviceCodeOutcome::added);
       const Instant later = some_device_code(7, "notes").expires_at;
       EXPECT_EQ(add(storage, some_device_code(9, "notes"), 2, later - milliseconds(1)), AddDeviceCodeOutcome::refused);
       EXPECT_EQ(add(storage, some_device_code(9, "notes"), 2, later), AddDeviceCodeOutcome::added);
       EXPECT_EQ(add(storage, some_device_code(10, "notes")), AddDeviceCodeOutcome::added) << "without a bound";
     }},
    {"a device code goes with its client, and none is kept of nobody",
     [](Storage& storage) {
       furnish(storage);
       add(storage, some_device_code(5, "notes"));
       allow(storage, some_device_code(6, "notes"), 1);
       add(storage, some_device_code(7, "todo-helper"));
       block_on(storage.clients().remove_client(oauth::ClientId("notes"), kNow));
       EXPECT_FALSE(find(storage, 5));
       EXPECT_FALSE(find(storage, 6));
       EXPECT_TRUE(find(storage, 7));
       EXPECT_EQ(add(storage, some_device_code(8, "notes")), AddDeviceCodeOutcome::refused);
       EXPECT_FALSE(find(storage, 8));
     }},
    {"RFC 8628 §3.5: a poll that comes too early makes the interval longer for those after it",
     [](Storage& storage) {
       furnish(storage);
       add(storage, some_device_code(5, "notes"));
       add(storage, some_device_code(6, "notes"));
       EXPECT_EQ(poll(storage, 5, kNow), DevicePoll::in_time);
       EXPECT_EQ(poll(storage, 5, kNow + seconds(5)), DevicePoll::in_time);
       EXPECT_EQ(find(storage, 5)->interval, seconds(5));
       EXPECT_EQ(poll(storage, 5, kNow + milliseconds(9'999)), DevicePoll::too_early);
       EXPECT_EQ(find(storage, 5)->interval, seconds(10));
       EXPECT_EQ(find(storage, 5)->polled_at, kNow + milliseconds(9'999));
       EXPECT_EQ(poll(storage, 5, kNow + seconds(15)), DevicePoll::too_early);
       EXPECT_EQ(find(storage, 5)->interval, seconds(15));
       EXPECT_EQ(poll(storage, 5, kNow + seconds(30)), DevicePoll::in_time);
       EXPECT_EQ(find(storage, 5)->interval, seconds(15));
       EXPECT_EQ(find(storage, 6)->interval, seconds(5)) << "another device's";
       EXPECT_EQ(poll(storage, 7, kNow), DevicePoll::in_time) << "of nothing";
     }},
    {"RFC 8628 §3.5: the first to redeem a code that was allowed gets the grant and its access token",
     [](Storage& storage) {
       furnish(storage);
       EXPECT_TRUE(allow(storage, some_device_code(5, "notes"), 1));
       const oauth::Grant grant = some_grant(100, 1, "notes");
       const std::optional token = some_token_of_grant(200, grant);
       EXPECT_TRUE(redeem(storage, 5, grant, token));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active(grant.id)));
       EXPECT_TRUE(block_on(storage.access_tokens().find_access_token({200})));
       EXPECT_FALSE(find(storage, 5));
       EXPECT_FALSE(redeem(storage, 5, some_grant(101, 1, "notes")));
       EXPECT_FALSE(block_on(storage.grants().find_grant({101})));
     }},
    {"of 32 who redeem one device code at once one wins", check_race},
    {"a code that was not allowed, or not by that user, gives nothing",
     [](Storage& storage) {
       furnish(storage);
       const Session session = some_session(9, 1);
       sign_in(storage, session);
       add(storage, some_device_code(5, "notes"));
       add(storage, some_device_code(6, "notes"));
       EXPECT_TRUE(deny_in(storage, 6, session.id));
       allow(storage, some_device_code(7, "notes"), 2);
       for (const std::int64_t id : {5, 6, 7, 8}) {
         const oauth::Grant grant = some_grant(100, 1, "notes");
         const std::optional token = some_token_of_grant(200, grant);
         EXPECT_FALSE(redeem(storage, id, grant, token)) << id;
         EXPECT_FALSE(block_on(storage.grants().find_grant(grant.id))) << id;
         EXPECT_FALSE(block_on(storage.access_tokens().find_access_token({200}))) << id;
       }
       EXPECT_TRUE(find(storage, 7));
     }},
};

const Case kAnswerCases[] = {
    {"RFC 8628 §3.3: what a user allows is found with who it was",
     [](Storage& storage) {
       furnish(storage);
       const Session session = some_session(9, 1);
       sign_in(storage, session);
       oauth::DeviceCode code = some_device_code(5, "notes");
       add(storage, code);
       EXPECT_TRUE(allow_in(storage, 5, 1, session.id));
       code.answer = some_permission(1);
       const auto found = find(storage, 5);
       expect_equal(found, code);
       const auto& allowed = std::get<oauth::DeviceAllowed>(found->answer);
       EXPECT_EQ(allowed.user_id.value, 1);
       EXPECT_EQ(allowed.subject, some_permission(1).subject);
       EXPECT_EQ(allowed.authenticated_at, some_permission(1).authenticated_at);
     }},
    {"the first answer counts",
     [](Storage& storage) {
       furnish(storage);
       const Session session = some_session(9, 1);
       const Session of_other = some_session(10, 2);
       sign_in(storage, session);
       sign_in(storage, of_other);
       add(storage, some_device_code(5, "notes"));
       add(storage, some_device_code(6, "notes"));
       EXPECT_TRUE(deny_in(storage, 5, session.id));
       EXPECT_FALSE(allow_in(storage, 5, 2, of_other.id));
       EXPECT_FALSE(deny_in(storage, 5, of_other.id));
       EXPECT_TRUE(std::holds_alternative<oauth::DeviceDenied>(find(storage, 5)->answer));
       EXPECT_TRUE(allow_in(storage, 6, 1, session.id));
       EXPECT_FALSE(deny_in(storage, 6, of_other.id));
       EXPECT_FALSE(allow_in(storage, 6, 2, of_other.id));
       EXPECT_EQ(std::get<oauth::DeviceAllowed>(find(storage, 6)->answer).user_id.value, 1);
       EXPECT_FALSE(allow_in(storage, 7, 1, session.id)) << "of nothing";
     }},
    {"no answer counts to a code that has expired",
     [](Storage& storage) {
       furnish(storage);
       const Session session = some_session(9, 1);
       sign_in(storage, session);
       const oauth::DeviceCode code = some_device_code(5, "notes");
       add(storage, code);
       EXPECT_FALSE(allow_in(storage, 5, 1, session.id, code.expires_at));
       EXPECT_FALSE(deny_in(storage, 5, session.id, code.expires_at));
       EXPECT_TRUE(is_unanswered(storage, 5));
       EXPECT_TRUE(allow_in(storage, 5, 1, session.id, code.expires_at - milliseconds(1)));
     }},
    {"no answer counts of a session that has ended or is somebody else's, or of a disabled user",
     [](Storage& storage) {
       furnish(storage);
       const Session ended = some_session(7, 1);
       const Session of_other = some_session(8, 2);
       sign_in(storage, ended);
       sign_in(storage, of_other);
       add(storage, some_device_code(5, "notes"));
       block_on(storage.sessions().end_session(ended.id));
       EXPECT_FALSE(allow_in(storage, 5, 1, ended.id));
       EXPECT_FALSE(deny_in(storage, 5, ended.id));
       EXPECT_FALSE(allow_in(storage, 5, 1, of_other.id));
       block_on(storage.users().set_enabled({2}, false, kNow));
       EXPECT_FALSE(allow_in(storage, 5, 2, of_other.id));
       EXPECT_FALSE(deny_in(storage, 5, of_other.id));
       EXPECT_TRUE(is_unanswered(storage, 5));
     }},
    {"THREATS N53: a disabled user's device gets nothing, also when they are enabled again",
     [](Storage& storage) {
       furnish(storage);
       allow(storage, some_device_code(5, "notes"), 1);
       block_on(storage.users().set_enabled({1}, false, kNow));
       EXPECT_FALSE(redeem(storage, 5, some_grant(100, 1, "notes")));
       block_on(storage.users().set_enabled({1}, true, kNow));
       EXPECT_FALSE(redeem(storage, 5, some_grant(100, 1, "notes")));
       EXPECT_FALSE(find(storage, 5));
     }},
    {"what a user who is removed has allowed goes with them, and what nobody has answered stays",
     [](Storage& storage) {
       furnish(storage);
       allow(storage, some_device_code(5, "notes"), 1);
       allow(storage, some_device_code(6, "notes"), 2);
       add(storage, some_device_code(7, "notes"));
       block_on(storage.users().remove_user({1}, kNow));
       EXPECT_FALSE(find(storage, 5));
       EXPECT_TRUE(find(storage, 6));
       EXPECT_TRUE(is_unanswered(storage, 7));
     }},
    {"withdrawing a consent takes back what was allowed to that client's devices alone",
     [](Storage& storage) {
       furnish(storage);
       allow(storage, some_device_code(5, "notes"), 1);
       allow(storage, some_device_code(6, "todo-helper"), 1);
       allow(storage, some_device_code(7, "notes"), 2);
       add(storage, some_device_code(8, "notes"));
       block_on(storage.consents().withdraw_consent({1}, oauth::ClientId("notes"), kNow));
       EXPECT_FALSE(find(storage, 5));
       EXPECT_FALSE(redeem(storage, 5, some_grant(100, 1, "notes")));
       EXPECT_TRUE(find(storage, 6));
       EXPECT_TRUE(find(storage, 7));
       EXPECT_TRUE(is_unanswered(storage, 8));
     }},
};

}  // namespace

std::span<const Case> device_code_cases() { return kCases; }
std::span<const Case> device_code_answer_cases() { return kAnswerCases; }

}  // namespace chatelaine::storage::conformance
