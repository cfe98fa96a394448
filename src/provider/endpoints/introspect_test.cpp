#include <gtest/gtest.h>

#include <functional>

#include "base/block_on.hpp"
#include "provider/testing/registering.hpp"
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

constexpr const char* kInactive = R"({"active":false})";

void expect_inactive(const std::vector<Inactive>& rows) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    World world;
    const auto tokens = obtain_tokens(world);
    const auto token = row.token(world, tokens);
    ASSERT_FALSE(token.empty());
    const auto answer = introspect(world, token, row.by);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, kInactive);
  }
}

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
  expect_inactive(rows);
}

/// Every signing key of before retires, and another signs.
void replace_signing_keys(World& world) {
  auto& keys = world.storage().keys();
  const auto leaked = block_on(keys.list_keys(storage::KeyPurpose::sign_tokens));
  world.add_signing_key(crypto::SignatureAlgorithm::ES256);
  for (const auto& key : leaked) EXPECT_TRUE(block_on(keys.retire_key(key.id, world.now())));
}
void disable_ada(World& world) { block_on(world.storage().users().set_enabled(world.ada(), false, world.now())); }
void withdraw_adas_consent(World& world) {
  block_on(world.storage().consents().withdraw_consent(world.ada(), oauth::ClientId("todo-plugin"), world.now()));
}

/// THREATS §1, RFC 7662 §2.2: active is what every other door would take now.
TEST(Introspect, ATokenEndsWithWhatItStandsOn) {
  struct End {
    const char* sentence;
    std::function<void(World&)> end;
    std::vector<const char*> kinds;
  };
  const std::vector<const char*> both{"access_token", "refresh_token"};
  const End ends[] = {
      {"disabled", disable_ada, both},
      {"disabled and enabled again",
       [](World& world) {
         disable_ada(world);
         block_on(world.storage().users().set_enabled(world.ada(), true, world.now()));
       },
       both},
      {"removed", [](World& world) { block_on(world.storage().users().remove_user(world.ada(), world.now())); }, both},
      {"another password",
       [](World& world) {
         block_on(world.storage().users().set_password(world.ada(), crypto::PasswordHash("new"), world.now()));
       },
       both},
      {"the consent was withdrawn", withdraw_adas_consent, both},
      {"THREATS N51: the key that signed has retired", replace_signing_keys, {"access_token"}},
  };
  for (const auto& [sentence, end, kinds] : ends) {
    for (const char* kind : kinds) {
      SCOPED_TRACE(std::string(sentence) + ": " + kind);
      World world;
      const auto token = obtain_tokens(world).member(kind);
      ASSERT_EQ(introspect(world, token, "todo-plugin").member("active"), "true");
      end(world);
      EXPECT_EQ(introspect(world, token, "todo-plugin").body, kInactive);
    }
  }
}

/// RFC 7662 §2.1: whatever else we hand out is neither an access token nor a refresh token.
TEST(Introspect, WhatIsNoSuchTokenIsInactive) {
  const std::vector<Inactive> rows{
      {"a code", [](World& world, const TestResponse&) { return obtain_code(world, world.sign_in()); }, "todo-plugin"},
      {"an ID token",
       [](World& world, const TestResponse&) {
         const auto cookie = world.sign_in();
         const auto page = world.send(portal_request("").with("Cookie", cookie));
         return redeem_for_portal(world, decide(world, cookie, page, "allow")).member("id_token");
       },
       "portal"},
      {"a device code",
       [](World& world, const TestResponse&) { return ask_for_device_code(world).member("device_code"); },
       "todo-plugin"},
      {"a request_uri",
       [](World& world, const TestResponse&) {
         auto push = post_form("/oauth/par", {{"client_id", "todo-plugin"}, {"response_type", "code"}});
         return world.send(push.with("Authorization", basic("todo-plugin"))).member("request_uri");
       },
       "todo-plugin"},
      {"a registration access token",
       [](World& world, const TestResponse&) {
         return world.send(post_json("/oauth/register", kWebClient)).member("registration_access_token");
       },
       "todo-plugin"},
      {"an initial access token", [](World& world, const TestResponse&) { return add_initial_access_token(world, 1); },
       "todo-plugin"},
  };
  expect_inactive(rows);
}

/// RFC 7662 §2.2: there is no other form here in which more could be told.
TEST(Introspect, TheAnswerIsJsonWhateverIsAccepted) {
  World world;
  const auto token = obtain_tokens(world).member("access_token");
  for (const std::string& about : {token, std::string("x")}) {
    const auto plain = introspect(world, about, "todo-plugin");
    for (const char* accept : {"application/token-introspection+jwt", "application/jwt"}) {
      auto request = post_form("/oauth/introspect", {{"token", about}});
      request.with("Authorization", basic("todo-plugin")).with("Accept", accept);
      const auto answer = world.send(request);
      EXPECT_EQ(answer.header("Content-Type"), "application/json") << accept;
      EXPECT_EQ(answer.body, plain.body) << accept;
    }
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
      {"RFC 7662 §2.1, §2.3: a public client may not ask",
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

// DEVIATION RFC 7662 §2.1: as at the token endpoint.
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
