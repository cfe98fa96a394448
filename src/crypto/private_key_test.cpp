#include "crypto/private_key.hpp"

#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/testing/printed_keys.hpp"

namespace chatelaine::crypto {
namespace {

using enum SignatureAlgorithm;

/// RFC 7517 §A.2.
json::object private_ec_key() {
  json::object jwk = test::rfc7517_ec_key();
  jwk["use"] = "sig";
  jwk["d"] = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";
  return jwk;
}

std::string pem(std::string_view label, std::string_view der) {
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  const std::string encoded = base64_encode(der);
  for (std::size_t i = 0; i < encoded.size(); i += 64) text += encoded.substr(i, 64) + '\n';
  return text + "-----END " + std::string(label) + "-----\n";
}

TEST(PrivateKeyTest, APrivateJwkIsReadWithItsPublicHalf) {
  struct Row {
    std::string_view sentence;
    json::object jwk;
    SignatureAlgorithm algorithm;
  };
  const Row rows[] = {{"RFC 7517 §A.2, RFC 7518 §6.2.2.1: EC", private_ec_key(), ES256},
                      {"RFC 7517 §A.2: RSA, whose alg decides", test::rfc7517_private_rsa_key(), RS256},
                      {"RFC 8037 §A.1: Ed25519", test::rfc8037_private_key(), EdDSA}};
  for (const Row& row : rows) {
    const auto key = parse_private_key(json::serialize(row.jwk), std::nullopt);
    ASSERT_TRUE(key) << row.sentence << ": " << key.error();
    EXPECT_EQ(key->algorithm(), row.algorithm) << row.sentence;
    const json::object jwk = key->public_jwk();
    for (const std::string_view member : {"x", "y", "n", "e"}) {
      if (row.jwk.contains(member)) {
        EXPECT_EQ(jwk.at(member), row.jwk.at(member)) << row.sentence;
      }
    }
    const auto verifier = VerificationKey::from_jwk(jwk).value();
    EXPECT_TRUE(verifier.is_signature_of(row.algorithm, "m", key->sign("m"))) << row.sentence;
  }
}

TEST(PrivateKeyTest, PemIsReadInEachOfItsForms) {
  const SigningKey ec = SigningKey::generate(ES256);
  const SigningKey rsa = SigningKey::generate(RS256);
  const SigningKey ed25519 = SigningKey::generate(EdDSA);
  for (const SigningKey* key : {&ec, &rsa, &ed25519}) {
    const auto read = parse_private_key(pem("PRIVATE KEY", key->to_der().reveal()), std::nullopt);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->id(), key->id());
    EXPECT_EQ(read->algorithm(), key->algorithm());
  }
  // The older forms stand within PKCS #8, behind a head of fixed length.
  const PrivateKeyDer ec_der = ec.to_der();
  const PrivateKeyDer rsa_der = rsa.to_der();
  const auto sec1 = parse_private_key(pem("EC PRIVATE KEY", ec_der.reveal().substr(29)), std::nullopt);
  ASSERT_FALSE(sec1) << "SEC 1 §C.4 without parameters: PKCS #8 names the curve outside";
  const auto pkcs1 = parse_private_key(pem("RSA PRIVATE KEY", rsa_der.reveal().substr(26)), PS256);
  ASSERT_TRUE(pkcs1) << pkcs1.error();
  EXPECT_EQ(pkcs1->id(), rsa.id());
  EXPECT_EQ(pkcs1->algorithm(), PS256);
}

TEST(PrivateKeyTest, Sec1WithItsParametersIsReadAsOpensslWritesIt) {
  // `openssl ecparam -genkey -name prime256v1`.
  const auto key = parse_private_key(R"(-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIPO9DAeoH7kyeB7VJ1L2DMiaa+XlGTT+AZON21XY93gBoAoGCCqGSM49
AwEHoUQDQgAEMKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D7gS2XpJFbZ
iItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw==
-----END EC PRIVATE KEY-----
)",
                                     std::nullopt);
  ASSERT_TRUE(key) << key.error();
  EXPECT_EQ(key->public_jwk().at("x"), private_ec_key().at("x"));
}

TEST(PrivateKeyTest, WhatCannotSignIsRefusedWithASentence) {
  struct Row {
    std::string_view sentence;
    std::string text;
    std::optional<SignatureAlgorithm> algorithm;
    std::string_view error;
  };
  const auto with = [](json::object jwk, std::string_view member, json::value value) {
    jwk[member] = std::move(value);
    return json::serialize(jwk);
  };
  json::object without_primes = test::rfc7517_private_rsa_key();
  without_primes.erase("p");
  const std::string private_ec = json::serialize(private_ec_key());
  const Row rows[] = {
      {"neither", "key", {}, "the text is neither PEM nor JSON: syntax error (line 1, column 1)"},
      {"no object", "[]", {}, "the JSON text is no JWK"},
      {"a public JWK", json::serialize(test::rfc7515_ec_key()), {}, "the member d is missing: this is a public key"},
      {"RFC 7517 §4.2: for encryption", with(private_ec_key(), "use", "enc"), {}, "the member use is not \"sig\""},
      {"RFC 7517 §4.3: for verification alone",
       with(private_ec_key(), "key_ops", json::array{"verify"}),
       {},
       "the member key_ops has no \"sign\""},
      {"RFC 7517 §4.4: for another algorithm",
       with(test::rfc7517_private_rsa_key(), "alg", "RSA-OAEP"),
       {},
       R"(the member alg is none of "ES256", "RS256", "PS256" and "EdDSA")"},
      {"an algorithm that the key is not for", json::serialize(test::rfc7517_private_rsa_key()), PS256,
       "the member alg says that the key is for RS256, not for PS256"},
      {"RFC 8725 §3.1: an algorithm of another type", private_ec, RS256, "it is no RSA key"},
      {"RFC 7518 §6.3.2: d without the primes",
       json::serialize(without_primes),
       {},
       "the member p is missing or not a string"},
      {"RFC 7518 §6.3.2.7: three primes",
       with(test::rfc7517_private_rsa_key(), "oth", json::array{}),
       {},
       "the member oth: keys of more than two primes are not supported"},
      {"the private half of another key",
       with(private_ec_key(), "d", "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
       {},
       "the private half of the key does not belong to its public half"},
      {"the private half of another key",
       with(test::rfc8037_private_key(), "d", private_ec_key().at("d")),
       {},
       "the members x and d are no key of Ed25519"},
      {"a certificate",
       pem("CERTIFICATE", "x"),
       {},
       "the PEM text holds no private key in PKCS #8, SEC 1 or PKCS #1 that can be read"},
      {"an encrypted key",
       R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhUtr+rO9Rk1gICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEJMT0eH9niSR8gZ+kGvFnlMEQOGF
uF76i/9r6tHKuREy7UwzUbOASOwDGPN2or6IiSkAmhTUDU1QF95GxoYp1JPTAnWJ
xiJzYFlJTOeTrvi+34Q=
-----END ENCRYPTED PRIVATE KEY-----
)",
       {},
       "the key is encrypted with a passphrase: decrypt it first (openssl pkey -in … -out …)"},
      {"bounded", std::string(64 * 1024 + 1, ' '), {}, "it is larger than 65536 bytes"}};
  for (const Row& row : rows) {
    const auto key = parse_private_key(row.text, row.algorithm);
    ASSERT_FALSE(key) << row.sentence;
    EXPECT_EQ(key.error(), row.error) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::crypto
