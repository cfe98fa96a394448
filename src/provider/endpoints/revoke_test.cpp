#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

TestResponse revoke(World& world, const std::string& token, std::string_view by, const std::string& hint = "") {
  auto request = post_form("/oauth/revoke", {{"token", token}, {"token_type_hint", hint}});
  return world.send(request.with("Authorization", basic(by)));
}
bool is_active(World& world, const TestResponse& tokens) {
  return block_on(world.verifier().verify(tokens.member("access_token"))).has_value();
}
int refresh_status(World& world, const TestResponse& tokens) {
  auto request =
      post_form("/oauth/token", {{"grant_type", "refresh_token"}, {"refresh_token", tokens.member("refresh_token")}});
  return world.send(request.with("Authorization", basic("todo-plugin"))).status;
}

/// RFC 7009 §2.1: the grant ends, and with it every access token of it.
TEST(Revoke, ARefreshTokenEndsItsGrant) {
  World world;
  const auto tokens = obtain_tokens(world);
  EXPECT_TRUE(is_active(world, tokens));
  EXPECT_EQ(revoke(world, tokens.member("refresh_token"), "todo-plugin").status, 200);
  EXPECT_FALSE(is_active(world, tokens));
  EXPECT_EQ(refresh_status(world, tokens), 400);
}

TEST(Revoke, AnAccessTokenOfEitherFormatEndsAlone) {
  for (const auto format : {oauth::AccessTokenFormat::jwt, oauth::AccessTokenFormat::opaque}) {
    World world;
    world.change_settings([&](auto& settings) { settings.access_token_format = format; });
    const auto tokens = obtain_tokens(world);
    EXPECT_TRUE(is_active(world, tokens));
    EXPECT_EQ(revoke(world, tokens.member("access_token"), "todo-plugin").status, 200);
    EXPECT_FALSE(is_active(world, tokens));
    EXPECT_EQ(refresh_status(world, tokens), 200);
  }
}

/// RFC 7009 §2.2: 200 tells nothing; a hint may be wrong or unknown.
TEST(Revoke, WhatDoesNotConcernTheClientIs200AndChangesNothing) {
  World world;
  const auto tokens = obtain_tokens(world);
  EXPECT_EQ(revoke(world, tokens.member("refresh_token"), "worker").status, 200);
  EXPECT_EQ(revoke(world, tokens.member("access_token"), "worker").status, 200);
  EXPECT_EQ(revoke(world, "garbage", "todo-plugin").status, 200);
  EXPECT_TRUE(is_active(world, tokens));
  EXPECT_EQ(revoke(world, tokens.member("refresh_token"), "todo-plugin", "no_such_hint").status, 200);
  EXPECT_FALSE(is_active(world, tokens));
  EXPECT_EQ(revoke(world, tokens.member("refresh_token"), "todo-plugin").status, 200);
}

struct Wrong {
  const char* sentence;
  TestRequest request;
  int status;
  const char* error;
};

TEST(Revoke, WrongRequests) {
  World world;
  const std::vector<Wrong> rows{
      {"no client", post_form("/oauth/revoke", {{"token", "x"}}), 401, "invalid_client"},
      {"a wrong secret",
       post_form("/oauth/revoke", {{"token", "x"}, {"client_id", "worker"}, {"client_secret", "wrong"}}), 401,
       "invalid_client"},
      {"a missing token", post_form("/oauth/revoke", {}).with("Authorization", basic("worker")), 400,
       "invalid_request"},
      {"a repeated token",
       TestRequest{"POST", "/oauth/revoke", {{"Content-Type", "application/x-www-form-urlencoded"}}, "token=a&token=b"},
       400, "invalid_request"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.member("error"), row.error);
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  }
}

}  // namespace
}  // namespace chatelaine::provider
