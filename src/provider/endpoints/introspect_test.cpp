#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

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
      {"RFC 7662 §4: another assistant's access token",
       [&](World&, const TestResponse& tokens) { return access(tokens); }, "strict-web"},
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

constexpr const char* kForm = "application/x-www-form-urlencoded";

std::vector<WrongRequest> wrong_requests() {
  const std::string expected = ": send application/x-www-form-urlencoded or application/json.";
  const auto invalid_request = [](std::string description) {
    return Told{400, "invalid_request", std::move(description)};
  };
  return {
      {"no client",
       post_form("/oauth/introspect", {{"token", "x"}}),
       {401, "invalid_client", "The request names no client: client_id is missing."}},
      {"a wrong secret",
       post_form("/oauth/introspect", {{"token", "x"}, {"client_id", "worker"}, {"client_secret", "wrong"}}),
       {401, "invalid_client", "The client is unknown, or its secret is wrong."}},
      {"RFC 7662 §2.1: a public client may not ask",
       post_form("/oauth/introspect", {{"token", "x"}, {"client_id", "desktop-app"}}),
       {401, "invalid_client", "Introspection needs a client with a secret; this one has none."}},
      {"a missing token", post_form("/oauth/introspect", {}).with("Authorization", basic("worker")),
       invalid_request("token, the token to look at, is missing.")},
      {"an empty token", post_form("/oauth/introspect", {{"token", ""}}).with("Authorization", basic("worker")),
       invalid_request("token, the token to look at, is missing.")},
      {"a repeated token", post_raw("/oauth/introspect", kForm, "token=a&token=b"),
       invalid_request("The parameter 'token' appears more than once.")},
      {"a wrong content type", post_raw("/oauth/introspect", "text/plain", "token=x"),
       invalid_request("The Content-Type 'text/plain' is not supported" + expected)},
      {"no content type", TestRequest{"POST", "/oauth/introspect", {}, "token=x"},
       invalid_request("Content-Type is missing" + expected)},
      {"a repeated content type", post_raw("/oauth/introspect", kForm, "token=x").with("Content-Type", kForm),
       invalid_request("The header Content-Type came more than once.")},
      {"a repeated Authorization",
       post_form("/oauth/introspect", {}).with("Authorization", basic("worker")).with("Authorization", "Bearer x"),
       invalid_request("The header Authorization came more than once.")},
      {"a JSON token that is no string", post_json("/oauth/introspect", R"({"token":["x"]})"),
       invalid_request("The JSON member 'token' must be a string, not an array.")},
      {"a body over 64 KiB",
       post_raw("/oauth/introspect", kForm, "token=" + std::string(65 * 1024, 'x')),
       {413, "invalid_request", "The body is larger than 64 KiB; an OAuth request needs a few hundred bytes."}},
  };
}

TEST(Introspect, WrongRequests) {
  World world;
  for (const auto& row : wrong_requests()) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(tell(answer), row.told);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_FALSE(answer.header("Access-Control-Allow-Origin"));
    EXPECT_EQ(answer.header("WWW-Authenticate").has_value(), row.told.status == 401);
  }
}

TEST(Introspect, AJsonBodyIsTaken) {
  World world;
  const auto token = obtain_tokens(world).member("access_token");
  auto request = post_json("/oauth/introspect", R"({"token":")" + token + R"("})");
  EXPECT_EQ(world.send(request.with("Authorization", basic("todo-plugin"))).member("active"), "true");
}

/// RFC 7662 §4: the API's own client, which acts for nobody, may ask about every token.
TEST(Introspect, TheApisOwnClientLearnsOfEveryAccessToken) {
  World world;
  const auto token = obtain_tokens(world).member("access_token");
  EXPECT_EQ(introspect(world, token, "worker").member("sub"), "user-1815");
}

}  // namespace
}  // namespace chatelaine::provider
