#pragma once

#include <string>
#include <string_view>

namespace chatelaine::app {

/// A value as it stands after `key=` in a log line: as it is where that is unmistakable, else in quotes. Control
/// characters (C1 and the ones that turn the writing direction included) and broken UTF-8 become `\n`, `\x1b`,
/// `\u202e` …, so that no value can begin a line, colour a terminal or reorder what one reads (THREATS N34).
[[nodiscard]] std::string escape_value(std::string_view value);

/// The same without quotes, for values in tables and sentences on a terminal.
[[nodiscard]] std::string escape_controls(std::string_view value);

}  // namespace chatelaine::app
