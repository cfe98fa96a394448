#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// What an access token says, in either format.
struct AccessToken {
  AccessTokenId id;
  Issuer issuer;
  /// The user, or the client itself for client_credentials (RFC 9068 §2.2).
  Subject subject;
  ClientId client_id;
  /// The resources that may take it, by every spelling that they go by (docs/adr/0011); never empty.
  std::vector<Resource> audience;
  Scope scope;
  /// The grant it comes from; nothing for client_credentials.
  std::optional<GrantId> grant_id;
  Instant issued_at;
  Instant expires_at;

  /// RFC 9068 §4: whether one who goes by `spellings` may take it.
  [[nodiscard]] bool is_for(const std::vector<Resource>& spellings) const;
};

/// An opaque access token's row: the facts beside the hash of its secret.
struct OpaqueAccessToken {
  AccessToken token;
  crypto::Sha256 secret_hash;
};

/// A signed JWT of type `at+jwt` (RFC 9068 §2): iss, sub, aud, client_id, scope, jti, iat, exp and `grant_id`.
// DEVIATION RFC 9700 §2.2.1, §4.9.3, §4.10.1: it is bound to no key of its sender, since the assistants in use have
// none to show. What limits a stolen one is its short life, its audience, and that a revocation counts at once.
[[nodiscard]] std::string sign_access_token(const AccessToken& token, const crypto::SigningKey& key);

/// RFC 9068 §4: type, signature, issuer, expiry; the audience is left to `is_for`. A stranger learns only that it is
/// invalid; the log learns why.
enum class AccessTokenError { not_a_jwt, bad_signature, wrong_issuer, expired, malformed_claims };
[[nodiscard]] std::expected<AccessToken, AccessTokenError> verify_access_token(
    std::string_view jwt, const Issuer& issuer, std::span<const crypto::VerificationKey> keys, Instant now);

}  // namespace chatelaine::oauth
