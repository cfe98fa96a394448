#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr const char* kUnproven =
    "The client is unknown, or none of its keys made this client_assertion: sign it with ES256, RS256, PS256 or EdDSA "
    "and a key that the client is registered with, and name that in kid.";
constexpr const char* kUsed =
    "This client_assertion was used before: make one, with a jti of its own, for each request.";
constexpr const char* kWrongAudience =
    "The client_assertion's aud must be this server's issuer, https://todo.example.com, and nothing else.";

TestRequest ask_token(const std::string& assertion) {
  return post_form("/oauth/token", {{"grant_type", "client_credentials"},
                                    {"client_assertion_type", kAssertionType},
                                    {"client_assertion", assertion}});
}
std::string assertion_of(const World& world, const json::object& changes, const char* client_id = "signer") {
  json::object claims = make_assertion_claims(world, client_id);
  for (const auto& change : changes) claims[change.key()] = change.value();
  return sign_assertion(claims);
}
Told invalid_client(std::string description) { return {401, "invalid_client", std::move(description)}; }
std::string key_set_of(const crypto::SigningKey& key) {
  return json::serialize(json::object{{"keys", json::array{key.public_jwk()}}});
}
const std::string kKeysUrl(World::kPublishedKeys);

/// RFC 9700 §2.5, RFC 7523 §2.2 at every endpoint that a client calls; RFC 6749 §2.1: such a client is confidential.
TEST(PrivateKeyJwt, ProvesTheClientAtEveryEndpoint) {
  World world;
  const auto answer =
      world.send(post_form("/oauth/token", with_assertion(world, "signer", {{"grant_type", "client_credentials"}})));
  EXPECT_EQ(answer.status, 200) << answer.body;
  const std::string token = answer.member("access_token");

  const auto about = world.send(post_form("/oauth/introspect", with_assertion(world, "signer", {{"token", token}})));
  EXPECT_EQ(about.member("active"), "true") << about.body;
  EXPECT_EQ(world.send(post_form("/oauth/revoke", with_assertion(world, "signer", {{"token", token}}))).status, 200);
  EXPECT_EQ(world.send(post_form("/oauth/introspect", with_assertion(world, "signer", {{"token", token}}))).body,
            R"({"active":false})");
  const auto pushed = world.send(
      post_form("/oauth/par", with_assertion(world, "signer",
                                             {{"client_id", "signer"},
                                              {"response_type", "code"},
                                              {"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
                                              {"code_challenge_method", "S256"}})));
  EXPECT_EQ(pushed.status, 201) << pushed.body;
  // RFC 8628 §3.1: the client is who it says, and is not registered for the grant.
  const auto device = world.send(post_form("/oauth/device_authorization", with_assertion(world, "signer", {})));
  EXPECT_EQ(device.member("error"), "unauthorized_client") << device.body;
}

TEST(PrivateKeyJwt, ComesAsJsonToo) {
  World world;
  const json::object body{{"grant_type", "client_credentials"},
                          {"client_assertion_type", kAssertionType},
                          {"client_assertion", assertion_of(world, {})}};
  EXPECT_EQ(world.send(post_json("/oauth/token", json::serialize(body))).status, 200);
}

/// RFC 9126 §2, RFC 7523 §3: the names that this server goes by.
TEST(PrivateKeyJwt, IsMeantForThisServer) {
  World world;
  for (const char* audience : {"https://todo.example.com", "https://todo.example.com/oauth/token"}) {
    EXPECT_EQ(world.send(ask_token(assertion_of(world, {{"aud", audience}}))).status, 200) << audience;
  }
  const auto at_revocation = [&](const char* audience) {
    return world.send(post_form("/oauth/revoke", {{"token", "x"},
                                                  {"client_assertion_type", kAssertionType},
                                                  {"client_assertion", assertion_of(world, {{"aud", audience}})}}));
  };
  EXPECT_EQ(at_revocation("https://todo.example.com/oauth/revoke").status, 200);
  EXPECT_EQ(at_revocation("https://todo.example.com/oauth/token").status, 200);
  EXPECT_EQ(tell(at_revocation("https://todo.example.com/oauth/par")), invalid_client(kWrongAudience));
  EXPECT_EQ(tell(world.send(ask_token(assertion_of(world, {{"aud", "https://todo.example.com/oauth/revoke"}})))),
            invalid_client(kWrongAudience));
}

/// THREATS §1: `assertion jti is single use`, at whichever endpoint it is presented again.
TEST(PrivateKeyJwt, ServesOnce) {
  World world;
  const auto assertion = assertion_of(world, {});
  EXPECT_EQ(world.send(ask_token(assertion)).status, 200);
  EXPECT_EQ(tell(world.send(ask_token(assertion))), invalid_client(kUsed));
  for (const char* path : {"/oauth/revoke", "/oauth/introspect", "/oauth/par", "/oauth/device_authorization"}) {
    EXPECT_EQ(tell(world.send(post_form(
                  path, {{"token", "x"}, {"client_assertion_type", kAssertionType}, {"client_assertion", assertion}}))),
              invalid_client(kUsed))
        << path;
  }
  EXPECT_EQ(tell(world.send(ask_token(assertion_of(world, {{"jti", "again"}})))).status, 200);
  EXPECT_EQ(tell(world.send(ask_token(assertion_of(world, {{"jti", "again"}})))), invalid_client(kUsed))
      << "another assertion with the same jti";
}

/// It is refused for as long as its exp lets it, also once what has expired was removed.
TEST(PrivateKeyJwt, IsRememberedForAsLongAsItCouldBeUsed) {
  World world;
  const auto assertion = assertion_of(world, {});
  EXPECT_EQ(world.send(ask_token(assertion)).status, 200);
  world.move_clock(seconds(89));
  block_on(world.storage().remove_expired(world.now()));
  EXPECT_EQ(tell(world.send(ask_token(assertion))), invalid_client(kUsed));
  world.move_clock(seconds(1));
  EXPECT_EQ(tell(world.send(ask_token(assertion))),
            invalid_client("The client_assertion has expired: make one for each request, and see to the clock."));
}

/// A claim that is wrong is told to who holds the key, and does not use the jti up.
TEST(PrivateKeyJwt, AWrongClaimIsNamed) {
  World world;
  auto claims = make_assertion_claims(world, "signer");
  claims["aud"] = "https://elsewhere.example";
  EXPECT_EQ(tell(world.send(ask_token(sign_assertion(claims)))), invalid_client(kWrongAudience));
  claims["aud"] = "https://todo.example.com";
  EXPECT_EQ(world.send(ask_token(sign_assertion(claims))).status, 200);
}

/// THREATS §1: until a signature has verified, all read the same.
TEST(PrivateKeyJwt, WhatIsNotProvenReadsTheSame) {
  World world;
  const auto other = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  std::string broken = assertion_of(world, {});
  broken[broken.size() - 10] = broken[broken.size() - 10] == 'A' ? 'B' : 'A';
  const std::vector<std::pair<const char*, std::string>> rows{
      {"an unknown client", assertion_of(world, {}, "nobody")},
      {"a client with a secret", assertion_of(world, {}, "todo-plugin")},
      {"a public client", assertion_of(world, {}, "desktop-app")},
      {"another's key", sign_assertion(make_assertion_claims(world, "signer"), other)},
      {"a broken signature", broken},
      {"an access token under the right key",
       crypto::sign_compact(signer_key(), "at+jwt", json::serialize(make_assertion_claims(world, "signer")))},
      {"wrong claims under a wrong key",
       sign_assertion({{"sub", "signer"}, {"aud", "https://elsewhere.example"}}, other)},
  };
  for (const auto& [sentence, assertion] : rows) {
    const auto answer = world.send(ask_token(assertion));
    EXPECT_EQ(tell(answer), invalid_client(kUnproven)) << sentence;
    EXPECT_TRUE(answer.header("WWW-Authenticate")) << sentence;
  }
}

TEST(PrivateKeyJwt, AClientWithKeysCannotDoWithoutThem) {
  World world;
  const Told told = invalid_client(
      "This client has no secret but keys (private_key_jwt): send client_assertion_type and client_assertion.");
  EXPECT_EQ(tell(world.send(post_form("/oauth/token", {{"client_id", "signer"}}))), told);
  EXPECT_EQ(tell(world.send(post_form("/oauth/token", {{"client_id", "signer"}, {"client_secret", "x"}}))), told);
}

/// THREATS N47: an assertion is a credential while it lasts.
TEST(PrivateKeyJwt, StandsInNoLog) {
  World world;
  const auto assertion = assertion_of(world, {{"aud", "x"}});
  EXPECT_EQ(world.send(ask_token(assertion)).status, 401);
  EXPECT_EQ(world.log().find(assertion), std::string::npos);
  EXPECT_EQ(world.log().find(assertion.substr(assertion.rfind('.'))), std::string::npos);
}

TEST(PublishedKeys, AreFetchedOnceAndServe) {
  World world;
  world.web().publish(kKeysUrl, key_set_of(signer_key()));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(world.send(ask_token(assertion_of(world, {}, "publisher"))).status, 200);
  }
  EXPECT_EQ(world.web().requests().size(), 1U);
}

/// THREATS N40: who may have made the client up learns nothing of what answers at its jwks_uri; the log does.
TEST(PublishedKeys, ThatCannotBeHadAreSaidWithoutTheReason) {
  World world;
  const auto told = invalid_client(
      "The client's keys cannot be had at the moment: see that its jwks_uri serves a JWK Set over https.");
  const auto ask = [&](const std::string& reason) {
    world.move_clock(seconds(30));
    EXPECT_EQ(tell(world.send(ask_token(assertion_of(world, {}, "publisher")))), told) << reason;
    EXPECT_NE(world.log().find(reason), std::string::npos) << world.log();
  };
  ask("The host of https://publisher.example/jwks was not found.");
  world.web().break_off(kKeysUrl, net::FetchError::Kind::forbidden_address);
  ask("https://publisher.example/jwks broke off.");
  world.web().publish(kKeysUrl, "<html>", "text/html");
  ask("https://publisher.example/jwks is not served as application/json.");
  world.web().publish(kKeysUrl, R"({"keys":[]})");
  ask("https://publisher.example/jwks holds no key that verifies signatures.");
}

/// THREATS N44: a client that signs with a new key is served, and unknown keys make us fetch once in a cool-down.
TEST(PublishedKeys, ANewKeyIsFetchedOnceTheCoolDownHasPassed) {
  World world;
  world.change_settings([](auto& settings) { settings.limits.client_authentication.of_subject = 1'000; });
  const auto next = crypto::SigningKey::generate(crypto::SignatureAlgorithm::RS256);
  world.web().publish(kKeysUrl, key_set_of(signer_key()));
  EXPECT_EQ(world.send(ask_token(assertion_of(world, {}, "publisher"))).status, 200);
  const auto with_next = [&] {
    return tell(world.send(ask_token(sign_assertion(make_assertion_claims(world, "publisher"), next))));
  };
  for (int i = 0; i < 100; ++i) EXPECT_EQ(with_next(), invalid_client(kUnproven));
  EXPECT_EQ(world.web().requests().size(), 1U);

  world.web().publish(kKeysUrl, key_set_of(next));
  world.move_clock(seconds(30));
  EXPECT_EQ(with_next().status, 200);
  EXPECT_EQ(world.web().requests().size(), 2U);
  EXPECT_EQ(tell(world.send(ask_token(assertion_of(world, {}, "publisher")))), invalid_client(kUnproven))
      << "the key that was taken away is gone with the set";
  EXPECT_EQ(world.web().requests().size(), 2U);
}

}  // namespace
}  // namespace chatelaine::provider
