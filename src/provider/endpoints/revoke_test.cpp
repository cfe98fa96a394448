#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

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

/// RFC 7009 §2: access tokens too can be given back.
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

constexpr const char* kForm = "application/x-www-form-urlencoded";

std::vector<WrongRequest> wrong_requests() {
  const std::string expected = ": send application/x-www-form-urlencoded or application/json.";
  const auto invalid_request = [](std::string description) {
    return Told{400, "invalid_request", std::move(description)};
  };
  return {
      {"no client",
       post_form("/oauth/revoke", {{"token", "x"}}),
       {401, "invalid_client", "The request names no client: client_id is missing."}},
      {"a wrong secret",
       post_form("/oauth/revoke", {{"token", "x"}, {"client_id", "worker"}, {"client_secret", "wrong"}}),
       {401, "invalid_client", "The client is unknown, or its secret is wrong."}},
      {"a missing token", post_form("/oauth/revoke", {}).with("Authorization", basic("worker")),
       invalid_request("token, the token to revoke, is missing.")},
      {"an empty token", post_form("/oauth/revoke", {{"token", ""}}).with("Authorization", basic("worker")),
       invalid_request("token, the token to revoke, is missing.")},
      {"a repeated token", post_raw("/oauth/revoke", kForm, "token=a&token=b"),
       invalid_request("The parameter 'token' appears more than once.")},
      {"a wrong content type", post_raw("/oauth/revoke", "text/plain", "token=x"),
       invalid_request("The Content-Type 'text/plain' is not supported" + expected)},
      {"no content type", TestRequest{"POST", "/oauth/revoke", {}, "token=x"},
       invalid_request("Content-Type is missing" + expected)},
      {"a repeated content type", post_raw("/oauth/revoke", kForm, "token=x").with("Content-Type", kForm),
       invalid_request("The header Content-Type came more than once.")},
      {"a repeated Authorization",
       post_form("/oauth/revoke", {}).with("Authorization", basic("worker")).with("Authorization", "Bearer x"),
       invalid_request("The header Authorization came more than once.")},
      {"a JSON token that is no string", post_json("/oauth/revoke", R"({"token":["x"]})"),
       invalid_request("The JSON member 'token' must be a string, not an array.")},
      {"a body over 64 KiB",
       post_raw("/oauth/revoke", kForm, "token=" + std::string(65 * 1024, 'x')),
       {413, "invalid_request", "The body is larger than 64 KiB; an OAuth request needs a few hundred bytes."}},
  };
}

TEST(Revoke, WrongRequests) {
  World world;
  for (const auto& row : wrong_requests()) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(tell(answer), row.told);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(answer.header("WWW-Authenticate").has_value(), row.told.status == 401);
  }
}

// DEVIATION RFC 7009 §2.1: as at the token endpoint.
TEST(Revoke, AJsonBodyIsTaken) {
  World world;
  const auto tokens = obtain_tokens(world);
  auto request = post_json("/oauth/revoke", R"({"token":")" + tokens.member("refresh_token") + R"("})");
  EXPECT_EQ(world.send(request.with("Authorization", basic("todo-plugin"))).status, 200);
  EXPECT_FALSE(is_active(world, tokens));
}

}  // namespace
}  // namespace chatelaine::provider
