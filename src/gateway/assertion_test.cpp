#include "gateway/assertion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.hpp"
#include "base/json.hpp"
#include "crypto/jws.hpp"
#include "gateway/testing.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;

json::object verify(const std::string& assertion, const crypto::SigningKey& key) {
  const std::vector keys{crypto::VerificationKey::from_jwk(key.public_jwk()).value()};
  const auto verified = crypto::verify_compact(assertion, "chatelaine-assertion+jwt", keys);
  EXPECT_TRUE(verified);
  return parse_json(verified.value().payload).value().as_object();
}

TEST(Assertion, SaysWhoCallsForAMinute) {
  const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  const Instant now = from_numeric_date(1'700'000'100);
  const json::object claims = verify(sign_assertion(make_token({"read", "write"}), make_settings(), key, now), key);
  const json::object expected{{"iss", "https://todo.example.com"},
                              {"aud", "https://todo.example.com/api"},
                              {"sub", "user-1"},
                              {"client_id", "client-1"},
                              {"scope", "read write"},
                              {"iat", 1'700'000'100},
                              {"exp", 1'700'000'160},
                              {"grant", format_id(42)}};
  EXPECT_EQ(json::value(claims), json::value(expected));
}

TEST(Assertion, LastsNoLongerThanTheToken) {
  const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  const json::object claims =
      verify(sign_assertion(make_token({}), make_settings(), key, from_numeric_date(1'700'003'590)), key);
  EXPECT_EQ(claims.at("exp").as_int64(), 1'700'003'600);
}

TEST(Assertion, AClientsOwnTokenHasNoGrant) {
  const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  oauth::AccessToken token = make_token({});
  token.grant_id.reset();
  EXPECT_FALSE(verify(sign_assertion(token, make_settings(), key, token.issued_at), key).contains("grant"));
}

}  // namespace
}  // namespace chatelaine::gateway
