#include "oauth/clients/client_keys.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "crypto/jwk.hpp"

namespace chatelaine::oauth {
namespace {

const crypto::SigningKey& some_key() {
  static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  return key;
}
std::string set_of(const json::object& jwk) { return json::serialize(json::object{{"keys", json::array{jwk}}}); }

TEST(ClientKeysTest, Rfc7517Section5WhatIsNotOfTheSetIsLeftOut) {
  json::object set{{"keys", json::array{some_key().public_jwk()}}, {"comment", "mine"}};
  const auto kept = check_client_jwks(json::serialize(set));
  ASSERT_TRUE(kept) << kept.error().description;
  EXPECT_EQ(*kept, set_of(some_key().public_jwk()));
}

TEST(ClientKeysTest, WhatCannotBeTakenIsSaid) {
  json::object with_private = some_key().public_jwk();
  with_private["d"] = "AAAA";
  json::object encrypting = some_key().public_jwk();
  encrypting["use"] = "enc";
  struct Row {
    std::string_view sentence;
    std::string text;
    std::string_view description;
  };
  const std::vector<Row> rows{
      {"no JSON", "{", "The JWK Set is not JSON: "},
      {"an array", "[]", "The JWK Set must be a JSON object with the member keys."},
      {"no keys", "{}", "The JWK Set cannot be taken: "},
      {"an empty set", R"({"keys":[]})", "The JWK Set holds no key that verifies"},
      {"RFC 7518 §6.2.2: a private key", set_of(with_private), "The JWK Set cannot be taken: "},
      {"RFC 7518 §6.4: a shared secret", set_of({{"kty", "oct"}, {"k", "AAAA"}}), "The JWK Set cannot be taken: "},
      {"RFC 7517 §4.2: keys for another use", set_of(encrypting), "The JWK Set holds no key that verifies"},
      {"more than 64 KiB", std::string(65 * 1024, ' '), "The JWK Set is larger than 64 KiB."},
  };
  for (const Row& row : rows) {
    const auto kept = check_client_jwks(row.text);
    ASSERT_FALSE(kept) << row.sentence;
    EXPECT_TRUE(kept.error().description.starts_with(row.description)) << row.sentence << kept.error().description;
  }
  EXPECT_NE(check_client_jwks(set_of(with_private)).error().description.find("private"), std::string::npos);
}

TEST(ClientKeysTest, Rfc7591Section2AJwksUriIsAnAddressOnTheWeb) {
  struct Row {
    std::string text;
    /// Empty: taken.
    std::string_view description;
  };
  const std::vector<Row> rows{
      {"https://a.example/jwks?v=1", ""},
      {"http://127.0.0.1:3000/jwks", ""},
      {"http://a.example/jwks", "The jwks_uri must start with https://."},
      {"ftp://a.example/jwks", "The jwks_uri must start with https:// (or http:// on loopback)."},
      {"jwks", "The jwks_uri is not an absolute URL such as https://example.com/path."},
      {"https://a@a.example/", "The jwks_uri must not hold a user name or password."},
      {"https://a.example/#x", "The jwks_uri must not have a fragment."},
      {"https://a.example/" + std::string(512, 'x'), "The jwks_uri is longer than 512 characters."},
  };
  for (const Row& row : rows) {
    const auto checked = check_client_jwks_uri(row.text);
    EXPECT_EQ(checked ? "" : checked.error().description, row.description) << row.text;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
