#include "crypto/jwk.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/testing/printed_keys.hpp"

namespace chatelaine::crypto {
namespace {

using enum SignatureAlgorithm;

/// What a specification's appendix signed.
struct Example {
  std::string_view sentence;
  json::object jwk;
  SignatureAlgorithm algorithm;
  std::string_view input;
  std::string_view signature;
};

const std::vector<Example>& examples() {
  static const std::vector<Example> all{
      {"RFC 7515 §A.3: ES256", test::rfc7515_ec_key(), ES256,
       "eyJhbGciOiJFUzI1NiJ9."
       "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
       "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
      {"RFC 7515 §A.2: RS256", test::rfc7515_rsa_key(), RS256,
       "eyJhbGciOiJSUzI1NiJ9."
       "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
       "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr"
       "7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--x"
       "i12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_Ioy"
       "pGlUPQGe77Rw"},
      {"RFC 8037 §A.4: EdDSA", test::rfc8037_key(), EdDSA, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
       "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"}};
  return all;
}

TEST(VerificationKeyTest, VerifiesTheSpecificationsExamples) {
  for (const Example& example : examples()) {
    const auto key = VerificationKey::from_jwk(example.jwk);
    ASSERT_TRUE(key) << example.sentence << ": " << key.error();
    EXPECT_TRUE(key->is_signature_of(example.algorithm, example.input, *base64url_decode(example.signature)))
        << example.sentence;
  }
}

TEST(VerificationKeyTest, RefusesEveryAlteredSignature) {
  for (const Example& example : examples()) {
    const auto key = VerificationKey::from_jwk(example.jwk).value();
    const std::string signature = *base64url_decode(example.signature);
    for (std::size_t i = 0; i < signature.size(); ++i) {
      std::string altered = signature;
      altered[i] = static_cast<char>(altered[i] ^ 1);
      EXPECT_FALSE(key.is_signature_of(example.algorithm, example.input, altered)) << example.sentence << ' ' << i;
    }
    // RFC 8017 §8.1.2 and §8.2.2, RFC 7518 §3.4, RFC 8032 §5.1.7: a signature has one length.
    for (const std::string& other : {signature.substr(1), signature + '\0', '\0' + signature, std::string(),
                                     // CVE-2022-21449: r and s of zero.
                                     std::string(signature.size(), '\0')}) {
      EXPECT_FALSE(key.is_signature_of(example.algorithm, example.input, other)) << example.sentence;
    }
    EXPECT_FALSE(key.is_signature_of(example.algorithm, "another message", signature)) << example.sentence;
  }
}

TEST(VerificationKeyTest, Rfc8725Section31AnAlgorithmThatIsNotTheKeysVerifiesNothing) {
  for (const Example& example : examples()) {
    const auto key = VerificationKey::from_jwk(example.jwk).value();
    for (const SignatureAlgorithm other : kSignatureAlgorithms) {
      EXPECT_EQ(key.is_signature_of(other, example.input, *base64url_decode(example.signature)),
                other == example.algorithm)
          << example.sentence << ' ' << to_string(other);
    }
  }
}

TEST(VerificationKeyTest, Rfc7517Section44AlgLeavesOneOfTheTypesAlgorithms) {
  using Algorithms = std::vector<SignatureAlgorithm>;
  json::object rsa = test::rfc7515_rsa_key();
  EXPECT_EQ(VerificationKey::from_jwk(rsa)->algorithms(), (Algorithms{RS256, PS256}));
  rsa["alg"] = "PS256";
  const auto narrowed = VerificationKey::from_jwk(rsa).value();
  EXPECT_EQ(narrowed.algorithms(), Algorithms{PS256});
  const Example& signed_with_rs256 = examples()[1];
  EXPECT_FALSE(
      narrowed.is_signature_of(RS256, signed_with_rs256.input, *base64url_decode(signed_with_rs256.signature)));
  EXPECT_EQ(VerificationKey::from_jwk(test::rfc7515_ec_key())->algorithms(), Algorithms{ES256});
  EXPECT_EQ(VerificationKey::from_jwk(test::rfc8037_key())->algorithms(), Algorithms{EdDSA});
}

/// RFC 7638 §3.2: of the required members alone, whatever else the key says.
TEST(VerificationKeyTest, TheThumbprintIsTheIdWhereThereIsNoKid) {
  struct Row {
    std::string_view sentence;
    json::object jwk;
    std::string_view thumbprint;
  };
  json::object rfc7638 = test::rfc7517_rsa_key();
  rfc7638.erase("kid");
  const Row rows[] = {{"RFC 9449 §4.1 and §6.1: P-256",
                       {{"kty", "EC"},
                        {"crv", "P-256"},
                        {"x", "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"},
                        {"y", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}},
                       "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"},
                      {"RFC 7638 §3, §3.1: the example, RSA", rfc7638, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},
                      {"RFC 8037 §A.3: Ed25519", test::rfc8037_key(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}};
  for (const Row& row : rows) {
    const auto key = VerificationKey::from_jwk(row.jwk);
    ASSERT_TRUE(key) << row.sentence << ": " << key.error();
    EXPECT_EQ(key->id().value(), row.thumbprint) << row.sentence;
  }
}

TEST(VerificationKeyTest, Rfc7517Section43KeyOpsMayNameTheUse) {
  json::object jwk = test::rfc7515_ec_key();
  jwk["key_ops"] = json::array{"verify"};
  jwk["use"] = "sig";
  jwk["x5t"] = "what is not known is passed over (RFC 7517 §4)";
  EXPECT_TRUE(VerificationKey::from_jwk(jwk));
}

json::value octets(std::string_view bytes) { return json::string(base64url_encode(bytes)); }
/// An odd number of so many bits.
json::value modulus(std::size_t bits) { return octets(std::string(bits / 8, '\xff')); }

struct BadJwkRow {
  std::string_view sentence;
  json::object jwk;
  std::string_view member;
  json::value value;  ///< null takes the member away
  std::string_view error;
};
class BadJwks : public testing::TestWithParam<BadJwkRow> {};
TEST_P(BadJwks, AreRefusedWithTheMembersName) {
  json::object jwk = GetParam().jwk;
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
    testing::Values(BadJwkRow{"RFC 7517 §4.1: kty is required", test::rfc7515_ec_key(), "kty", nullptr,
                              R"(the member kty is not "EC", "RSA" or "OKP")"},
                    BadJwkRow{"RFC 7518 §6.1: a type we do not know", test::rfc7515_ec_key(), "kty", "AKP",
                              R"(the member kty is not "EC", "RSA" or "OKP")"},
                    BadJwkRow{"RFC 7517 §4.1: case matters", test::rfc7515_ec_key(), "kty", "ec",
                              R"(the member kty is not "EC", "RSA" or "OKP")"},
                    BadJwkRow{"RFC 7517 §4.4: alg of another algorithm", test::rfc7515_ec_key(), "alg", "ES384",
                              "the member alg is not \"ES256\""},
                    BadJwkRow{"RFC 7517 §4.4: alg of another key type", test::rfc7515_rsa_key(), "alg", "ES256",
                              "the member alg is not \"RS256\" or \"PS256\""},
                    BadJwkRow{"RFC 8725 §3.1: alg of HMAC in an RSA key", test::rfc7515_rsa_key(), "alg", "HS256",
                              "the member alg is not \"RS256\" or \"PS256\""},
                    BadJwkRow{"RFC 7517 §4.4: alg of another JSON type", test::rfc8037_key(), "alg", 256,
                              "the member alg is not \"EdDSA\""},
                    BadJwkRow{"RFC 7517 §4.2: a key for encryption", test::rfc7515_ec_key(), "use", "enc",
                              "the member use is not \"sig\""},
                    BadJwkRow{"RFC 7517 §4.3: a key for encryption", test::rfc7515_ec_key(), "key_ops",
                              json::array{"deriveKey"}, "the member key_ops has no \"verify\""},
                    BadJwkRow{"RFC 7517 §4.3: key_ops is an array", test::rfc7515_ec_key(), "key_ops", "verify",
                              "the member key_ops has no \"verify\""},
                    BadJwkRow{"RFC 7517 §4.5: kid of another type", test::rfc7515_ec_key(), "kid", 1,
                              "the member kid is not a string of 1 to 256 bytes"},
                    BadJwkRow{"RFC 7517 §4.5: kid is kept, so it is bounded", test::rfc7515_ec_key(), "kid",
                              json::string(257, 'k'), "the member kid is not a string of 1 to 256 bytes"}));

INSTANTIATE_TEST_SUITE_P(
    Ec, BadJwks,
    testing::Values(
        BadJwkRow{"RFC 7518 §6.2.1.1: another curve", test::rfc7515_ec_key(), "crv", "P-384",
                  "the member crv is not \"P-256\""},
        BadJwkRow{"RFC 7518 §6.2.2: a private key is not published", test::rfc7515_ec_key(), "d",
                  "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI", "the member d makes it a private key"},
        BadJwkRow{"RFC 7518 §6.2.1.2: x is required", test::rfc7515_ec_key(), "x", nullptr,
                  "the member x is missing or not a string"},
        BadJwkRow{"RFC 7518 §6.2.1.2: x has the field's full width", test::rfc7515_ec_key(), "x",
                  "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA", "the member x is not 32 bytes in base64url"},
        BadJwkRow{"RFC 7515 §2: no padding", test::rfc7515_ec_key(), "y",
                  "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0=", "the member y is not 32 bytes in base64url"},
        BadJwkRow{"RFC 8725 §3.4: a point off the curve", test::rfc7515_ec_key(), "y",
                  "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "the members x and y are no point of P-256"}));

INSTANTIATE_TEST_SUITE_P(
    Rsa, BadJwks,
    testing::Values(BadJwkRow{"RFC 7518 §6.3.1.1: n is required", test::rfc7515_rsa_key(), "n", nullptr,
                              "the member n is missing or not a string"},
                    BadJwkRow{"RFC 7518 §3.3: fewer than 2048 bits", test::rfc7515_rsa_key(), "n", modulus(2040),
                              "the member n: it is an RSA key of 2040 bits, not of 2048 to 4096"},
                    BadJwkRow{"a key so large that its check would hold the server up", test::rfc7515_rsa_key(), "n",
                              modulus(16384), "the member n has more than 512 bytes"},
                    BadJwkRow{"RFC 7518 §6.3.1.1: no extra octet in front", test::rfc7515_rsa_key(), "n",
                              octets('\0' + std::string(256, '\xff')), "the member n begins with a zero byte"},
                    BadJwkRow{"an even modulus", test::rfc7515_rsa_key(), "n",
                              octets(std::string(255, '\xff') + '\xfe'), "the member n: its modulus is even"},
                    BadJwkRow{"RFC 7518 §6.3.1.2: e is required", test::rfc7515_rsa_key(), "e", nullptr,
                              "the member e is missing or not a string"},
                    BadJwkRow{"an exponent of one, under which every message signs itself", test::rfc7515_rsa_key(),
                              "e", "AQ", "the member e: its public exponent is not an odd number from 3 to 4294967295"},
                    BadJwkRow{"an even exponent", test::rfc7515_rsa_key(), "e", "AQAC",
                              "the member e: its public exponent is not an odd number from 3 to 4294967295"},
                    BadJwkRow{"an exponent as long as the modulus", test::rfc7515_rsa_key(), "e", modulus(2048),
                              "the member e has more than 4 bytes"},
                    BadJwkRow{"RFC 7518 §2: a number of no octet", test::rfc7515_rsa_key(), "e", "",
                              "the member e is not a number in base64url"},
                    BadJwkRow{"RFC 7518 §6.3.2: a private key", test::rfc7515_rsa_key(), "dp", "AQAB",
                              "the member dp makes it a private key"}));

INSTANTIATE_TEST_SUITE_P(
    Okp, BadJwks,
    testing::Values(BadJwkRow{"RFC 8037 §2: another curve", test::rfc8037_key(), "crv", "Ed448",
                              "the member crv is not \"Ed25519\""},
                    BadJwkRow{"RFC 8037 §3.2: a key for agreement", test::rfc8037_key(), "crv", "X25519",
                              "the member crv is not \"Ed25519\""},
                    BadJwkRow{"RFC 8037 §2: x is required", test::rfc8037_key(), "x", nullptr,
                              "the member x is missing or not a string"},
                    BadJwkRow{"RFC 8032 §5.1.2: 32 octets", test::rfc8037_key(), "x",
                              "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ",
                              "the member x is not 32 bytes in base64url"},
                    BadJwkRow{"RFC 8032 §5.1.3: no point", test::rfc8037_key(), "x", octets(std::string(32, '\xff')),
                              "the member x is no point of Ed25519"},
                    BadJwkRow{"a point of small order, under which one signature fits every message",
                              test::rfc8037_key(), "x", octets('\x01' + std::string(31, '\0')),
                              "the member x is no point of Ed25519"},
                    BadJwkRow{"RFC 8037 §2: a private key", test::rfc8037_key(), "d",
                              "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "the member d makes it a private key"}));

}  // namespace
}  // namespace chatelaine::crypto
