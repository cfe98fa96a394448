#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/jwk.hpp"

namespace chatelaine::crypto {

/// Reads a private key as operators keep one: PEM (PKCS #8, SEC 1 `EC PRIVATE KEY`, PKCS #1 `RSA PRIVATE KEY`) that is
/// not encrypted, or a private JWK. At most 64 KiB. Without `algorithm` it is the JWK's `alg`, or the first that the
/// key's type supports: ES256, RS256, EdDSA. That the private half belongs to the public one is checked (RSA: for a
/// tenth of a second). The error is a sentence for the operator, without a byte of the key.
[[nodiscard]] std::expected<SigningKey, std::string> parse_private_key(std::string_view text,
                                                                       std::optional<SignatureAlgorithm> algorithm);

}  // namespace chatelaine::crypto
