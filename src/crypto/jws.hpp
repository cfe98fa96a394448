#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "crypto/jwk.hpp"

namespace chatelaine::crypto {

/// The compact serialisation (RFC 7515 §3.1) of `payload` under ES256; the header is `{"typ":…,"alg":"ES256","kid":…}`.
[[nodiscard]] std::string sign_compact(const SigningKey& key, std::string_view typ, std::string_view payload);

/// A compact JWS whose signature has been verified.
struct VerifiedJws {
  boost::json::object header;
  std::string payload;
};

/// Why a JWS was not taken; for logs and tests, a stranger learns none of it.
enum class JwsError { malformed, unsupported_algorithm, unknown_key, wrong_type, bad_signature };

/// Verifies a compact JWS against the key its `kid` names among `keys`. The key decides the algorithm (RFC 8725 §3.1):
/// a header `alg` other than ES256 is refused, and so are `crit`, `jwk`, `jku`, `x5u` and `b64`. `typ` must be
/// `expected_typ`, with or without its "application/" (RFC 8725 §3.11). At most 16 KiB.
[[nodiscard]] std::expected<VerifiedJws, JwsError> verify_compact(std::string_view text, std::string_view expected_typ,
                                                                  std::span<const VerificationKey> keys);

}  // namespace chatelaine::crypto
