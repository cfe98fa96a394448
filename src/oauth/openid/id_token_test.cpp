#include "oauth/openid/id_token.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "crypto/jws.hpp"
#include "oauth/facts_for_tests.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::oauth {
namespace {

using crypto::SignatureAlgorithm;

const Issuer kIssuer("https://todo.example.com");

IdToken some_token() {
  return {.issuer = kIssuer,
          .subject = Subject("user-1815"),
          .client_id = ClientId("app"),
          .issued_at = kNow,
          .expires_at = kNow + seconds(300),
          .authenticated_at = kNow - seconds(60),
          .nonce = "n-0S6_WzA2Mj"};
}

/// OpenID Connect Core §2, RFC 8176 §2.
TEST(IdToken, ClaimsAreThoseOfTheSpecification) {
  EXPECT_EQ(
      write_id_token_claims(some_token(), "ctl_at_x", SignatureAlgorithm::ES256),
      R"({"iss":"https://todo.example.com","sub":"user-1815","aud":"app","iat":1795392000,"exp":1795392300,)"
      R"("auth_time":1795391940,"acr":"1","amr":["pwd"],"at_hash":"L0apApbe4ttdNS2Qhq9dtA","nonce":"n-0S6_WzA2Mj"})");
}

/// OpenID Connect Core §2: acr and amr say how the person signed in, which a user source does not tell us.
TEST(IdToken, DoesNotClaimAPasswordThatPerhapsNobodyTyped) {
  auto token = some_token();
  token.is_by_password = false;
  const auto claims = parse_json(write_id_token_claims(token, "x", SignatureAlgorithm::ES256));
  EXPECT_FALSE(claims->get_object().contains("acr"));
  EXPECT_FALSE(claims->get_object().contains("amr"));
  EXPECT_TRUE(claims->get_object().contains("auth_time"));
}

/// §3.1.3.7 step 11: a nonce is there exactly where one was sent.
TEST(IdToken, WithoutANonceThereIsNone) {
  auto token = some_token();
  token.nonce.clear();
  EXPECT_EQ(write_id_token_claims(token, "x", SignatureAlgorithm::ES256).find("nonce"), std::string::npos);
}

/// OpenID Connect Core §3.1.3.6, and appendix A.3 for the value: the access token of that example, and its hash.
TEST(IdToken, AtHashIsTheLeftHalfOfTheAlgorithmsHash) {
  constexpr std::string_view kAccessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
  for (const auto algorithm : {SignatureAlgorithm::ES256, SignatureAlgorithm::RS256, SignatureAlgorithm::PS256}) {
    EXPECT_NE(
        write_id_token_claims(some_token(), kAccessToken, algorithm).find(R"("at_hash":"77QmUPtjPfzWtF2AnpK9RQ")"),
        std::string::npos);
  }
  const auto claims = parse_json(write_id_token_claims(some_token(), kAccessToken, SignatureAlgorithm::EdDSA));
  EXPECT_EQ(claims->at("at_hash").as_string(), "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM") << "of SHA-512";
}

struct HintRow {
  const char* sentence;
  std::string text;
  bool is_taken;
};

TEST(IdTokenHint, OnlyAnIdTokenOfOursIsTaken) {
  const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  const auto other_key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  const std::vector keys{crypto::VerificationKey::from_jwk(key.public_jwk()).value()};
  const auto sign = [](const IdToken& token, const crypto::SigningKey& with) {
    return crypto::sign_compact(with, kIdTokenType, write_id_token_claims(token, "x", SignatureAlgorithm::ES256));
  };
  auto expired = some_token();
  expired.expires_at = kNow - std::chrono::days(300);
  auto foreign = some_token();
  foreign.issuer = Issuer("https://todo.example.com/");
  const AccessToken access_token{.id = {1},
                                 .issuer = kIssuer,
                                 .subject = Subject("user-1815"),
                                 .client_id = ClientId("app"),
                                 .audience = {Resource("https://todo.example.com")},
                                 .scope = Scope(),
                                 .grant_id = GrantId{2},
                                 .issued_at = kNow,
                                 .expires_at = kNow};
  const HintRow rows[] = {
      {"one of ours", sign(some_token(), key), true},
      {"RP-Initiated Logout §2: also where its time is over", sign(expired, key), true},
      {"one of another issuer, though nearly the same", sign(foreign, key), false},
      {"one under a key that is not ours", sign(some_token(), other_key), false},
      {"an access token, whose typ is another", sign_access_token(access_token, key), false},
      {"no JWT", "abc", false},
      {"nothing", "", false},
  };
  for (const auto& row : rows) {
    const auto hint = read_id_token_hint(row.text, kIssuer, keys);
    ASSERT_EQ(hint.has_value(), row.is_taken) << row.sentence;
    if (!hint) continue;
    EXPECT_EQ(hint->subject, Subject("user-1815")) << row.sentence;
    EXPECT_EQ(hint->client_id, ClientId("app")) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
