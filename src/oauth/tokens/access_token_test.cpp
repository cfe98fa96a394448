#include "oauth/tokens/access_token.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "oauth/discovery/server_metadata.hpp"
#include "oauth/facts_for_tests.hpp"
#include "oauth/tokens/token_response.hpp"

namespace chatelaine::oauth {
namespace {

const Issuer kIssuer("https://api.example");
const Resource kAudience("https://api.example/");

AccessToken token() {
  return {.id = {11},
          .issuer = kIssuer,
          .subject = Subject("user-1"),
          .client_id = ClientId("plugin"),
          .audience = {kAudience},
          .scope = *Scope::parse("todo.read"),
          .grant_id = GrantId{7},
          .issued_at = kNow,
          .expires_at = kNow + seconds(59)};
}
const crypto::SigningKey& key() {
  static const crypto::SigningKey made = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  return made;
}
const std::vector<crypto::VerificationKey>& keys() {
  static const std::vector<crypto::VerificationKey> made{*crypto::VerificationKey::from_jwk(key().public_jwk())};
  return made;
}

/// RFC 9068 §2, §2.2: signed, with every claim that must be there.
TEST(AccessTokenTest, Rfc9068Section2WhatIsSignedReadsBack) {
  const auto verified = verify_access_token(sign_access_token(token(), key()), kIssuer, keys(), kNow);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->id, token().id);
  EXPECT_EQ(verified->issuer, kIssuer);
  EXPECT_EQ(verified->subject, token().subject);
  EXPECT_EQ(verified->client_id, token().client_id);
  EXPECT_EQ(verified->audience, std::vector{kAudience});
  EXPECT_EQ(verified->scope, token().scope);
  EXPECT_EQ(verified->grant_id, token().grant_id);
  EXPECT_EQ(verified->issued_at, kNow);
  EXPECT_EQ(verified->expires_at, kNow + seconds(59));
}

TEST(AccessTokenTest, AnEmptyScopeAndAMissingGrantReadBack) {
  AccessToken bare = token();
  bare.scope = Scope();
  bare.grant_id.reset();
  const auto verified = verify_access_token(sign_access_token(bare, key()), kIssuer, keys(), kNow);
  ASSERT_TRUE(verified);
  EXPECT_TRUE(verified->scope.empty());
  EXPECT_FALSE(verified->grant_id);
}

TEST(AccessTokenTest, Rfc9068Section4WhatIsNotForHereIsRefused) {
  const std::string jwt = sign_access_token(token(), key());
  const auto error_of = [&](std::string_view text, const Issuer& issuer, Instant now) {
    return verify_access_token(text, issuer, keys(), now).error();
  };
  EXPECT_EQ(error_of(jwt, Issuer("https://api.example/"), kNow), AccessTokenError::wrong_issuer);
  EXPECT_EQ(error_of(jwt, kIssuer, kNow + seconds(59)), AccessTokenError::expired) << "RFC 7519 §4.1.4";
  EXPECT_TRUE(verify_access_token(jwt, kIssuer, keys(), kNow + milliseconds(58'999)));
  EXPECT_EQ(error_of("ctl_at_x", kIssuer, kNow), AccessTokenError::not_a_jwt);
  EXPECT_EQ(error_of(crypto::sign_compact(key(), "JWT", "{}"), kIssuer, kNow), AccessTokenError::not_a_jwt);
  EXPECT_EQ(error_of(sign_access_token(token(), crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256)),
                     kIssuer, kNow),
            AccessTokenError::bad_signature);
}

/// RFC 9068 §4: the resource server takes what names it among others, in any of its spellings (THREATS N02).
TEST(AccessTokenTest, Rfc9068Section4AudIncludesWhoTakesIt) {
  AccessToken both = token();
  both.audience = {Resource("https://a.example"), Resource("https://b.example")};
  EXPECT_TRUE(both.is_for({Resource("https://b.example")}));
  EXPECT_TRUE(both.is_for({Resource("urn:example:a"), Resource("https://a.example")})) << "an alias and an identifier";
  for (const char* other : {"https://c.example", "https://a.example/", "https://A.example", "https://a.exampl", ""}) {
    EXPECT_FALSE(both.is_for({Resource(other)})) << "compared as bytes: " << other;
  }
  EXPECT_FALSE(both.is_for({}));
}

/// RFC 7519 §4.1.3: a string where there is one, an array where there are several.
TEST(AccessTokenTest, Rfc9068Section22AudIsAStringOrAnArray) {
  AccessToken some = token();
  const auto read_aud = [&] {
    const auto verified = crypto::verify_compact(sign_access_token(some, key()), "at+jwt", keys());
    return json::serialize(parse_json(verified->payload)->at("aud"));
  };
  EXPECT_EQ(read_aud(), R"("https://api.example/")");
  some.audience = {Resource("https://a.example"), Resource("urn:example:\"b\"")};
  EXPECT_EQ(read_aud(), R"(["https://a.example","urn:example:\"b\""])");
  EXPECT_EQ(verify_access_token(sign_access_token(some, key()), kIssuer, keys(), kNow)->audience, some.audience);
}

/// RFC 9068 §2.1, §4: `at+jwt`, with `application/` before it or not; any other kind of JWT is none.
TEST(AccessTokenTest, Rfc9068Section21Typ) {
  const auto payload = crypto::verify_compact(sign_access_token(token(), key()), "at+jwt", keys())->payload;
  for (const char* typ : {"at+jwt", "application/at+jwt", "AT+JWT"}) {
    EXPECT_TRUE(verify_access_token(crypto::sign_compact(key(), typ, payload), kIssuer, keys(), kNow)) << typ;
  }
  for (const char* typ : {"JWT", "id+jwt", "", "application/jwt", "at+jwt2"}) {
    EXPECT_FALSE(verify_access_token(crypto::sign_compact(key(), typ, payload), kIssuer, keys(), kNow)) << typ;
  }
}

struct ClaimRow {
  std::string_view sentence;
  std::string_view claim;
  json::value value;  ///< null takes the claim away
};
class MalformedClaims : public testing::TestWithParam<ClaimRow> {};
TEST_P(MalformedClaims, AreRefusedUnderARightSignature) {
  json::object claims{{"iss", kIssuer.value()},
                      {"sub", "1"},
                      {"aud", kAudience.value()},
                      {"client_id", "plugin"},
                      {"jti", format_id(11)},
                      {"iat", to_numeric_date(kNow)},
                      {"exp", to_numeric_date(kNow + seconds(59))}};
  ASSERT_TRUE(
      verify_access_token(crypto::sign_compact(key(), "at+jwt", json::serialize(claims)), kIssuer, keys(), kNow));
  if (GetParam().value.is_null()) {
    claims.erase(GetParam().claim);
  } else {
    claims[GetParam().claim] = GetParam().value;
  }
  const auto verified =
      verify_access_token(crypto::sign_compact(key(), "at+jwt", json::serialize(claims)), kIssuer, keys(), kNow);
  ASSERT_FALSE(verified) << GetParam().sentence;
  EXPECT_EQ(verified.error(), AccessTokenError::malformed_claims) << GetParam().sentence;
}
// RFC 9068 §2.2: a claim that is missing or of another type.
INSTANTIATE_TEST_SUITE_P(
    Rfc9068Section22, MalformedClaims,
    testing::Values(ClaimRow{"iss is required", "iss", nullptr}, ClaimRow{"sub is required", "sub", nullptr},
                    ClaimRow{"aud is required", "aud", nullptr}, ClaimRow{"aud is no number", "aud", 1},
                    ClaimRow{"aud names somebody", "aud", json::array()},
                    ClaimRow{"aud is strings alone", "aud", json::array{"https://api.example/", 1}},
                    ClaimRow{"client_id is required", "client_id", nullptr},
                    ClaimRow{"jti is required", "jti", nullptr}, ClaimRow{"iat is required", "iat", nullptr},
                    ClaimRow{"exp is required", "exp", nullptr}, ClaimRow{"exp is a number", "exp", "4102444800"},
                    ClaimRow{"exp is a whole number", "exp", 4102444800.5},
                    ClaimRow{"exp is no moment that overflows", "exp", 9'223'372'036'854'775'807},
                    ClaimRow{"exp is not negative", "exp", -1}, ClaimRow{"jti is one of our ids", "jti", "x"},
                    ClaimRow{"grant_id is one of our ids", "grant_id", "x"}, ClaimRow{"scope is a string", "scope", 1},
                    ClaimRow{"scope has the RFC's characters", "scope", "a\"b"}));

TEST(TokenResponseTest, Rfc6749Section51AsThePluginDocumentSpellsIt) {
  EXPECT_EQ(to_json(TokenResponse{AccessTokenSecret("a"), seconds(59), RefreshTokenSecret("r"), *Scope::parse("s")}),
            R"({"access_token":"a","token_type":"bearer","expires_in":59,"refresh_token":"r","scope":"s"})");
  EXPECT_EQ(to_json(TokenResponse{AccessTokenSecret("a"), seconds(59), std::nullopt, Scope()}),
            R"({"access_token":"a","token_type":"bearer","expires_in":59})");
}

TEST(ServerMetadataTest, Rfc8414Section2) {
  const json::object document =
      to_json(ServerMetadata{.issuer = kIssuer, .token_endpoint = "https://api.example/oauth/token"});
  EXPECT_EQ(document.at("issuer"), json::value(kIssuer.value()));
  EXPECT_EQ(document.at("token_endpoint"), json::value("https://api.example/oauth/token"));
  EXPECT_EQ(document.at("code_challenge_methods_supported"), json::value({"S256"}));
  EXPECT_EQ(document.at("authorization_response_iss_parameter_supported"), json::value(true));
  EXPECT_EQ(document.at("response_types_supported"), json::value({"code"}));
  EXPECT_EQ(to_json(ServerMetadata{.scopes_supported = {"a", "b"}}).at("scopes_supported"),
            json::value({"openid", "profile", "email", "offline_access", "a", "b"}));
  Flows without_openid;
  without_openid.openid = false;
  EXPECT_FALSE(to_json(ServerMetadata{.flows = without_openid}).contains("scopes_supported")) << "§3.2: no empty lists";
}

}  // namespace
}  // namespace chatelaine::oauth
