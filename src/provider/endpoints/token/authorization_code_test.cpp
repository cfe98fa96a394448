#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

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
  EXPECT_EQ((*verified)->audience, std::vector{oauth::Resource("https://todo.example.com")});
}

/// RFC 6749 §1.5: whether there is a refresh token is the server's choice.
TEST(AuthorizationCodeGrant, GivesNoRefreshTokenThatNobodyWouldTake) {
  World world;
  world.change_settings([](auto& settings) { settings.flows.refresh_token = false; });
  const auto switched_off = obtain_tokens(world);
  EXPECT_TRUE(is_active(world, switched_off.member("access_token")));
  EXPECT_EQ(switched_off.member("refresh_token"), "");

  world.change_settings([](auto& settings) { settings.flows.refresh_token = true; });
  auto client = *block_on(world.storage().clients().find_client(oauth::ClientId("todo-plugin")));
  client.grant_types = {oauth::GrantType::authorization_code};
  ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
  const auto of_the_client = obtain_tokens(world);
  EXPECT_TRUE(is_active(world, of_the_client.member("access_token")));
  EXPECT_EQ(of_the_client.member("refresh_token"), "");
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

/// RFC 6749 §4.1.2: the code itself would have expired long ago.
TEST(AuthorizationCodeGrant, AReplayEndsItsGrantHoweverLateItComes) {
  World world;
  const auto code = obtain_code(world, world.sign_in());
  const auto first = world.send(redeem(code));
  world.move_clock(std::chrono::hours{1});
  block_on(world.storage().remove_expired(world.now()));
  const auto refreshed = world.send(post_form("/oauth/token", {{"grant_type", "refresh_token"},
                                                               {"client_id", "todo-plugin"},
                                                               {"client_secret", "secret-of-todo-plugin"},
                                                               {"refresh_token", first.member("refresh_token")}}));
  ASSERT_TRUE(is_active(world, refreshed.member("access_token")));
  EXPECT_EQ(tell(world.send(redeem(code))),
            (Told{400, "invalid_grant",
                  "The code was used before. What its first use gave is revoked; the user must sign in again."}));
  EXPECT_FALSE(is_active(world, refreshed.member("access_token")));
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
  const char* description;
};

/// OpenID Connect Core §3.1.3.2: another client's, used, too old, or for another redirect_uri.
TEST(AuthorizationCodeGrant, RefusedCodes) {
  const std::string redirect(World::kPluginRedirect);
  const std::vector<Refused> rows{
      {"RFC 6749 §4.1.2: an expired code is invalid_grant", [](World& world) { world.move_clock(seconds{60}); },
       redirect.c_str(), "The code is unknown, expired, or was issued to another client."},
      {"RFC 6749 §4.1.3: another redirect_uri is invalid_grant", [](World&) {}, "https://evil.example/",
       "The redirect_uri is another than the one that the code was issued for."},
      {"RFC 6749 §4.1.3: a missing redirect_uri is invalid_grant", [](World&) {}, "",
       "The redirect_uri is missing: repeat the one that the authorization request carried."},
      {"a code of a user who was disabled is invalid_grant",
       [](World& world) { block_on(world.storage().users().set_enabled(world.ada(), false, world.now())); },
       redirect.c_str(), "The code is unknown, expired, or was issued to another client."},
      {"a code of a user who was disabled and enabled again is invalid_grant",
       [](World& world) {
         for (const bool enabled : {false, true})
           block_on(world.storage().users().set_enabled(world.ada(), enabled, world.now()));
       },
       redirect.c_str(), "The code is unknown, expired, or was issued to another client."},
      {"a code of a user who withdrew the consent is invalid_grant",
       [](World& world) {
         const oauth::ClientId client("todo-plugin");
         block_on(world.storage().consents().withdraw_consent(world.ada(), client, world.now()));
       },
       redirect.c_str(), "The code is unknown, expired, or was issued to another client."},
      {"a code of a user who was removed is invalid_grant",
       [](World& world) { block_on(world.storage().users().remove_user(world.ada(), world.now())); }, redirect.c_str(),
       "The code is unknown, expired, or was issued to another client."},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    World world;
    const auto code = obtain_code(world, world.sign_in());
    row.before(world);
    const Told told{400, "invalid_grant", row.description};
    EXPECT_EQ(tell(world.send(redeem(code, row.redirect_uri))), told);
  }
}

/// draft-ietf-oauth-v2-1-13 §10.2: as Coze Studio sends it, by a client that an operator added for it.
TEST(AuthorizationCodeGrant, AClientThatMayLeavesOutTheOnlyRedirectUri) {
  const auto exchange = [](std::vector<oauth::RedirectUri> more, const std::string& redirect_uri) {
    World world;
    auto client = *block_on(world.storage().clients().find_client(oauth::ClientId("todo-plugin")));
    client.exchange_redirect_uri = oauth::ExchangeRedirectUri::may_be_left_out;
    for (oauth::RedirectUri& uri : more) client.redirect_uris.push_back(std::move(uri));
    EXPECT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
    return tell(world.send(redeem(obtain_code(world, world.sign_in()), redirect_uri)));
  };
  EXPECT_EQ(exchange({}, "").status, 200);
  EXPECT_EQ(exchange({}, std::string(World::kPluginRedirect)).status, 200);
  EXPECT_EQ(exchange({}, "https://evil.example/"),
            (Told{400, "invalid_grant", "The redirect_uri is another than the one that the code was issued for."}));
  EXPECT_EQ(exchange({oauth::RedirectUri("https://b.example/cb")}, ""),
            (Told{400, "invalid_grant",
                  "The redirect_uri is missing: repeat the one that the authorization request carried."}));
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

/// RFC 6749 §4.1.2, and a rival who is between our look at the code and our use of it.
TEST(AuthorizationCodeGrant, OneOfTwoThatUseACodeAtOnceWinsAndLosesIt) {
  World world;
  const auto code = obtain_code(world, world.sign_in());
  TestResponse rival;
  int uses = 0;
  world.watch_storage([&](std::string_view noun) {
    if (noun != "authorization_codes" || ++uses < 2) return;
    world.watch_storage({});
    rival = world.send(redeem(code));
  });
  const auto late = world.send(redeem(code));
  ASSERT_EQ(rival.status, 200);
  EXPECT_EQ(late.status, 400);
  EXPECT_EQ(late.member("error"), "invalid_grant");
  EXPECT_FALSE(is_active(world, rival.member("access_token")));
  EXPECT_NE(world.log().find("Authorization code used twice"), std::string::npos);
}

/// THREATS §1: what ends in a token looks at the client again.
TEST(AuthorizationCodeGrant, AClientThatWasNarrowedMeanwhileGetsNoMore) {
  World world;
  const auto code = obtain_code(world, world.sign_in());
  const oauth::ClientId id("todo-plugin");
  auto client = *block_on(world.storage().clients().find_client(id));
  client.scope = *oauth::Scope::parse("lists:read");
  ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
  const auto answer = world.send(redeem(code));
  EXPECT_EQ(answer.member("scope"), "lists:read");
  EXPECT_EQ((*block_on(world.verifier().verify(answer.member("access_token"))))->scope.to_string(), "lists:read");
}

/// RFC 7636 §4.4, §4.6: the challenge was kept with the code; by a client that must prove itself both ways.
TEST(AuthorizationCodeGrant, AVerifierIsNeededWhereAChallengeWasSent) {
  const auto exchange = [](const std::optional<std::string>& verifier) {
    World world;
    const auto cookie = world.sign_in();
    const auto page = world.send(get("/oauth/authorize?response_type=code&client_id=strict-web&redirect_uri="
                                     "https://strict.example/cb&code_challenge_method=S256&code_challenge="
                                     "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
                                     .with("Cookie", cookie));
    auto allow = post_form("/consent", {{"form_token", page.form_field("form_token")},
                                        {"request", page.form_field("request")},
                                        {"decision", "allow"}});
    const auto code = world.send(allow.with("Cookie", cookie)).location_parameter("code");
    std::vector<Form::Field> fields{
        {"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", "https://strict.example/cb"}};
    if (verifier) fields.push_back({"code_verifier", *verifier});
    auto request = post_form("/oauth/token", fields);
    return tell(world.send(request.with("Authorization", basic("strict-web"))));
  };
  const auto refused = [](const char* description) { return Told{400, "invalid_grant", description}; };
  EXPECT_EQ(exchange("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").status, 200);
  EXPECT_EQ(exchange(std::nullopt),
            refused("The code_verifier is missing: the authorization request carried a code_challenge."));
  EXPECT_EQ(exchange(std::string(43, 'x')), refused("The code_verifier does not belong to the code_challenge."));
  EXPECT_EQ(exchange("short"),
            refused("The code_verifier must be 43 to 128 letters, digits, hyphens, dots, underscores or tildes."));
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
