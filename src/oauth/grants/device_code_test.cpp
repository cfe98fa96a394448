#include "oauth/grants/device_code.hpp"

#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const DeviceAllowed kAllowed{.user_id = {7}, .subject = Subject("user-1"), .authenticated_at = kNow - seconds(9)};

DeviceCode fresh_code() {
  return {.client_id = ClientId("app"),
          .scope = *Scope::parse("todo.read"),
          .resources = {kApi},
          .expires_at = kNow + seconds(600)};
}
Form poll_form() {
  return Form({{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"device_code", "ctl_dc_x"}});
}

/// The decision's name, or the error's code.
struct Named {
  std::string operator()(const RedeemDeviceCode&) const { return "redeem"; }
  std::string operator()(const PollDeviceCode&) const { return "poll"; }
  std::string operator()(const OAuthError& error) const { return std::string(to_string(error.code)); }
};

struct PollRow {
  std::string_view sentence;
  void (*change)(DeviceCode&);
  std::vector<Change> request;
  std::string decision;
};
class Polls : public testing::TestWithParam<PollRow> {};
TEST_P(Polls, AreDecided) {
  DeviceCode code = fresh_code();
  GetParam().change(code);
  const auto decision =
      decide_device_code(&code, public_client(), changed(poll_form(), GetParam().request), one_resource(), kNow);
  EXPECT_EQ(std::visit(Named{}, decision), GetParam().decision) << GetParam().sentence;
}
void unanswered(DeviceCode&) {}
void allowed(DeviceCode& code) { code.answer = kAllowed; }
void denied(DeviceCode& code) { code.answer = DeviceDenied{}; }
void expired(DeviceCode& code) { code.expires_at = kNow; }
void of_another(DeviceCode& code) { code.client_id = ClientId("x"); }
template <void (*first)(DeviceCode&), void (*second)(DeviceCode&)>
void both(DeviceCode& code) {
  first(code);
  second(code);
}
/// RFC 8628 §3.4, RFC 8628 §3.5.
INSTANTIATE_TEST_SUITE_P(
    Rfc8628Section35, Polls,
    testing::Values(
        PollRow{"nobody has answered", unanswered, {}, "poll"},
        PollRow{"the user has allowed it", allowed, {}, "redeem"},
        PollRow{"the user has denied it", denied, {}, "access_denied"},
        PollRow{"expired this moment", expired, {}, "expired_token"},
        PollRow{
            "expires in a millisecond", [](DeviceCode& code) { code.expires_at = kNow + milliseconds(1); }, {}, "poll"},
        PollRow{"allowed, and fetched too late", both<allowed, expired>, {}, "expired_token"},
        PollRow{"denied, and asked too late", both<denied, expired>, {}, "access_denied"},
        PollRow{"§3.4: device_code is required", allowed, {{"device_code", {}}}, "invalid_request"},
        PollRow{"an empty device_code counts as omitted", allowed, {{"device_code", ""}}, "invalid_request"},
        PollRow{"issued to another client", of_another, {}, "invalid_grant"},
        PollRow{"issued to another client, and allowed", both<of_another, allowed>, {}, "invalid_grant"},
        PollRow{"issued to another client, and denied", both<of_another, denied>, {}, "invalid_grant"},
        PollRow{"issued to another client, and expired", both<of_another, expired>, {}, "invalid_grant"},
        PollRow{"RFC 8707 §2.2: the code's resource", allowed, {{"resource", "https://api.example"}}, "redeem"},
        PollRow{"RFC 8707 §2.2: another resource", allowed, {{"resource", "https://b.example"}}, "invalid_target"}));

TEST(DeviceCodeTest, AnUnknownOneIsAnInvalidGrantAndReadsAsAnotherClients) {
  DeviceCode foreign = fresh_code();
  of_another(foreign);
  const auto told = [](const DeviceCode* code) {
    return std::get<OAuthError>(decide_device_code(code, public_client(), poll_form(), one_resource(), kNow));
  };
  EXPECT_EQ(told(nullptr).code, ErrorCode::invalid_grant);
  EXPECT_EQ(told(nullptr).description, told(&foreign).description);
}

TEST(DeviceCodeTest, TheGrantHasWhatTheUserAllowedAndTheClientMayStillHave) {
  DeviceCode code = fresh_code();
  code.scope = *Scope::parse("todo.read todo.write");
  allowed(code);
  Client client = public_client();
  for (const char* left : {"todo.read todo.write", "todo.read"}) {
    client.scope = *Scope::parse(left);
    const auto decision = decide_device_code(&code, client, poll_form(), one_resource(), kNow);
    ASSERT_TRUE(std::holds_alternative<RedeemDeviceCode>(decision)) << left;
    EXPECT_EQ(std::get<RedeemDeviceCode>(decision).scope.to_string(), left);
    EXPECT_EQ(std::get<RedeemDeviceCode>(decision).allowed.user_id, kAllowed.user_id);
    EXPECT_EQ(requested_scope(code, client).to_string(), left);
  }
  client.scope = Scope({"admin"});
  EXPECT_EQ(std::get<OAuthError>(decide_device_code(&code, client, poll_form(), one_resource(), kNow)).code,
            ErrorCode::invalid_scope)
      << "a token without a scope would open what needs none";
}

/// RFC 8707 §2.2: the access token is for what the poll names, the grant for all that the user allowed.
TEST(DeviceCodeTest, ANarrowedTokenLeavesTheGrantWhole) {
  const Resource notes("https://notes.example");
  const ProtectedResources resources({.identifier = kApi}, {{.identifier = notes, .scopes = Scope({"todo.read"})}});
  DeviceCode code = fresh_code();
  code.scope = *Scope::parse("todo.read todo.write");
  code.resources = {kApi, notes};
  allowed(code);
  const auto decision =
      decide_device_code(&code, public_client(), changed(poll_form(), {{"resource", notes.value()}}), resources, kNow);
  ASSERT_TRUE(std::holds_alternative<RedeemDeviceCode>(decision));
  EXPECT_EQ(std::get<RedeemDeviceCode>(decision).scope, code.scope);
  EXPECT_EQ(std::get<RedeemDeviceCode>(decision).target.resources, std::vector{notes});
  EXPECT_EQ(std::get<RedeemDeviceCode>(decision).target.scope.to_string(), "todo.read");
}

/// RFC 8628 §3.5.
TEST(DeviceCodeTest, Rfc8628Section35PollsKeepTheInterval) {
  DeviceCode code = fresh_code();
  EXPECT_EQ(judge_poll(code, kNow), DevicePoll::in_time) << "the first may come at once";
  code.polled_at = kNow;
  EXPECT_EQ(judge_poll(code, kNow), DevicePoll::too_early);
  EXPECT_EQ(judge_poll(code, kNow + seconds(5) - milliseconds(1)), DevicePoll::too_early);
  EXPECT_EQ(judge_poll(code, kNow + seconds(5)), DevicePoll::in_time);
  code.interval = kPollInterval + kSlowDown;
  EXPECT_EQ(judge_poll(code, kNow + seconds(5)), DevicePoll::too_early);
  EXPECT_EQ(judge_poll(code, kNow + seconds(10)), DevicePoll::in_time);
  EXPECT_EQ(describe_poll(DevicePoll::in_time).code, ErrorCode::authorization_pending);
  EXPECT_EQ(describe_poll(DevicePoll::too_early).code, ErrorCode::slow_down);
}

/// RFC 8628 §3.3.
TEST(DeviceCodeTest, Rfc8628Section33WhoMayBeAsked) {
  const Client client = public_client();
  DeviceCode code = fresh_code();
  EXPECT_TRUE(awaits_answer(&code, &client, kNow));
  EXPECT_FALSE(awaits_answer(nullptr, nullptr, kNow)) << "an unknown code";
  EXPECT_FALSE(awaits_answer(&code, nullptr, kNow)) << "its client is gone";
  EXPECT_FALSE(awaits_answer(&code, &client, code.expires_at)) << "expired";
  Client narrowed = client;
  std::erase(narrowed.grant_types, GrantType::device_code);
  EXPECT_FALSE(awaits_answer(&code, &narrowed, kNow)) << "its client may not use the grant any more";
  denied(code);
  EXPECT_FALSE(awaits_answer(&code, &client, kNow)) << "denied";
  allowed(code);
  EXPECT_FALSE(awaits_answer(&code, &client, kNow)) << "allowed";
}

}  // namespace
}  // namespace chatelaine::oauth
