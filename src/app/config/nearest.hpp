#pragma once

#include <string>
#include <string_view>

namespace chatelaine::app {

/// Whether the two are a letter or two apart.
[[nodiscard]] bool is_slip(std::string_view written, std::string_view known);

/// `; did you mean "listen"?` where a known key is close to what was written (a slip of a letter or two, or the right
/// name in the wrong table); otherwise what can stand there: `; expected one of: url, listen, …`.
[[nodiscard]] std::string suggest_key(std::string_view table, std::string_view name);

}  // namespace chatelaine::app
