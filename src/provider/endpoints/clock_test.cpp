// THREATS N52: whatever the clock does, what serves once has served. What is spent is a fact in storage, never a
// comparison of times.
#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/registering.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

constexpr std::chrono::hours kBack{-1};

TestResponse post_as_plugin(World& world, const std::string& path, std::vector<Form::Field> fields) {
  fields.push_back({"client_id", "todo-plugin"});
  fields.push_back({"client_secret", "secret-of-todo-plugin"});
  return world.send(post_form(path, fields));
}

TestResponse exchange(World& world, const std::string& code) {
  return post_as_plugin(
      world, "/oauth/token",
      {{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", std::string(World::kPluginRedirect)}});
}

TestResponse refresh(World& world, const std::string& token) {
  return post_as_plugin(world, "/oauth/token", {{"grant_type", "refresh_token"}, {"refresh_token", token}});
}

bool is_active(World& world, const std::string& token) {
  return post_as_plugin(world, "/oauth/introspect", {{"token", token}}).member("active") == "true";
}

TEST(ClockSetBack, ACodeHasServed) {
  World world;
  const auto code = obtain_code(world, world.sign_in());
  const auto tokens = exchange(world, code);
  ASSERT_EQ(tokens.status, 200);
  world.move_clock(kBack);
  EXPECT_TRUE(is_active(world, tokens.member("access_token"))) << "and what it gave goes on";
  EXPECT_EQ(exchange(world, code).member("error"), "invalid_grant");
  EXPECT_FALSE(is_active(world, tokens.member("access_token"))) << "a replay ends the grant all the same";
}

TEST(ClockSetBack, APushedRequestHasServed) {
  World world;
  const auto cookie = world.sign_in();
  const auto pushed = post_as_plugin(world, "/oauth/par", {{"response_type", "code"}});
  const auto target =
      "/oauth/authorize?client_id=todo-plugin&request_uri=" + percent_encode(pushed.member("request_uri"));
  const auto page = world.send(get(target).with("Cookie", cookie));
  ASSERT_EQ(page.status, 200);
  ASSERT_EQ(decide(world, cookie, page, "deny").status, 303);
  world.move_clock(kBack);
  EXPECT_EQ(world.send(get(target).with("Cookie", cookie)).status, 400);
  EXPECT_EQ(decide(world, cookie, page, "allow").status, 400);
}

/// RFC 7523 §3: set back by an hour it would expire too far ahead, by less it is remembered.
TEST(ClockSetBack, AClientAssertionHasServed) {
  World world;
  const auto fields = with_assertion(world, "signer", {{"grant_type", "client_credentials"}});
  ASSERT_EQ(world.send(post_form("/oauth/token", fields)).status, 200);
  for (const milliseconds back : {milliseconds(seconds{-60}), milliseconds(kBack)}) {
    world.move_clock(back);
    EXPECT_EQ(world.send(post_form("/oauth/token", fields)).member("error"), "invalid_client");
  }
}

TEST(ClockSetBack, ARefreshTokenIsKnownByItsGeneration) {
  World world;
  const auto first = obtain_tokens(world).member("refresh_token");
  const auto second = refresh(world, first).member("refresh_token");
  const auto third = refresh(world, second).member("refresh_token");
  world.move_clock(kBack);
  EXPECT_EQ(refresh(world, second).member("refresh_token"), third) << "the same successor, and no other";
  EXPECT_TRUE(is_active(world, third));
  EXPECT_EQ(refresh(world, first).member("error"), "invalid_grant") << "theft";
  EXPECT_FALSE(is_active(world, third));
}

TEST(ClockSetBack, WhatWasRevokedStaysSo) {
  World world;
  const auto tokens = obtain_tokens(world);
  ASSERT_EQ(post_as_plugin(world, "/oauth/revoke", {{"token", tokens.member("access_token")}}).status, 200);
  ASSERT_EQ(post_as_plugin(world, "/oauth/revoke", {{"token", tokens.member("refresh_token")}}).status, 200);
  world.move_clock(kBack);
  EXPECT_FALSE(is_active(world, tokens.member("access_token")));
  EXPECT_EQ(refresh(world, tokens.member("refresh_token")).member("error"), "invalid_grant");
}

TEST(ClockSetBack, ADeviceCodeHasServed) {
  World world;
  const auto code = obtain_allowed_device_code(world);
  ASSERT_EQ(poll(world, code).status, 200);
  world.move_clock(kBack);
  EXPECT_EQ(poll(world, code).member("error"), "invalid_grant");
}

/// RFC 8628 §3.5: its last poll lies ahead, which costs one more wait and not an hour of them.
TEST(ClockSetBack, ADevicePollsOnAfterOneSlowDown) {
  World world;
  const auto code = ask_for_device_code(world).member("device_code");
  ASSERT_EQ(poll(world, code).member("error"), "authorization_pending");
  world.move_clock(kBack);
  EXPECT_EQ(poll(world, code).member("error"), "slow_down");
  world.move_clock(seconds{10});
  EXPECT_EQ(poll(world, code).member("error"), "authorization_pending");
}

TEST(ClockSetBack, AnInitialAccessTokenHasServed) {
  World world;
  auto request = post_json("/oauth/register", kWebClient);
  request.with("Authorization", "Bearer " + add_initial_access_token(world, 1));
  ASSERT_EQ(world.send(request).status, 201);
  world.move_clock(kBack);
  EXPECT_EQ(world.send(request).member("error"), "invalid_token");
}

/// A clock that runs ahead, here or on a server that shares the storage, cleans up for all.
TEST(ClockAhead, WhatWasSpentStaysSoThoughItWasCleanedUpMeanwhile) {
  for (const milliseconds ahead : {milliseconds(std::chrono::minutes(5)), milliseconds(std::chrono::hours(1))}) {
    SCOPED_TRACE(ahead.count());
    World world;
    const auto assertion = with_assertion(world, "signer", {{"grant_type", "client_credentials"}});
    ASSERT_EQ(world.send(post_form("/oauth/token", assertion)).status, 200);
    const auto token = obtain_tokens(world).member("access_token");
    ASSERT_EQ(post_as_plugin(world, "/oauth/revoke", {{"token", token}}).status, 200);
    world.move_clock(ahead);
    block_on(world.storage().remove_expired(world.now()));
    world.move_clock(-ahead);
    EXPECT_EQ(world.send(post_form("/oauth/token", assertion)).member("error"), "invalid_client");
    EXPECT_FALSE(is_active(world, token));
  }
}

}  // namespace
}  // namespace chatelaine::provider
