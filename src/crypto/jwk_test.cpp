#include "crypto/jwk.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/base64url.hpp"
#include "base/json.hpp"

namespace chatelaine::crypto {
namespace {

json::object rfc7515_key() {
  return {{"kty", "EC"},
          {"crv", "P-256"},
          {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
          {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}};
}
constexpr std::string_view kRfc7515Input =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view kRfc7515Signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

TEST(VerificationKeyTest, Rfc7515AppendixA3VerifiesTheExample) {
  const auto key = VerificationKey::from_jwk(rfc7515_key());
  ASSERT_TRUE(key) << key.error();
  EXPECT_TRUE(key->is_signature_of(kRfc7515Input, *base64url_decode(kRfc7515Signature)));
}

TEST(VerificationKeyTest, RefusesEveryAlteredSignature) {
  const auto key = VerificationKey::from_jwk(rfc7515_key());
  ASSERT_TRUE(key);
  const std::string signature = *base64url_decode(kRfc7515Signature);
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string altered = signature;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(key->is_signature_of(kRfc7515Input, altered)) << i;
  }
  EXPECT_FALSE(key->is_signature_of("another message", signature));
  EXPECT_FALSE(key->is_signature_of(kRfc7515Input, signature.substr(1)));
  EXPECT_FALSE(key->is_signature_of(kRfc7515Input, signature + '\0'));
  EXPECT_FALSE(key->is_signature_of(kRfc7515Input, ""));
  // CVE-2022-21449: r and s of zero.
  EXPECT_FALSE(key->is_signature_of(kRfc7515Input, std::string(64, '\0')));
}

TEST(VerificationKeyTest, Rfc7638ThumbprintIsTheIdWhereThereIsNoKid) {
  // The key and `jkt` of RFC 9449 §4.1 and §6.1.
  const auto key = VerificationKey::from_jwk({{"kty", "EC"},
                                              {"crv", "P-256"},
                                              {"x", "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"},
                                              {"y", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}});
  ASSERT_TRUE(key) << key.error();
  EXPECT_EQ(key->id().value(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

struct BadJwkRow {
  std::string_view sentence;
  std::string_view member;
  json::value value;  ///< null takes the member away
  std::string_view error;
};
class BadJwks : public testing::TestWithParam<BadJwkRow> {};
TEST_P(BadJwks, AreRefusedWithTheMembersName) {
  json::object jwk = rfc7515_key();
  if (GetParam().value.is_null()) {
    jwk.erase(GetParam().member);
  } else {
    jwk[GetParam().member] = GetParam().value;
  }
  const auto key = VerificationKey::from_jwk(jwk);
  ASSERT_FALSE(key) << GetParam().sentence;
  EXPECT_EQ(key.error(), GetParam().error) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc7517, BadJwks,
    testing::Values(
        BadJwkRow{"RFC 7517 §4.1: kty is required", "kty", nullptr, "the member kty is not \"EC\""},
        BadJwkRow{"RFC 7518 §6.3: an RSA key is none of ours", "kty", "RSA", "the member kty is not \"EC\""},
        BadJwkRow{"RFC 7518 §6.2.1.1: another curve", "crv", "P-384", "the member crv is not \"P-256\""},
        BadJwkRow{"RFC 7517 §4.4: alg of another algorithm", "alg", "ES384", "the member alg is not \"ES256\""},
        BadJwkRow{"RFC 7517 §4.4: alg of another type", "alg", 256, "the member alg is not \"ES256\""},
        BadJwkRow{"RFC 7517 §4.2: a key for encryption", "use", "enc", "the member use is not \"sig\""},
        BadJwkRow{"RFC 7517 §4.5: kid of another type", "kid", 1,
                  "the member kid is not a string with something in it"},
        BadJwkRow{"RFC 7518 §6.2.2: a private key is not published", "d", "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
                  "the member d makes it a private key"},
        BadJwkRow{"RFC 7518 §6.2.1.2: x is required", "x", nullptr, "the member x is missing or not a string"},
        BadJwkRow{"RFC 7518 §6.2.1.2: x has the field's full width", "x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA",
                  "the member x is not 32 bytes in base64url"},
        BadJwkRow{"RFC 7515 §2: no padding", "y",
                  "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0=", "the member y is not 32 bytes in base64url"},
        BadJwkRow{"SEC 1 §3.2.2: a point off the curve", "y", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                  "the members x and y are no point of P-256"}));

TEST(SigningKeyTest, SignsWhatItsPublicHalfVerifies) {
  const SigningKey key = SigningKey::generate();
  const auto verifier = VerificationKey::from_jwk(key.public_jwk());
  ASSERT_TRUE(verifier) << verifier.error();
  EXPECT_EQ(verifier->id(), key.id());
  EXPECT_EQ(key.public_jwk().size(), 7U);
  // Enough rounds for an r or s with leading zeros to occur (about one in 128).
  for (int round = 0; round < 600; ++round) {
    const std::string message = "message " + std::to_string(round);
    const std::string signature = key.sign(message);
    ASSERT_EQ(signature.size(), 64U);
    ASSERT_TRUE(verifier->is_signature_of(message, signature)) << round;
  }
}

TEST(SigningKeyTest, ReadsBackFromItsDer) {
  const SigningKey key = SigningKey::generate();
  const auto again = SigningKey::from_der(key.to_der());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id(), key.id());
  EXPECT_TRUE(VerificationKey::from_jwk(key.public_jwk())->is_signature_of("m", again->sign("m")));
}

TEST(SigningKeyTest, RefusesDerThatHoldsNoP256Key) {
  const SigningKey key = SigningKey::generate();
  const PrivateKeyDer der = key.to_der();
  EXPECT_FALSE(SigningKey::from_der(PrivateKeyDer("")));
  EXPECT_FALSE(SigningKey::from_der(PrivateKeyDer("not DER")));
  EXPECT_FALSE(SigningKey::from_der(PrivateKeyDer(std::string(der.reveal()) + 'x'))) << "bytes after the key";
  EXPECT_FALSE(SigningKey::from_der(PrivateKeyDer(der.reveal().substr(0, der.reveal().size() - 1))));
  // An Ed25519 key (RFC 8410 §10.3).
  EXPECT_FALSE(SigningKey::from_der(
      PrivateKeyDer(*base64_decode("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"))));
}

TEST(SigningKeyTest, SignsOnManyThreadsAtOnce) {
  const SigningKey key = SigningKey::generate();
  const auto verifier = VerificationKey::from_jwk(key.public_jwk());
  ASSERT_TRUE(verifier);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 50; ++round) {
        const std::string message = std::to_string(i) + '/' + std::to_string(round);
        ASSERT_TRUE(verifier->is_signature_of(message, key.sign(message)));
      }
    });
  }
}

}  // namespace
}  // namespace chatelaine::crypto
