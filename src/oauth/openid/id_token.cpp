#include "oauth/openid/id_token.hpp"

#include <utility>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"

namespace chatelaine::oauth {

// Ed25519 signs over SHA-512 (RFC 8032 §5.1).
std::string make_token_hash(std::string_view access_token, crypto::SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case crypto::SignatureAlgorithm::ES256:
    case crypto::SignatureAlgorithm::RS256:
    case crypto::SignatureAlgorithm::PS256:
      return base64url_encode(crypto::sha256(access_token).view().substr(0, 16));
    case crypto::SignatureAlgorithm::EdDSA:
      return base64url_encode(crypto::sha512(access_token).substr(0, 32));
  }
  std::unreachable();
}

std::string write_id_token_claims(const IdToken& token, std::string_view access_token,
                                  crypto::SignatureAlgorithm algorithm) {
  json::object claims{{"iss", token.issuer.value()},
                      {"sub", token.subject.value()},
                      {"aud", token.client_id.value()},
                      {"iat", to_numeric_date(token.issued_at)},
                      {"exp", to_numeric_date(token.expires_at)},
                      {"auth_time", to_numeric_date(token.authenticated_at)}};
  if (token.is_by_password) {
    claims["acr"] = kPasswordAcr;
    claims["amr"] = json::array{"pwd"};
  }
  claims["at_hash"] = make_token_hash(access_token, algorithm);
  if (!token.nonce.empty()) claims["nonce"] = token.nonce;
  return json::serialize(claims);
}

std::optional<HintedIdentity> read_id_token_hint(std::string_view text, const Issuer& issuer,
                                                 std::span<const crypto::VerificationKey> keys) {
  const auto verified = crypto::verify_compact(text, kIdTokenType, keys);
  if (!verified) return std::nullopt;
  const auto claims = parse_json(verified->payload);
  if (!claims || !claims->is_object()) return std::nullopt;
  const auto& object = claims->get_object();
  const auto* from = find_string(object, "iss");
  const auto* subject = find_string(object, "sub");
  const auto* audience = find_string(object, "aud");
  if (from == nullptr || subject == nullptr || audience == nullptr || *from != issuer.value()) return std::nullopt;
  return HintedIdentity{Subject(std::string(*subject)), ClientId(std::string(*audience))};
}

}  // namespace chatelaine::oauth
