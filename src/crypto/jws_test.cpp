#include "crypto/jws.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "base/base64url.hpp"
#include "base/json.hpp"

namespace chatelaine::crypto {
namespace {

const SigningKey& key() {
  static const SigningKey made = SigningKey::generate(SignatureAlgorithm::ES256);
  return made;
}
const std::vector<VerificationKey>& keys() {
  static const std::vector<VerificationKey> made{
      *VerificationKey::from_jwk(SigningKey::generate(SignatureAlgorithm::ES256).public_jwk()),
      *VerificationKey::from_jwk(key().public_jwk())};
  return made;
}

/// A JWS whose signature is right whatever its header says.
std::string sign_with_header(const json::object& header, std::string_view payload = "{}") {
  const std::string text = base64url_encode(json::serialize(header)) + '.' + base64url_encode(payload);
  return text + '.' + base64url_encode(key().sign(text));
}
json::object good_header() { return {{"typ", "at+jwt"}, {"alg", "ES256"}, {"kid", key().id().value()}}; }

TEST(JwsTest, WhatIsSignedVerifies) {
  const std::string text = sign_compact(key(), "at+jwt", R"({"sub":"1"})");
  const auto verified = verify_compact(text, "at+jwt", keys());
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->payload, R"({"sub":"1"})");
  EXPECT_EQ(json::serialize(verified->header),
            R"({"typ":"at+jwt","alg":"ES256","kid":")" + key().id().value() + R"("})");
}

TEST(JwsTest, Rfc7515Section419MediaTypePrefixMayBeLeftOut) {
  EXPECT_TRUE(verify_compact(sign_compact(key(), "application/at+jwt", "{}"), "at+jwt", keys()));
  EXPECT_TRUE(verify_compact(sign_compact(key(), "AT+JWT", "{}"), "application/at+jwt", keys()));
}

struct HeaderRow {
  std::string_view sentence;
  std::string_view member;
  json::value value;  ///< null takes the member away
  JwsError error;
};
class HostileHeaders : public testing::TestWithParam<HeaderRow> {};
TEST_P(HostileHeaders, AreRefusedThoughTheSignatureIsRight) {
  json::object header = good_header();
  if (GetParam().value.is_null()) {
    header.erase(GetParam().member);
  } else {
    header[GetParam().member] = GetParam().value;
  }
  const auto verified = verify_compact(sign_with_header(header), "at+jwt", keys());
  ASSERT_FALSE(verified) << GetParam().sentence;
  EXPECT_EQ(verified.error(), GetParam().error) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc8725, HostileHeaders,
    testing::Values(
        HeaderRow{"RFC 8725 §3.1: alg none", "alg", "none", JwsError::unsupported_algorithm},
        HeaderRow{"RFC 8725 §3.1: HMAC under the public key", "alg", "HS256", JwsError::unsupported_algorithm},
        HeaderRow{"RFC 8725 §3.1: alg in another case", "alg", "es256", JwsError::unsupported_algorithm},
        HeaderRow{"RFC 7515 §4.1.1: alg is required", "alg", nullptr, JwsError::unsupported_algorithm},
        HeaderRow{"RFC 7515 §4.1.1: alg is a string", "alg", 1, JwsError::unsupported_algorithm},
        HeaderRow{"RFC 7515 §4.1.11: an extension we do not understand", "crit", json::array{"exp"},
                  JwsError::unsupported_algorithm},
        HeaderRow{"RFC 7515 §4.1.3: the sender's own key", "jwk", json::object{}, JwsError::unsupported_algorithm},
        HeaderRow{"RFC 7515 §4.1.2: a key set to fetch", "jku", "https://evil.example/",
                  JwsError::unsupported_algorithm},
        HeaderRow{"RFC 7515 §4.1.5: a certificate to fetch", "x5u", "https://evil.example/",
                  JwsError::unsupported_algorithm},
        HeaderRow{"RFC 7515 §4.1.6: the sender's own certificate", "x5c", json::array{"MA=="},
                  JwsError::unsupported_algorithm},
        HeaderRow{"RFC 7797 §3: an unencoded payload", "b64", false, JwsError::unsupported_algorithm},
        HeaderRow{"RFC 8725 §3.11: a token of another type", "typ", "JWT", JwsError::wrong_type},
        HeaderRow{"RFC 9068 §4: typ is required", "typ", nullptr, JwsError::wrong_type},
        HeaderRow{"RFC 7515 §4.1.4: a key we do not have", "kid", "another", JwsError::unknown_key},
        HeaderRow{"RFC 7515 §4.1.4: kid is required here", "kid", nullptr, JwsError::unknown_key}));

struct TextRow {
  std::string_view sentence;
  std::string text;
};
class MalformedTexts : public testing::TestWithParam<TextRow> {};
TEST_P(MalformedTexts, AreRefused) {
  const auto verified = verify_compact(GetParam().text, "at+jwt", keys());
  ASSERT_FALSE(verified) << GetParam().sentence;
  EXPECT_EQ(verified.error(), JwsError::malformed) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc7515, MalformedTexts,
    testing::Values(TextRow{"RFC 7515 §7.1: three parts, not none", ""},
                    TextRow{"RFC 7515 §7.1: three parts, not one", "a"},
                    TextRow{"RFC 7515 §7.1: three parts, not two", "e30.e30"},
                    TextRow{"RFC 7515 §7.1: three parts, not four", sign_with_header(good_header()) + ".e30"},
                    TextRow{"RFC 7516 §3.1: an encrypted token has five", "e30.e30.e30.e30.e30"},
                    TextRow{"RFC 7515 §5.2: the header is JSON", "bm90anNvbg.e30.e30"},
                    TextRow{"RFC 7515 §5.2: the header is an object", base64url_encode("[]") + ".e30.e30"},
                    TextRow{"RFC 7515 §4: a name stands once in the header",
                            base64url_encode(R"({"alg":"none","alg":"ES256"})") + ".e30.e30"},
                    TextRow{"RFC 7515 §2: no padding", sign_with_header(good_header()) + "="},
                    TextRow{"RFC 7515 §2: no white space", ' ' + sign_with_header(good_header())},
                    TextRow{"a token has at most 16 KiB",
                            sign_with_header(good_header(), std::string(16 * 1024, 'x'))}));

TEST(JwsTest, EveryAlteredCharacterIsRefused) {
  const std::string text = sign_compact(key(), "at+jwt", R"({"sub":"1"})");
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string altered = text;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_compact(altered, "at+jwt", keys())) << i;
  }
}

TEST(JwsTest, AnotherKeyOfTheSameNameDoesNotVerify) {
  json::object impostor = SigningKey::generate(SignatureAlgorithm::ES256).public_jwk();
  impostor["kid"] = key().id().value();
  const std::vector<VerificationKey> impostors{*VerificationKey::from_jwk(impostor)};
  const auto verified = verify_compact(sign_compact(key(), "at+jwt", "{}"), "at+jwt", impostors);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error(), JwsError::bad_signature);
  // RFC 7517 §4.5: of two keys of one name the right one is found.
  const std::vector<VerificationKey> both{impostors[0], *VerificationKey::from_jwk(key().public_jwk())};
  EXPECT_TRUE(verify_compact(sign_compact(key(), "at+jwt", "{}"), "at+jwt", both));
}

/// A key of each algorithm.
const std::vector<SigningKey>& signing_keys() {
  static const std::vector<SigningKey> made = [] {
    std::vector<SigningKey> keys;
    for (const SignatureAlgorithm algorithm : kSignatureAlgorithms) keys.push_back(SigningKey::generate(algorithm));
    return keys;
  }();
  return made;
}

VerificationKey public_half(const SigningKey& key) { return VerificationKey::from_jwk(key.public_jwk()).value(); }

TEST(JwsTest, Rfc8725Section31TheKeyDecidesTheAlgorithm) {
  for (const SigningKey& signer : signing_keys()) {
    const std::vector published{public_half(signer)};
    const std::string good = sign_compact(signer, "at+jwt", "{}");
    const auto verified = verify_compact(good, "at+jwt", published);
    ASSERT_TRUE(verified) << to_string(signer.algorithm());
    EXPECT_EQ(verified->algorithm, signer.algorithm());
    // A signature that is right, under a header that names the wrong algorithm.
    for (const SignatureAlgorithm other : kSignatureAlgorithms) {
      if (other == signer.algorithm()) continue;
      const json::object header{{"typ", "at+jwt"}, {"alg", to_string(other)}, {"kid", signer.id().value()}};
      const std::string text = base64url_encode(json::serialize(header)) + ".e30";
      const auto confused = verify_compact(text + '.' + base64url_encode(signer.sign(text)), "at+jwt", published);
      ASSERT_FALSE(confused);
      EXPECT_EQ(confused.error(), JwsError::unsupported_algorithm) << to_string(other);
    }
  }
}

constexpr std::array<std::string_view, 1> kJwt{"JWT"};

/// As other people's software makes them.
std::string sign_foreign(const SigningKey& signer, json::object header) {
  header["alg"] = to_string(signer.algorithm());
  const std::string text = base64url_encode(json::serialize(header)) + ".e30";
  return text + '.' + base64url_encode(signer.sign(text));
}

TEST(ForeignJws, Rfc7519Section51TypMayBeAbsent) {
  for (const SigningKey& signer : signing_keys()) {
    const std::vector published{public_half(signer)};
    const json::object named{{"kid", signer.id().value()}};
    EXPECT_TRUE(verify_foreign_compact(sign_foreign(signer, named), kJwt, published));
    json::object typed = named;
    typed["typ"] = "jwt";
    EXPECT_TRUE(verify_foreign_compact(sign_foreign(signer, typed), kJwt, published));
    typed["typ"] = "at+jwt";
    EXPECT_EQ(verify_foreign_compact(sign_foreign(signer, typed), kJwt, published).error(), JwsError::wrong_type);
    typed["typ"] = 1;
    EXPECT_EQ(verify_foreign_compact(sign_foreign(signer, typed), kJwt, published).error(), JwsError::wrong_type);
  }
}

TEST(ForeignJws, Rfc7515Section414KidMayBeAbsentAndThenEveryKeyOfTheAlgorithmIsTried) {
  std::vector<VerificationKey> published;
  for (const SigningKey& signer : signing_keys()) {
    published.push_back(public_half(SigningKey::generate(SignatureAlgorithm::ES256)));
    published.push_back(public_half(signer));
  }
  for (const SigningKey& signer : signing_keys()) {
    EXPECT_TRUE(verify_foreign_compact(sign_foreign(signer, {}), kJwt, published));
    EXPECT_EQ(verify_foreign_compact(sign_foreign(signer, {{"kid", "another"}}), kJwt, published).error(),
              JwsError::unknown_key);
    EXPECT_EQ(verify_foreign_compact(sign_foreign(signer, {{"kid", 1}}), kJwt, published).error(),
              JwsError::unknown_key);
    EXPECT_EQ(verify_foreign_compact(sign_foreign(signer, {}), kJwt, {}).error(), JwsError::unknown_key);
  }
}

TEST(ForeignJws, AtMostSixteenKeysAreTried) {
  const SigningKey& signer = signing_keys().front();
  std::vector<VerificationKey> published;
  for (int i = 0; i < 15; ++i) published.push_back(public_half(SigningKey::generate(SignatureAlgorithm::ES256)));
  for (int i = 0; i < 4; ++i) published.push_back(public_half(SigningKey::generate(SignatureAlgorithm::EdDSA)));
  published.push_back(public_half(signer));
  EXPECT_TRUE(verify_foreign_compact(sign_foreign(signer, {}), kJwt, published))
      << "those of another kind cost nothing";
  published.insert(published.begin(), published.front());
  EXPECT_EQ(verify_foreign_compact(sign_foreign(signer, {}), kJwt, published).error(), JwsError::bad_signature);
}

TEST(ForeignJws, AnRsaKeyWithoutAlgVerifiesBothOfItsAlgorithms) {
  const SigningKey& rs256 = signing_keys()[1];
  json::object jwk = rs256.public_jwk();
  jwk.erase("alg");
  const std::vector published{VerificationKey::from_jwk(jwk).value()};
  const auto ps256 = SigningKey::from_der(rs256.to_der(), SignatureAlgorithm::PS256).value();
  EXPECT_TRUE(verify_foreign_compact(sign_foreign(rs256, {}), kJwt, published));
  EXPECT_TRUE(verify_foreign_compact(sign_foreign(ps256, {}), kJwt, published));
}

TEST_P(HostileHeaders, AreRefusedOfOthersToo) {
  if (GetParam().error != JwsError::unsupported_algorithm) return;
  json::object header = good_header();
  header[GetParam().member] = GetParam().value;
  const auto verified =
      verify_foreign_compact(sign_with_header(header), std::array<std::string_view, 1>{"at+jwt"}, keys());
  ASSERT_FALSE(verified) << GetParam().sentence;
  EXPECT_EQ(verified.error(), JwsError::unsupported_algorithm) << GetParam().sentence;
}

}  // namespace
}  // namespace chatelaine::crypto
