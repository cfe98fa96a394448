#pragma once

#include <string>
#include <string_view>

namespace chatelaine::gateway {

/// What somebody else wrote, for a person to decide about: all that a page would not show, or would show elsewhere,
/// stands as an escape: control characters but tab and the ends of lines, characters that are invisible or turn the
/// direction of text (`\u202e`, `\u{e0041}`), and bytes that are no UTF-8 (`\xff`).
[[nodiscard]] std::string make_visible(std::string_view text);

}  // namespace chatelaine::gateway
