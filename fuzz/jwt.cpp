#include "crypto/jws.hpp"

#include "base/json.hpp"
#include "crypto/jwk.hpp"
#include "oauth/tokens/access_token.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {

/// A compact JWS as it came; a key; and, since no fuzzer signs, the same bytes under a good signature as an access
/// token's claims: what is taken is ours, for us and not over.
void check_jwt(std::string_view bytes) {
  static const crypto::SigningKey key = crypto::SigningKey::generate();
  static const std::vector keys{crypto::VerificationKey::from_jwk(key.public_jwk()).value()};
  const oauth::Issuer issuer("https://a.example");
  const oauth::Resource audience("https://a.example/api");
  const Instant now = from_numeric_date(1'700'000'000);

  require(!crypto::verify_compact(bytes, "at+jwt", keys));
  require(!oauth::verify_access_token(bytes, issuer, audience, keys, now));
  const auto document = parse_json(bytes);
  if (document && document->is_object()) static_cast<void>(crypto::VerificationKey::from_jwk(document->as_object()));

  if (bytes.size() > 8'000) return;
  const std::string signed_text = crypto::sign_compact(key, "at+jwt", bytes);
  const auto verified = crypto::verify_compact(signed_text, "at+jwt", keys);
  require(verified && verified->payload == bytes);
  const auto token = oauth::verify_access_token(signed_text, issuer, audience, keys, now);
  if (!token) return;
  require(token->issuer == issuer && token->audience == audience && token->expires_at > now);
  require(!token->subject.value().empty() && !token->client_id.value().empty());
}

}  // namespace chatelaine::fuzz
