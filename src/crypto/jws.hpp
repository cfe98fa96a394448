#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "crypto/jwk.hpp"

namespace chatelaine::crypto {

/// The compact serialisation (RFC 7515 §3.1) of `payload`; the header is `{"typ":…,"alg":…,"kid":…}` with the key's
/// own.
[[nodiscard]] std::string sign_compact(const SigningKey& key, std::string_view typ, std::string_view payload);

/// A compact JWS whose signature has been verified.
struct VerifiedJws {
  boost::json::object header;
  std::string payload;
  /// The header's, which the key allows.
  SignatureAlgorithm algorithm;
  /// The one that made it.
  VerificationKey key;
};

/// Why a JWS was not taken; for logs and tests, a stranger learns none of it.
enum class JwsError { malformed, unsupported_algorithm, unknown_key, wrong_type, bad_signature };

/// Verifies a compact JWS against the key its `kid` names among `keys`. The key decides the algorithm (RFC 8725 §3.1):
/// a header `alg` that the key does not allow is refused, and so are `crit`, `jwk`, `jku`, `x5u`, `x5c` and `b64`.
/// `typ` must be `expected_typ`, with or without its "application/" (RFC 8725 §3.11). At most 16 KiB.
[[nodiscard]] std::expected<VerifiedJws, JwsError> verify_compact(std::string_view text, std::string_view expected_typ,
                                                                  std::span<const VerificationKey> keys);

/// The same for a JWS that somebody else's software made, whose keys are `keys`: `typ` may be absent or one of
/// `accepted_types`; where there is no `kid`, every key that allows the header's `alg` is tried. At most 16 keys are
/// tried, those of one `kid` included.
[[nodiscard]] std::expected<VerifiedJws, JwsError> verify_foreign_compact(
    std::string_view text, std::span<const std::string_view> accepted_types, std::span<const VerificationKey> keys);

}  // namespace chatelaine::crypto
