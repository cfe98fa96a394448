#include "oauth/clients/client_assertion.hpp"

#include "crypto/jwk_set.hpp"
#include "oauth/clients/client_keys.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {

/// A client assertion as it came; a client's JWK Set; and, since no fuzzer signs, the same bytes under a good signature
/// as an assertion's claims: what is taken is the client's, for us, and not remembered without end.
void check_client_assertion(std::string_view bytes) {
  static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  static const std::vector keys{crypto::VerificationKey::from_jwk(key.public_jwk()).value()};
  const oauth::ClientId client("signer");
  const oauth::AssertionAudience audience{oauth::Issuer("https://a.example"), {"https://a.example/token"}};
  const Instant now = from_numeric_date(1'700'000'000);

  static_cast<void>(oauth::find_assertion_subject(bytes));
  require(!oauth::verify_client_assertion(bytes, keys));
  if (const auto kept = oauth::check_client_jwks(bytes)) require(!crypto::parse_jwk_set(*kept).value().keys.empty());
  static_cast<void>(oauth::check_client_jwks_uri(bytes));

  if (bytes.size() > 8'000) return;
  const auto verified = oauth::verify_client_assertion(crypto::sign_compact(key, "JWT", bytes), keys);
  if (!verified) return;
  const auto used = oauth::check_client_assertion(*verified, client, audience, now);
  if (!used) return;
  require(used->client_id == client);
  require(used->expires_at > now && used->expires_at <= now + oauth::kLongestAssertion + 3 * oauth::kAssertionSkew);
}

}  // namespace chatelaine::fuzz
