#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::oauth {

/// Everything opaque that we hand out is `ctl_XX_` + base64url( id (8 bytes) ‖ secret (24 bytes) ‖ CRC-32 of what
/// precedes, prefix included ): secret scanners recognise it, a typing error fails before storage is asked, and the id
/// finds the row by its integer key while only SHA-256 of the secret is stored.
namespace prefix {
inline constexpr std::string_view kAuthorizationCode = "ctl_ac_";
inline constexpr std::string_view kAccessToken = "ctl_at_";
inline constexpr std::string_view kRefreshToken = "ctl_rt_";
inline constexpr std::string_view kClientSecret = "ctl_cs_";
inline constexpr std::string_view kPushedAuthorizationRequest = "ctl_pr_";
inline constexpr std::string_view kInitialAccessToken = "ctl_it_";
inline constexpr std::string_view kRegistrationAccessToken = "ctl_ra_";
inline constexpr std::string_view kDeviceCode = "ctl_dc_";
}  // namespace prefix

/// What a handle's text holds.
struct Handle {
  std::int64_t id = 0;
  SecretBytes secret;
  /// SHA-256 of the secret, as storage keeps it.
  [[nodiscard]] crypto::Sha256 hash() const;
};

/// A handle with 24 fresh bytes of secret: 192 bits, which nobody guesses (RFC 6749 §10.3, §10.10, RFC 8628 §5.2, RFC
/// 9126 §7.1).
[[nodiscard]] Handle make_handle(std::int64_t id, Randomness& randomness);
[[nodiscard]] std::string format_handle(std::string_view prefix, const Handle& handle);
/// Nothing unless the text has the prefix, the shape and the right checksum.
[[nodiscard]] std::optional<Handle> parse_handle(std::string_view prefix, std::string_view text);

/// `prefix` + base64url( payload ‖ CRC-32 ): the frame that handles and refresh tokens share.
[[nodiscard]] std::string format_checked(std::string_view prefix, std::string_view payload);
[[nodiscard]] std::optional<std::string> parse_checked(std::string_view prefix, std::string_view text);

}  // namespace chatelaine::oauth
