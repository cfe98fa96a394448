#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chatelaine::crypto {

/// `alg` of a JWS (RFC 7518 §3.1, RFC 8037 §3.1): those that we sign with and take.
enum class SignatureAlgorithm : std::uint8_t { ES256, RS256, PS256, EdDSA };

/// Every one, in the order in which the metadata lists them.
inline constexpr std::array kSignatureAlgorithms{SignatureAlgorithm::ES256, SignatureAlgorithm::RS256,
                                                 SignatureAlgorithm::PS256, SignatureAlgorithm::EdDSA};

[[nodiscard]] std::string_view to_string(SignatureAlgorithm algorithm);
/// Nothing for what we do not support; case matters, and `none` is none of them.
[[nodiscard]] std::optional<SignatureAlgorithm> parse_signature_algorithm(std::string_view text);

}  // namespace chatelaine::crypto
