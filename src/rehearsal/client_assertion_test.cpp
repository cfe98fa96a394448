#include "rehearsal/client_assertion.hpp"

#include <gtest/gtest.h>

#include "oauth/clients/client_assertion.hpp"

namespace chatelaine::rehearsal {
namespace {

constexpr Instant kNow{milliseconds{1'800'000'000'000}};

Client with_key() {
  Client client;
  client.id = oauth::ClientId("made-1");
  client.method = oauth::AuthenticationMethod::private_key_jwt;
  client.key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  return client;
}

/// RFC 7523 §3: as a server that is strict takes it, and never the same one twice.
TEST(ClientAssertion, IsTakenByAServerThatIsStrict) {
  const Client client = with_key();
  const std::vector keys{crypto::VerificationKey::from_jwk(client.key->public_jwk()).value()};
  SystemRandomness randomness;
  Server with_metadata;
  with_metadata.issuer = "https://a.example";
  with_metadata.token_endpoint = "https://a.example/token";
  Server without;
  without.token_endpoint = "https://a.example/token";
  const oauth::AssertionAudience audience{oauth::Issuer("https://a.example"), {"https://a.example/token"}};
  for (const Server* server : {&with_metadata, &without}) {
    std::vector<crypto::Sha256> used;
    for (int i = 0; i < 2; ++i) {
      const std::string assertion = make_client_assertion(client, *server, kNow, randomness);
      const auto verified = oauth::verify_client_assertion(assertion, keys);
      ASSERT_TRUE(verified) << assertion;
      const auto checked = oauth::check_client_assertion(*verified, client.id, audience, kNow);
      ASSERT_TRUE(checked) << checked.error().description;
      EXPECT_EQ(verified->claims.at("exp").to_number<std::int64_t>(), 1'800'000'060);
      used.push_back(checked->jti_hash);
    }
    EXPECT_NE(used[0], used[1]);
  }
}

TEST(ClientAssertion, IsNotMadeForAClientThatProvesItselfOtherwise) {
  SystemRandomness randomness;
  Client client = with_key();
  client.method = oauth::AuthenticationMethod::none;
  EXPECT_EQ(make_client_assertion(client, {}, kNow, randomness), "");
}

}  // namespace
}  // namespace chatelaine::rehearsal
