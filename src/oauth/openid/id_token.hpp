#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "crypto/jwk.hpp"
#include "crypto/signature_algorithm.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// `acr` of a sign-in with a password, and the only one there is (OpenID Connect Core §2).
inline constexpr std::string_view kPasswordAcr = "1";
/// `typ` of an ID token's header (RFC 7519 §5.1); an access token's is another, so that neither passes for the other.
inline constexpr std::string_view kIdTokenType = "JWT";

/// What an ID token says (OpenID Connect Core §2).
struct IdToken {
  Issuer issuer;
  Subject subject;
  /// `aud`: the client alone.
  ClientId client_id;
  Instant issued_at;
  Instant expires_at;
  /// `auth_time`: always told.
  Instant authenticated_at;
  /// As the authorization request had it; empty: left out.
  std::string nonce;
  /// Whether it can only have been a password that the person signed in with. Else `acr` and `amr` are left out: how a
  /// user source has somebody sign in, it alone knows.
  bool is_by_password = true;
};

/// OpenID Connect Core §3.1.3.6: `at_hash` of an access token beside an ID token that is signed so: the left half of
/// the hash that belongs to the algorithm.
[[nodiscard]] std::string make_token_hash(std::string_view access_token, crypto::SignatureAlgorithm algorithm);

/// The claims as JSON text, with `amr` ["pwd"] (RFC 8176 §2) and `acr` where it was a password, and `at_hash`
/// (§3.1.3.6) for the access token that comes with it. `algorithm` is that of the signature to come: it decides the
/// hash.
[[nodiscard]] std::string write_id_token_claims(const IdToken& token, std::string_view access_token,
                                                crypto::SignatureAlgorithm algorithm);

/// Whom an ID token of ours named, for `id_token_hint`.
struct HintedIdentity {
  Subject subject;
  ClientId client_id;
};
/// OpenID Connect Core §3.1.2.2, RP-Initiated Logout §2: signature, `typ` and issuer must be ours; its time may be
/// over. Nothing otherwise.
[[nodiscard]] std::optional<HintedIdentity> read_id_token_hint(std::string_view text, const Issuer& issuer,
                                                               std::span<const crypto::VerificationKey> keys);

}  // namespace chatelaine::oauth
