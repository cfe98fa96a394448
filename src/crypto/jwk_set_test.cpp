#include "crypto/jwk_set.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "crypto/testing/printed_keys.hpp"

namespace chatelaine::crypto {
namespace {

std::string set_of(json::array keys) { return json::serialize(json::object{{"keys", std::move(keys)}}); }

TEST(JwkSetTest, Rfc7517AppendixA1GivesTheKeyForSignatures) {
  const auto set = parse_jwk_set(set_of({test::rfc7517_ec_key(), test::rfc7517_rsa_key()}));
  ASSERT_TRUE(set) << set.error();
  ASSERT_EQ(set->keys.size(), 1U);
  EXPECT_EQ(set->keys[0].id().value(), "2011-04-29");
  EXPECT_EQ(set->ignored, std::vector<std::string>{"keys[0]: the member use is not \"sig\""});
}

TEST(JwkSetTest, Rfc7517Section5WhatIsNotUnderstoodIsPassedOver) {
  json::object unknown_type = test::rfc7515_ec_key();
  unknown_type["kty"] = "AKP";
  json::object unknown_algorithm = test::rfc7515_rsa_key();
  unknown_algorithm["alg"] = "RS512";
  json::object incomplete = test::rfc7515_ec_key();
  incomplete.erase("y");
  const auto set = parse_jwk_set(set_of({unknown_type, unknown_algorithm, incomplete, test::rfc8037_key()}));
  ASSERT_TRUE(set) << set.error();
  EXPECT_EQ(set->keys.size(), 1U);
  EXPECT_EQ(set->ignored, (std::vector<std::string>{R"(keys[0]: the member kty is not "EC", "RSA" or "OKP")",
                                                    R"(keys[1]: the member alg is not "RS256" or "PS256")",
                                                    "keys[2]: the member y is missing or not a string"}));
}

TEST(JwkSetTest, Rfc7517Section45TwoKeysMayHaveOneKid) {
  json::object ec = test::rfc7515_ec_key();
  json::object okp = test::rfc8037_key();
  ec["kid"] = okp["kid"] = "same";
  const auto set = parse_jwk_set(set_of({ec, okp}));
  ASSERT_TRUE(set) << set.error();
  EXPECT_EQ(set->keys.size(), 2U);
}

TEST(JwkSetTest, AnEmptySetAndOtherMembersAreNoFault) {
  const auto set = parse_jwk_set(R"({"keys":[],"issued":"today"})");
  ASSERT_TRUE(set) << set.error();
  EXPECT_TRUE(set->keys.empty());
}

TEST(JwkSetTest, WhatIsNoSetIsRefusedWithASentence) {
  struct Row {
    std::string_view sentence;
    std::string text;
    std::string_view error;
  };
  const Row rows[] = {
      {"no JSON", "{", "it is not JSON: the text ends too early: a bracket or quote is not closed (line 1, column 2)"},
      {"RFC 7517 §5: a JSON object", "[]", "it is not a JSON object"},
      {"RFC 7517 §5.1: keys is required", "{}", "the member keys is missing or not an array"},
      {"RFC 7517 §5.1: keys is an array", R"({"keys":{}})", "the member keys is missing or not an array"},
      {"RFC 7517 §5.1: of objects", R"({"keys":["x"]})", "keys[0] is not an object"},
      {"RFC 7517 §4: a name stands once", R"({"keys":[{"kty":"EC","kty":"RSA"}]})",
       "it is not JSON: the member \"kty\" appears twice in one object (line 1, column 26)"},
      {"RFC 7517 §A.2: a private key", set_of({test::rfc7515_ec_key(), test::rfc7517_private_rsa_key()}),
       "keys[1]: the member d makes it a private key: remove it, and replace the key, which is no secret now"},
      {"RFC 7517 §A.3: a symmetric key", R"({"keys":[{"kty":"oct","alg":"A128KW","k":"GawgguFyGrWKav7AX4VKUg"}]})",
       "keys[0]: the member k makes it a private key: remove it, and replace the key, which is no secret now"},
      {"bounded in number", set_of(json::array(33, test::rfc8037_key())), "the member keys holds more than 32 keys"},
      {"bounded in size", std::string(64 * 1024 + 1, ' '), "it is larger than 65536 bytes"}};
  for (const Row& row : rows) {
    const auto set = parse_jwk_set(row.text);
    ASSERT_FALSE(set) << row.sentence;
    EXPECT_EQ(set.error(), row.error) << row.sentence;
  }
  EXPECT_EQ(parse_jwk_set(set_of(json::array(32, test::rfc8037_key())))->keys.size(), 32U);
}

}  // namespace
}  // namespace chatelaine::crypto
