#pragma once

#include <string_view>

namespace chatelaine::net {

/// Whether two readers of this percent-encoded path could take it for different places: empty segments, `.` and `..`
/// (encoded or with `;` parameters too), an encoded slash, backslash or control character, a bare backslash, a `%`
/// without two hex digits. What decides by path before it forwards answers 400 to these (THREATS N05).
[[nodiscard]] bool is_path_ambiguous(std::string_view path);

}  // namespace chatelaine::net
