#include <gtest/gtest.h>

#include <functional>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// An access token of portal for that scope.
std::string obtain_token(World& world, std::string_view scope) {
  const auto cookie = world.sign_in();
  const auto page = world.send(portal_request("", scope).with("Cookie", cookie));
  return redeem_for_portal(world, decide(world, cookie, page, "allow")).member("access_token");
}

TestRequest bearing(TestRequest request, const std::string& token) {
  return std::move(request).with("Authorization", "Bearer " + token);
}

struct Row {
  const char* sentence;
  const char* scope;
  const char* expected;
};

/// OpenID Connect Core §5.3.1, §5.3.2, §5.4.
TEST(UserInfo, TellsWhatTheScopeAllows) {
  const Row rows[] = {
      {"§5.3.2: sub alone", "openid", R"({"sub":"user-1815"})"},
      {"§5.4: profile", "openid profile", R"({"sub":"user-1815","name":"Ada Lovelace"})"},
      {"§5.4: email", "openid email lists:read", R"({"sub":"user-1815","email":"ada@example.com"})"},
  };
  for (const auto& row : rows) {
    World world;
    const auto token = obtain_token(world, row.scope);
    for (const auto& request :
         {bearing(get("/oauth/userinfo"), token),
          bearing({.method = "POST", .target = "/oauth/userinfo", .headers = {}, .body = {}}, token),
          post_form("/oauth/userinfo", {{"access_token", token}}),
          // DEVIATION RFC 6750 §2.2: JSON too.
          post_json("/oauth/userinfo", R"({"access_token":")" + token + R"("})")}) {
      const auto answer = world.send(request);
      EXPECT_EQ(answer.status, 200) << row.sentence << request.method;
      EXPECT_EQ(answer.body, row.expected) << row.sentence << request.method;
      EXPECT_EQ(answer.header("Content-Type"), "application/json");
      EXPECT_EQ(answer.header("Cache-Control"), "no-store");
      EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*") << "§5.3: clients in a browser";
    }
  }
}

TEST(UserInfo, TakesOpaqueTokensToo) {
  World world;
  world.change_settings([](auto& settings) { settings.access_token_format = oauth::AccessTokenFormat::opaque; });
  const auto token = obtain_token(world, "openid");
  EXPECT_TRUE(token.starts_with("ctl_at_"));
  EXPECT_EQ(world.send(bearing(get("/oauth/userinfo"), token)).status, 200);
}

const std::string kUseless = "The access token is expired, revoked, or not one of ours.";

/// RFC 6750 §3, §3.1; OpenID Connect Core §5.3.3.
TEST(UserInfo, WrongRequestsAreRefusedByTheBook) {
  World world;
  const auto token = obtain_token(world, "openid");
  const auto api_token = obtain_token(world, "lists:read");
  auto twice = bearing(bearing(get("/oauth/userinfo"), token), token);
  const WrongRequest rows[] = {
      {"RFC 6750 §3.1: no token",
       get("/oauth/userinfo"),
       {401, "invalid_token", "This endpoint needs an access token in the header Authorization: Bearer TOKEN."}},
      {"RFC 6750 §2.3, RFC 9700 §4.3.2: a token in the query is none",
       get("/oauth/userinfo?access_token=" + token),
       {401, "invalid_token", "This endpoint needs an access token in the header Authorization: Bearer TOKEN."}},
      {"a token that is none", bearing(get("/oauth/userinfo"), "nonsense"), {401, "invalid_token", kUseless}},
      {"another scheme",
       get("/oauth/userinfo").with("Authorization", basic("portal")),
       {401, "invalid_token", "This endpoint needs an access token in the header Authorization: Bearer TOKEN."}},
      {"two headers", twice, {400, "invalid_request", "The header Authorization came more than once."}},
      {"RFC 6750 §2: header and body",
       bearing(post_form("/oauth/userinfo", {{"access_token", token}}), token),
       {400, "invalid_request", "The access token came in the header and in the body."}},
      {"OpenID Connect Core §5.3: a token without openid",
       bearing(get("/oauth/userinfo"), api_token),
       {403, "insufficient_scope", "The access token lacks the scope openid."}},
      {"a body of another kind",
       post_raw("/oauth/userinfo", "text/plain", "access_token=" + token),
       {400, "invalid_request",
        "The Content-Type 'text/plain' is not supported: send application/x-www-form-urlencoded or "
        "application/json."}},
      {"RFC 6750 §2.2: with GET a form's token is none",
       {.method = "GET",
        .target = "/oauth/userinfo",
        .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
        .body = "access_token=" + token},
       {401, "invalid_token", "This endpoint needs an access token in the header Authorization: Bearer TOKEN."}},
  };
  for (const auto& row : rows) {
    const auto answer = world.send(row.request);
    EXPECT_EQ(tell(answer), row.told) << row.sentence;
    EXPECT_TRUE(answer.header("WWW-Authenticate").value_or("").starts_with("Bearer realm=")) << row.sentence;
  }
  EXPECT_EQ(world.send(get("/oauth/userinfo")).header("WWW-Authenticate").value_or("").find("error="),
            std::string::npos)
      << "RFC 6750 §3.1: whoever sent no token is told no error";
  EXPECT_NE(world.send(rows[6].request).header("WWW-Authenticate").value_or("").find("scope=\"openid\""),
            std::string::npos);
}

/// THREATS §1: any token is useless once its person, its client or its grant is gone.
TEST(UserInfo, EndsWithWhatTheTokenStandsOn) {
  const oauth::ClientId portal("portal");
  const auto set_enabled = [](World& world, bool enabled) {
    block_on(world.storage().users().set_enabled(world.ada(), enabled, world.now()));
  };
  const std::pair<const char*, std::function<void(World&, const oauth::AccessToken&)>> rows[] = {
      {"disabled", [&](World& world, const auto&) { set_enabled(world, false); }},
      {"disabled and enabled again",
       [&](World& world, const auto&) {
         set_enabled(world, false);
         set_enabled(world, true);
       }},
      {"removed",
       [](World& world, const auto&) { block_on(world.storage().users().remove_user(world.ada(), world.now())); }},
      {"another password",
       [](World& world, const auto&) {
         block_on(world.storage().users().set_password(world.ada(), crypto::PasswordHash("new"), world.now()));
       }},
      {"the consent was withdrawn",
       [&](World& world, const auto&) {
         block_on(world.storage().consents().withdraw_consent(world.ada(), portal, world.now()));
       }},
      {"the grant was revoked",
       [](World& world, const oauth::AccessToken& token) {
         const auto reason = oauth::RevocationReason::by_client;
         EXPECT_TRUE(block_on(world.storage().grants().revoke_grant(token.grant_id.value(), reason, world.now())));
       }},
      {"the client is gone",
       [&](World& world, const auto&) { block_on(world.storage().clients().remove_client(portal, world.now())); }},
      {"expired", [](World& world, const auto&) { world.move_clock(seconds(59)); }},
  };
  for (const auto& [sentence, end] : rows) {
    World world;
    const auto token = obtain_token(world, "openid");
    ASSERT_EQ(world.send(bearing(get("/oauth/userinfo"), token)).status, 200);
    const auto verified = block_on(world.verifier().verify(token));
    ASSERT_TRUE(verified);
    end(world, **verified);
    EXPECT_EQ(tell(world.send(bearing(get("/oauth/userinfo"), token))), (Told{401, "invalid_token", kUseless}))
        << sentence;
  }
}

}  // namespace
}  // namespace chatelaine::provider
