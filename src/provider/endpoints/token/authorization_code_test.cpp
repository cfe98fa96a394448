#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

TestRequest redeem(const std::string& code, const std::string& redirect_uri = std::string(World::kPluginRedirect)) {
  return post_form("/oauth/token", {{"grant_type", "authorization_code"},
                                    {"client_id", "todo-plugin"},
                                    {"client_secret", "secret-of-todo-plugin"},
                                    {"code", code},
                                    {"redirect_uri", redirect_uri}});
}

bool is_active(World& world, const std::string& access_token) {
  return block_on(world.verifier().verify(access_token)).has_value();
}

TEST(AuthorizationCodeGrant, GivesTokensOfTheUser) {
  World world;
  const auto answer = obtain_tokens(world);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.member("token_type"), "bearer");
  EXPECT_EQ(answer.member("expires_in"), "59");
  EXPECT_EQ(answer.member("scope"), "lists:read lists:write");
  EXPECT_TRUE(answer.member("refresh_token").starts_with("ctl_rt_"));
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.header("Pragma"), "no-cache");

  const auto verified = block_on(world.verifier().verify(answer.member("access_token")));
  ASSERT_TRUE(verified);
  EXPECT_EQ((*verified)->subject.value(), "user-1815");
  EXPECT_EQ((*verified)->client_id.value(), "todo-plugin");
  EXPECT_EQ((*verified)->audience.value(), "https://todo.example.com");
}

TEST(AuthorizationCodeGrant, ReplayRevokesWhatTheFirstUseGave) {
  World world;
  const auto code = obtain_code(world, world.sign_in());
  const auto first = world.send(redeem(code));
  ASSERT_TRUE(is_active(world, first.member("access_token")));

  const auto second = world.send(redeem(code));
  EXPECT_EQ(second.status, 400);
  EXPECT_EQ(second.member("error"), "invalid_grant");
  EXPECT_FALSE(is_active(world, first.member("access_token")));
  EXPECT_NE(world.log().find("Authorization code used twice"), std::string::npos);
}

TEST(AuthorizationCodeGrant, OnlyTheGrantOfTheReplayedCodeEnds) {
  World world;
  const auto cookie = world.sign_in();
  const auto other = world.send(redeem(obtain_code(world, cookie)));
  const auto code = obtain_code(world, cookie);
  const auto first = world.send(redeem(code));
  const auto replay = world.send(redeem(code));
  EXPECT_EQ(replay.status, 400);
  EXPECT_FALSE(is_active(world, first.member("access_token")));
  EXPECT_TRUE(is_active(world, other.member("access_token")));
}

/// What happens to a code before it is exchanged.
struct Refused {
  const char* sentence;
  std::function<void(World&)> before;
  const char* redirect_uri;
};

TEST(AuthorizationCodeGrant, RefusedCodes) {
  const std::string redirect(World::kPluginRedirect);
  const std::vector<Refused> rows{
      {"RFC 6749 §4.1.2: an expired code is invalid_grant", [](World& world) { world.move_clock(seconds{61}); },
       redirect.c_str()},
      {"RFC 6749 §4.1.3: another redirect_uri is invalid_grant", [](World&) {}, "https://evil.example/"},
      {"RFC 6749 §4.1.3: a missing redirect_uri is invalid_grant", [](World&) {}, ""},
      {"a code of a user who was disabled is invalid_grant",
       [](World& world) { block_on(world.storage().users().set_enabled(world.ada(), false, world.now())); },
       redirect.c_str()},
      {"a code of a user who was removed is invalid_grant",
       [](World& world) { block_on(world.storage().users().remove_user(world.ada())); }, redirect.c_str()},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    World world;
    const auto code = obtain_code(world, world.sign_in());
    row.before(world);
    const auto answer = world.send(redeem(code, row.redirect_uri));
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.member("error"), "invalid_grant");
  }
}

TEST(AuthorizationCodeGrant, AnotherClientCannotSpendOrRevoke) {
  World world;
  const auto code = obtain_code(world, world.sign_in());
  const auto tokens = world.send(redeem(code));
  auto foreign = post_form("/oauth/token", {{"grant_type", "authorization_code"}, {"code", code}});
  const auto answer = world.send(foreign.with("Authorization", basic("strict-web")));
  EXPECT_EQ(answer.member("error"), "invalid_grant");
  EXPECT_TRUE(is_active(world, tokens.member("access_token")));
}

TEST(AuthorizationCodeGrant, OpaqueTokensWorkAtOnce) {
  World world;
  world.change_settings([](auto& settings) { settings.access_token_format = oauth::AccessTokenFormat::opaque; });
  const auto answer = obtain_tokens(world);
  EXPECT_TRUE(answer.member("access_token").starts_with("ctl_at_"));
  EXPECT_TRUE(is_active(world, answer.member("access_token")));
}

}  // namespace
}  // namespace chatelaine::provider
