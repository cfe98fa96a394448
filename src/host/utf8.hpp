#pragma once

#include <string>
#include <string_view>

namespace chatelaine::host {

/// `text` with U+FFFD for each byte that belongs to no well-formed UTF-8 sequence (RFC 3629 §4): an API's answer may be
/// anything, JSON and pages may not.
[[nodiscard]] std::string make_valid_utf8(std::string_view text);

}  // namespace chatelaine::host
