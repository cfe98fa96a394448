#include "oauth/clients/client_assertion.hpp"

#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

using crypto::JwsError;
using crypto::SignatureAlgorithm;

const AssertionAudience kAudience{Issuer("https://as.example"), {"https://as.example/token", "https://as.example/par"}};
const ClientId kSigner("signer");

std::int64_t in_seconds(int seconds_ahead) { return to_numeric_date(kNow + seconds(seconds_ahead)); }

/// A sound assertion's claims; each row changes what its sentence is about.
json::object good_claims() {
  return {{"iss", "signer"}, {"sub", "signer"},      {"aud", "https://as.example"},
          {"jti", "once"},   {"iat", in_seconds(0)}, {"exp", in_seconds(60)}};
}
struct ClaimChange {
  std::string name;
  std::optional<json::value> value;
};
json::object changed_claims(const std::vector<ClaimChange>& changes) {
  json::object claims = good_claims();
  for (const auto& change : changes) {
    claims.erase(change.name);
    if (change.value) claims[change.name] = *change.value;
  }
  return claims;
}

struct ClaimRow {
  std::string_view sentence;
  std::vector<ClaimChange> changes;
  /// Empty: taken.
  std::string description;
  std::string type;
};
class AssertionClaims : public testing::TestWithParam<ClaimRow> {};
/// RFC 7523 §3, §3.2, RFC 7521 §4.2.1: what fails a rule is invalid_client.
TEST_P(AssertionClaims, AreCheckedAsTheRfcSays) {
  const ClaimRow& row = GetParam();
  const auto used = check_client_assertion({row.type, changed_claims(row.changes)}, kSigner, kAudience, kNow);
  ASSERT_EQ(used.has_value(), row.description.empty()) << row.sentence;
  if (used) return;
  EXPECT_EQ(used.error().code, ErrorCode::invalid_client) << row.sentence;
  EXPECT_EQ(used.error().description, row.description) << row.sentence;
}

constexpr const char* kWrongAudience =
    "The client_assertion's aud must be this server's issuer, https://as.example, and nothing else.";
constexpr const char* kTooFarAhead = "The client_assertion's exp must be at most five minutes ahead.";
constexpr const char* kExpired = "The client_assertion has expired: make one for each request, and see to the clock.";
constexpr const char* kExplicit = "client-authentication+jwt";

INSTANTIATE_TEST_SUITE_P(
    Rfc7523Section3, AssertionClaims,
    testing::Values(
        ClaimRow{"a sound one", {}, "", "JWT"},
        ClaimRow{
            "§3.1: iss is the client", {{"iss", "other"}}, "The client_assertion's iss must be the client_id.", ""},
        ClaimRow{"iss is required", {{"iss", {}}}, "The client_assertion's iss must be the client_id.", ""},
        ClaimRow{"iss is a text", {{"iss", 1}}, "The client_assertion's iss must be the client_id.", ""},
        ClaimRow{
            "§3.2: sub is the client", {{"sub", "other"}}, "The client_assertion's sub must be the client_id.", ""},
        ClaimRow{"sub is required", {{"sub", {}}}, "The client_assertion's sub must be the client_id.", ""},
        ClaimRow{"§3.3: aud is required", {{"aud", {}}}, kWrongAudience, ""},
        ClaimRow{"aud is us", {{"aud", "https://other.example"}}, kWrongAudience, ""},
        ClaimRow{"aud is compared as bytes", {{"aud", "https://as.example/"}}, kWrongAudience, ""},
        // DEVIATION RFC 7523 §3: who does not say that it knows the update may name us in the old ways.
        ClaimRow{"aud may be the token endpoint", {{"aud", "https://as.example/token"}}, "", ""},
        ClaimRow{"RFC 9126 §2: aud may be the endpoint called", {{"aud", "https://as.example/par"}}, "", ""},
        ClaimRow{"aud may be an array", {{"aud", json::array{"https://as.example"}}}, "", ""},
        ClaimRow{
            "an array of our names", {{"aud", json::array{"https://as.example", "https://as.example/token"}}}, "", ""},
        ClaimRow{"another server's name beside ours could be used there",
                 {{"aud", json::array{"https://as.example", "https://evil.example"}}},
                 kWrongAudience,
                 ""},
        ClaimRow{"an empty array", {{"aud", json::array{}}}, kWrongAudience, ""},
        ClaimRow{"an array of other things", {{"aud", json::array{1}}}, kWrongAudience, ""},
        ClaimRow{
            "who knows the update is held to it", {{"aud", "https://as.example/token"}}, kWrongAudience, kExplicit},
        ClaimRow{"also with the prefix of a media type",
                 {{"aud", "https://as.example/token"}},
                 kWrongAudience,
                 "application/Client-Authentication+JWT"},
        ClaimRow{"the update's audience is the issuer", {}, "", kExplicit},
        ClaimRow{"§3.4: exp is required", {{"exp", {}}}, "The client_assertion's exp is missing.", ""},
        ClaimRow{"exp is a number",
                 {{"exp", "soon"}},
                 "The client_assertion's exp must be a number of seconds since 1970.",
                 ""},
        ClaimRow{"exp is a date",
                 {{"exp", 1e300}},
                 "The client_assertion's exp must be a number of seconds since 1970.",
                 ""},
        ClaimRow{"exp is not negative",
                 {{"exp", -1}},
                 "The client_assertion's exp must be a number of seconds since 1970.",
                 ""},
        ClaimRow{
            "RFC 7519 §2: a date may have a fraction", {{"exp", static_cast<double>(in_seconds(60)) + 0.5}}, "", ""},
        ClaimRow{"in its last moment", {{"exp", in_seconds(-29)}}, "", ""},
        ClaimRow{"expired for longer than clocks differ", {{"exp", in_seconds(-30)}}, kExpired, ""},
        ClaimRow{"the farthest ahead", {{"exp", in_seconds(330)}}, "", ""},
        ClaimRow{"§3.4: an exp that is unreasonably far ahead", {{"exp", in_seconds(331)}}, kTooFarAhead, ""},
        ClaimRow{"§3.5: nbf has come, but for the clocks", {{"nbf", in_seconds(30)}}, "", ""},
        ClaimRow{"nbf has not come",
                 {{"nbf", in_seconds(31)}},
                 "The client_assertion's nbf is ahead: see to the clock.",
                 ""},
        ClaimRow{"nbf is a number",
                 {{"nbf", "now"}},
                 "The client_assertion's nbf must be a number of seconds since 1970.",
                 ""},
        ClaimRow{"§3.6: iat is optional", {{"iat", {}}}, "", ""},
        ClaimRow{
            "iat lies ahead", {{"iat", in_seconds(31)}}, "The client_assertion's iat is ahead: see to the clock.", ""},
        ClaimRow{"OpenID Connect Core §9: jti is required",
                 {{"jti", {}}},
                 "The client_assertion's jti is missing: a text that the client never uses again.",
                 ""},
        ClaimRow{"jti is not empty",
                 {{"jti", ""}},
                 "The client_assertion's jti is missing: a text that the client never uses again.",
                 ""},
        ClaimRow{"jti is a text",
                 {{"jti", 7}},
                 "The client_assertion's jti is missing: a text that the client never uses again.",
                 ""},
        ClaimRow{"§3.9: what else it says is ignored", {{"scope", "everything"}}, "", ""}));

/// THREATS §1: `assertion jti is single use`, and the client does not choose for how long we remember.
TEST(ClientAssertionTest, WhatIsRememberedOutlivesTheAssertionAndIsBounded) {
  const auto used = check_client_assertion({"", changed_claims({{"exp", in_seconds(330)}})}, kSigner, kAudience, kNow);
  ASSERT_TRUE(used);
  EXPECT_EQ(used->client_id, kSigner);
  EXPECT_EQ(used->jti_hash, crypto::sha256("once"));
  EXPECT_GT(used->expires_at, kNow + seconds(330) + kAssertionSkew);
  EXPECT_LE(used->expires_at, kNow + kLongestAssertion + 3 * kAssertionSkew);
}

class VerifiedAssertions : public testing::TestWithParam<SignatureAlgorithm> {};
/// RFC 7523 §3: signed by a key of the client.
TEST_P(VerifiedAssertions, AreThoseThatTheClientsKeySigned) {
  const auto key = crypto::SigningKey::generate(GetParam());
  const auto other = crypto::SigningKey::generate(GetParam());
  const std::vector keys{crypto::VerificationKey::from_jwk(key.public_jwk()).value()};
  const std::string payload = json::serialize(good_claims());

  const auto verified = verify_client_assertion(crypto::sign_compact(key, kExplicit, payload), keys);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->type, kExplicit);
  EXPECT_EQ(verified->claims, good_claims());
  EXPECT_TRUE(verify_client_assertion(crypto::sign_compact(key, "JWT", payload), keys));

  const auto error_of = [&](const std::string& jwt) {
    const auto outcome = verify_client_assertion(jwt, keys);
    return outcome ? std::nullopt : std::optional(outcome.error());
  };
  EXPECT_EQ(error_of(crypto::sign_compact(other, "JWT", payload)), JwsError::unknown_key);
  EXPECT_EQ(error_of(crypto::sign_compact(key, "at+jwt", payload)), JwsError::wrong_type)
      << "RFC 8725 §3.11: an access token is no assertion";
  EXPECT_EQ(error_of(crypto::sign_compact(key, "JWT", "[]")), JwsError::malformed);
  EXPECT_EQ(error_of("nonsense"), JwsError::malformed);
  EXPECT_FALSE(verify_client_assertion(crypto::sign_compact(key, "JWT", payload), {}));
}
INSTANTIATE_TEST_SUITE_P(Rfc7518Section31, VerifiedAssertions, testing::ValuesIn(crypto::kSignatureAlgorithms),
                         [](const auto& row) { return std::string(to_string(row.param)); });

/// RFC 8725 §3.1, §3.2: the key decides the algorithm, and an unsigned or MACed assertion is none.
TEST(ClientAssertionTest, TheHeaderChoosesNoAlgorithm) {
  const auto key = crypto::SigningKey::generate(SignatureAlgorithm::ES256);
  const std::vector keys{crypto::VerificationKey::from_jwk(key.public_jwk()).value()};
  const std::string payload = base64url_encode(json::serialize(good_claims()));
  for (const char* algorithm : {"none", "HS256", "RS256", "es256", "ES384"}) {
    const json::object header{{"alg", algorithm}, {"kid", key.id().value()}};
    const std::string text = base64url_encode(json::serialize(header)) + "." + payload;
    EXPECT_FALSE(verify_client_assertion(text + ".", keys)) << algorithm;
    EXPECT_FALSE(verify_client_assertion(text + "." + base64url_encode(key.sign(text)), keys)) << algorithm;
    const auto mac = crypto::hmac_sha256(json::serialize(key.public_jwk()), text);
    EXPECT_FALSE(verify_client_assertion(text + "." + base64url_encode(mac.view()), keys)) << algorithm;
  }
}

struct SubjectRow {
  std::string_view sentence;
  std::string assertion;
  std::string subject;
  std::string description;
};
class AssertionSubjects : public testing::TestWithParam<SubjectRow> {};
TEST_P(AssertionSubjects, AreReadBeforeAnybodyHasVerifiedThem) {
  const auto subject = find_assertion_subject(GetParam().assertion);
  ASSERT_EQ(subject.has_value(), GetParam().description.empty()) << GetParam().sentence;
  if (subject) {
    EXPECT_EQ(subject->value(), GetParam().subject);
  } else {
    EXPECT_EQ(subject.error().description, GetParam().description) << GetParam().sentence;
    EXPECT_EQ(subject.error().code, ErrorCode::invalid_client);
  }
}
constexpr const char* kNoJwt = "The client_assertion is no JWT: three parts with dots between them.";
constexpr const char* kNoClaims = "The client_assertion's claims are no JSON object in base64url.";
constexpr const char* kNoSubject = "The client_assertion's sub is missing.";
std::string with_claims(std::string_view claims) { return "h." + base64url_encode(claims) + ".s"; }
INSTANTIATE_TEST_SUITE_P(
    Rfc7521Section42, AssertionSubjects,
    testing::Values(SubjectRow{"the subject is the client", with_claims(R"({"sub":"signer"})"), "signer", ""},
                    SubjectRow{"not even a dot", "nonsense", "", kNoJwt}, SubjectRow{"two parts", "a.b", "", kNoJwt},
                    SubjectRow{"RFC 7516: an encrypted JWT has five", "a.b.c.d.e", "", kNoJwt},
                    SubjectRow{"no base64url", "h.***.s", "", kNoClaims},
                    SubjectRow{"no JSON", with_claims("{"), "", kNoClaims},
                    SubjectRow{"a name twice", with_claims(R"({"sub":"a","sub":"b"})"), "", kNoClaims},
                    SubjectRow{"an array", with_claims("[]"), "", kNoClaims},
                    SubjectRow{"no sub", with_claims("{}"), "", kNoSubject},
                    SubjectRow{"sub is a number", with_claims(R"({"sub":1})"), "", kNoSubject},
                    SubjectRow{"sub is empty", with_claims(R"({"sub":""})"), "", kNoSubject}));

}  // namespace
}  // namespace chatelaine::oauth
