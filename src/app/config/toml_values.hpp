#pragma once

#include <chrono>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/toml.hpp"
#include "app/config/values.hpp"

/// The values that a key may have, whichever file it stands in. Each error is the rest of a sentence that begins with
/// the key; `shape` says what was expected: "a URL".
namespace chatelaine::app {

/// Texts hold no control characters: a line break or an escape could only serve to forge a line of a log or a page.
[[nodiscard]] Read<std::string> read_text(const TomlNode& node, std::string_view shape);
[[nodiscard]] Read<bool> read_boolean(const TomlNode& node, std::string_view shape);
[[nodiscard]] Read<std::int64_t> read_integer(const TomlNode& node, std::string_view shape);
[[nodiscard]] Read<std::vector<std::string>> read_texts(const TomlNode& node, std::string_view shape);
[[nodiscard]] Read<std::map<std::string, std::string>> read_text_table(const TomlNode& node, std::string_view shape);
/// A day that there is.
[[nodiscard]] Read<std::chrono::year_month_day> read_date(const TomlNode& node, std::string_view shape);

}  // namespace chatelaine::app
