#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "base/json.hpp"
#include "crypto/jws.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// Signs ada in and walks portal through consent: the answer of the token endpoint.
TestResponse sign_in_at_portal(World& world, const std::string& more = "", std::string_view scope = "openid") {
  const auto cookie = world.sign_in();
  const auto page = world.send(portal_request(more, scope).with("Cookie", cookie));
  return redeem_for_portal(world, decide(world, cookie, page, "allow"));
}

json::object claims_of(const TestResponse& answer) {
  const auto claims = parse_json(jwt_claims(answer.member("id_token")));
  return claims && claims->is_object() ? claims->get_object() : json::object{};
}

TestResponse refresh(World& world, const TestResponse& tokens) {
  return world.send(post_form("/oauth/token", {{"grant_type", "refresh_token"},
                                               {"client_id", "portal"},
                                               {"client_secret", "secret-of-portal"},
                                               {"refresh_token", tokens.member("refresh_token")}}));
}

/// OpenID Connect Core §3.1.3.3, §2.
TEST(IdToken, ComesWithTheCodesTokens) {
  World world;
  const auto signed_in_at = world.now();
  const auto tokens = sign_in_at_portal(world, "&nonce=n-0S6_WzA2Mj&max_age=600");
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  const auto keys = block_on(world.keys().current());
  EXPECT_TRUE(crypto::verify_compact(tokens.member("id_token"), "JWT", keys->verification_keys));
  const auto claims = claims_of(tokens);
  EXPECT_EQ(claims.at("iss"), json::value("https://todo.example.com"));
  EXPECT_EQ(claims.at("sub"), json::value("user-1815"));
  EXPECT_EQ(claims.at("aud"), json::value("portal"));
  EXPECT_EQ(claims.at("nonce"), json::value("n-0S6_WzA2Mj"));
  EXPECT_EQ(claims.at("auth_time"), json::value(to_numeric_date(signed_in_at)));
  EXPECT_EQ(claims.at("iat"), json::value(to_numeric_date(world.now())));
  EXPECT_EQ(claims.at("exp"), json::value(to_numeric_date(world.now() + seconds(59))));
}

/// OpenID Connect Core §2: with the algorithm that the client is registered with.
TEST(IdToken, IsSignedWithTheClientsAlgorithm) {
  for (const auto algorithm : crypto::kSignatureAlgorithms) {
    World world;
    world.add_signing_key(algorithm);
    const oauth::ClientId portal("portal");
    auto client = *block_on(world.storage().clients().find_client(portal));
    client.id_token_algorithm = algorithm;
    block_on(world.storage().clients().update_client(client, world.now()));
    const auto tokens = sign_in_at_portal(world);
    const auto keys = block_on(world.keys().current());
    const auto verified = crypto::verify_compact(tokens.member("id_token"), "JWT", keys->verification_keys);
    ASSERT_TRUE(verified) << to_string(algorithm);
    EXPECT_EQ(verified->algorithm, algorithm);
  }
}

/// OpenID Connect Core §3.1.2.1: a request without openid is none of OpenID Connect's.
TEST(IdToken, ComesOnlyWhereOpenidWasAskedFor) {
  World world;
  const auto tokens = sign_in_at_portal(world, "&nonce=n", "lists:read");
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_EQ(tokens.body.find("id_token"), std::string::npos);
  EXPECT_EQ(tokens.member("scope"), "lists:read");
}

/// OpenID Connect Core §12.2: the same iss, sub, aud and auth_time, a new iat, and no nonce.
TEST(IdToken, ARefreshGivesANewOneOfTheSameSignIn) {
  World world;
  const auto tokens = sign_in_at_portal(world, "&nonce=n");
  const auto first = claims_of(tokens);
  world.move_clock(seconds(30));
  const auto refreshed = refresh(world, tokens);
  ASSERT_EQ(refreshed.status, 200) << refreshed.body;
  const auto claims = claims_of(refreshed);
  for (const char* name : {"iss", "sub", "aud", "auth_time", "acr", "amr"}) {
    EXPECT_EQ(claims.at(name), first.at(name)) << name;
  }
  EXPECT_EQ(claims.at("iat"), json::value(to_numeric_date(world.now())));
  EXPECT_FALSE(claims.contains("nonce"));
  EXPECT_NE(claims.at("at_hash"), first.at("at_hash"));
}

TEST(IdToken, IsNotGivenWhereOpenIdConnectIsOff) {
  World world;
  world.change_settings([](auto& settings) { settings.flows.openid = false; });
  const auto answer = world.send(portal_request("").with("Cookie", world.sign_in()));
  EXPECT_EQ(answer.location_parameter("error"), "invalid_scope");
}

/// A client keeps no more than its registration has: also of what a person allowed before.
TEST(IdToken, EndsWhereTheClientMayNotAskAnyMore) {
  World world;
  const auto alone = sign_in_at_portal(world);
  const auto beside = sign_in_at_portal(world, "", "openid lists:read");
  auto client = *block_on(world.storage().clients().find_client(oauth::ClientId("portal")));
  client.openid = false;
  block_on(world.storage().clients().update_client(client, world.now()));
  const auto refreshed = refresh(world, beside);
  EXPECT_EQ(refreshed.status, 200) << refreshed.body;
  EXPECT_EQ(refreshed.member("scope"), "lists:read");
  EXPECT_EQ(refreshed.body.find("id_token"), std::string::npos);
  EXPECT_EQ(refresh(world, alone).member("error"), "invalid_scope") << "nothing is left";
}

}  // namespace
}  // namespace chatelaine::provider
