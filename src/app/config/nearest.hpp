#pragma once

#include <string>
#include <string_view>

namespace chatelaine::app {

/// `; did you mean "listen"?` where a known key is close to what was written (a slip of a letter or two, or the right
/// name in the wrong table); otherwise what can stand there: `; expected one of: url, listen, …`.
[[nodiscard]] std::string suggest_key(std::string_view table, std::string_view name);

}  // namespace chatelaine::app
