#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

TestResponse introspect(World& world, const std::string& token, std::string_view by) {
  auto request = post_form("/oauth/introspect", {{"token", token}});
  return world.send(request.with("Authorization", basic(by)));
}

TEST(Introspect, DescribesAnActiveAccessToken) {
  for (const auto format : {oauth::AccessTokenFormat::jwt, oauth::AccessTokenFormat::opaque}) {
    World world;
    world.change_settings([&](auto& settings) { settings.access_token_format = format; });
    const auto token = obtain_tokens(world).member("access_token");
    const auto answer = introspect(world, token, "todo-plugin");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.member("active"), "true");
    EXPECT_EQ(answer.member("sub"), "user-1815");
    EXPECT_EQ(answer.member("client_id"), "todo-plugin");
    EXPECT_EQ(answer.member("scope"), "lists:read lists:write");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_FALSE(answer.header("Access-Control-Allow-Origin"));
  }
}

/// What happens to a good token before it is looked at, and by whom.
struct Inactive {
  const char* sentence;
  std::function<std::string(World&, const TestResponse&)> token;
  const char* by;
};

/// RFC 7662 §2.2: inactive is `{"active":false}` and nothing else.
TEST(Introspect, InactiveTellsNothing) {
  const auto access = [](const TestResponse& tokens) { return tokens.member("access_token"); };
  const std::vector<Inactive> rows{
      {"an expired token",
       [&](World& world, const TestResponse& tokens) {
         world.move_clock(seconds{59});
         return access(tokens);
       },
       "todo-plugin"},
      {"a token whose user was disabled",
       [&](World& world, const TestResponse& tokens) {
         EXPECT_TRUE(world
                         .send(post_form("/oauth/introspect", {{"token", access(tokens)}})
                                   .with("Authorization", basic("todo-plugin")))
                         .body.find("true") != std::string::npos);
         block_on(world.storage().users().set_enabled(world.ada(), false, world.now()));
         return access(tokens);
       },
       "todo-plugin"},
      {"a token with a changed signature",
       [&](World&, const TestResponse& tokens) {
         auto token = access(tokens);
         token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
         return token;
       },
       "todo-plugin"},
      {"garbage", [](World&, const TestResponse&) { return std::string("garbage"); }, "todo-plugin"},
      {"another client's refresh token",
       [](World&, const TestResponse& tokens) { return tokens.member("refresh_token"); }, "strict-web"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    World world;
    const auto tokens = obtain_tokens(world);
    const auto answer = introspect(world, row.token(world, tokens), row.by);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"active":false})");
  }
}

TEST(Introspect, ARefreshTokenIsActiveWhileItIsTheCurrentOne) {
  World world;
  const auto token = obtain_tokens(world).member("refresh_token");
  EXPECT_EQ(introspect(world, token, "todo-plugin").member("active"), "true");
  auto refresh = post_form("/oauth/token", {{"grant_type", "refresh_token"}, {"refresh_token", token}});
  ASSERT_EQ(world.send(refresh.with("Authorization", basic("todo-plugin"))).status, 200);
  EXPECT_EQ(introspect(world, token, "todo-plugin").body, R"({"active":false})");
}

struct Wrong {
  const char* sentence;
  TestRequest request;
  int status;
  const char* error;
};

TEST(Introspect, WrongRequests) {
  World world;
  const std::vector<Wrong> rows{
      {"RFC 7662 §2.1: who asks must authenticate", post_form("/oauth/introspect", {{"token", "x"}}), 401,
       "invalid_client"},
      {"a public client may not ask", post_form("/oauth/introspect", {{"token", "x"}, {"client_id", "desktop-app"}}),
       401, "invalid_client"},
      {"a missing token", post_form("/oauth/introspect", {}).with("Authorization", basic("worker")), 400,
       "invalid_request"},
      {"a wrong content type", TestRequest{"POST", "/oauth/introspect", {{"Content-Type", "text/plain"}}, "token=x"},
       400, "invalid_request"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.member("error"), row.error);
  }
}

}  // namespace
}  // namespace chatelaine::provider
