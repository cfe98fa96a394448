#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "base/block_on.hpp"
#include "base/json.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

TestRequest request_token(const std::string& scope) {
  auto request = post_form("/oauth/token", {{"grant_type", "client_credentials"}, {"scope", scope}});
  return std::move(request).with("Authorization", basic("worker"));
}

/// RFC 6749 §4.4.3: never a refresh token.
TEST(ClientCredentialsGrant, GivesATokenOfTheClientItself) {
  for (const auto format : {oauth::AccessTokenFormat::jwt, oauth::AccessTokenFormat::opaque}) {
    World world;
    world.change_settings([&](auto& settings) { settings.access_token_format = format; });
    const auto answer = world.send(request_token(""));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.member("token_type"), "bearer");
    EXPECT_EQ(answer.member("scope"), "lists:read");
    EXPECT_EQ(answer.member("refresh_token"), "");

    const auto verified = block_on(world.verifier().verify(answer.member("access_token")));
    ASSERT_TRUE(verified);
    EXPECT_EQ((*verified)->subject.value(), "worker");
    EXPECT_FALSE((*verified)->grant_id);
  }
}

/// RFC 9068 §2.1: any asymmetric algorithm; which one the operator says.
TEST(ClientCredentialsGrant, GivesATokenOfTheAlgorithmThatIsConfigured) {
  for (const auto algorithm : crypto::kSignatureAlgorithms) {
    World world;
    world.change_settings([&](auto& settings) { settings.access_token_algorithm = algorithm; });
    world.add_signing_key(algorithm);
    const auto token = world.send(request_token("")).member("access_token");
    const auto header = parse_json(base64url_decode(token.substr(0, token.find('.'))).value()).value();
    EXPECT_EQ(header.at("alg").as_string(), to_string(algorithm));
    EXPECT_TRUE(block_on(world.verifier().verify(token))) << to_string(algorithm);
  }
}

TEST(ClientCredentialsGrant, AsksToComeAgainWhereNoKeyOfTheAlgorithmSignsYet) {
  World world;
  world.change_settings([&](auto& settings) { settings.access_token_algorithm = crypto::SignatureAlgorithm::RS256; });
  const auto answer = world.send(request_token(""));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.member("error"), "temporarily_unavailable");
  EXPECT_TRUE(answer.header("Retry-After"));
  EXPECT_NE(world.log().find("No key signs with RS256 yet"), std::string::npos);
}

TEST(ClientCredentialsGrant, RefusesAScopeThatIsNotTheClients) {
  World world;
  const auto answer = world.send(request_token("lists:write"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.member("error"), "invalid_scope");
}

TEST(ClientCredentialsGrant, ARemovedClientsTokenEnds) {
  World world;
  const auto token = world.send(request_token("")).member("access_token");
  ASSERT_TRUE(block_on(world.verifier().verify(token)));
  const oauth::ClientId worker("worker");
  block_on(world.storage().clients().remove_client(worker, world.now()));
  const auto verified = block_on(world.verifier().verify(token));
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().fault, tokens::TokenFault::revoked);
}

}  // namespace
}  // namespace chatelaine::provider
