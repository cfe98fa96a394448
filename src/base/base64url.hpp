#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chatelaine {

/// base64url without padding (RFC 4648 §5, as RFC 7515 §2 uses it).
[[nodiscard]] std::string base64url_encode(std::string_view bytes);
/// Nothing unless `text` is the one canonical encoding: no padding, no foreign character, no stray bits at the end.
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

/// base64 with padding (RFC 4648 §4), as HTTP Basic credentials use it; strict as above.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex_encode(std::string_view bytes);

}  // namespace chatelaine
