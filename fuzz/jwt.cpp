#include <array>

#include "crypto/jwk.hpp"
#include "crypto/jws.hpp"
#include "oauth/tokens/access_token.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

/// A key of each algorithm.
const std::vector<crypto::SigningKey>& signing_keys() {
  static const std::vector<crypto::SigningKey> made = [] {
    std::vector<crypto::SigningKey> keys;
    for (const auto algorithm : crypto::kSignatureAlgorithms) keys.push_back(crypto::SigningKey::generate(algorithm));
    return keys;
  }();
  return made;
}

std::vector<crypto::VerificationKey> make_public_halves() {
  std::vector<crypto::VerificationKey> keys;
  for (const auto& key : signing_keys()) keys.push_back(crypto::VerificationKey::from_jwk(key.public_jwk()).value());
  return keys;
}

}  // namespace

/// A compact JWS as it came; and, since no fuzzer signs, the same bytes under a good signature as an access token's
/// claims: what is taken is ours, for somebody and not over.
void check_jwt(std::string_view bytes) {
  static const std::vector keys = make_public_halves();
  const oauth::Issuer issuer("https://a.example");
  const Instant now = from_numeric_date(1'700'000'000);
  constexpr std::array<std::string_view, 1> kTypes{"at+jwt"};

  require(!crypto::verify_compact(bytes, "at+jwt", keys));
  require(!crypto::verify_foreign_compact(bytes, kTypes, keys));
  require(!oauth::verify_access_token(bytes, issuer, keys, now));

  if (bytes.size() > 8'000) return;
  const auto& key = signing_keys()[bytes.size() % signing_keys().size()];
  const std::string signed_text = crypto::sign_compact(key, "at+jwt", bytes);
  const auto verified = crypto::verify_compact(signed_text, "at+jwt", keys);
  require(verified && verified->payload == bytes && verified->algorithm == key.algorithm());
  const auto foreign = crypto::verify_foreign_compact(signed_text, kTypes, keys);
  require(foreign && foreign->payload == bytes);
  const auto token = oauth::verify_access_token(signed_text, issuer, keys, now);
  if (!token) return;
  require(token->issuer == issuer && !token->audience.empty() && token->is_for(token->audience) &&
          token->expires_at > now);
  require(!token->subject.value().empty() && !token->client_id.value().empty());
}

}  // namespace chatelaine::fuzz
