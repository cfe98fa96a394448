#include "crypto/jws.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/base64url.hpp"
#include "base/json.hpp"

namespace chatelaine::crypto {
namespace {

const SigningKey& key() {
  static const SigningKey made = SigningKey::generate();
  return made;
}
const std::vector<VerificationKey>& keys() {
  static const std::vector<VerificationKey> made{*VerificationKey::from_jwk(SigningKey::generate().public_jwk()),
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
  json::object impostor = SigningKey::generate().public_jwk();
  impostor["kid"] = key().id().value();
  const std::vector<VerificationKey> impostors{*VerificationKey::from_jwk(impostor)};
  const auto verified = verify_compact(sign_compact(key(), "at+jwt", "{}"), "at+jwt", impostors);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error(), JwsError::bad_signature);
}

}  // namespace
}  // namespace chatelaine::crypto
