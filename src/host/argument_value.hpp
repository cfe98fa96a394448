#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace chatelaine::host {

/// The texts that people type, read as what the description says they are. `type` is a JSON schema type, or empty where
/// the description says none (then text stays text). Errors are sentences that name the argument.

/// For a JSON body: `integer`, `number`, `boolean`, `object` and `array` become such values. An array is one JSON
/// array, or one value for each element.
[[nodiscard]] std::expected<json::value, std::string> read_json_value(std::string_view name, std::string_view type,
                                                                      const std::vector<std::string>& texts);

/// For a query, header or form: checked, but left as text; an array gives one text an element. Nothing given, nothing
/// back.
[[nodiscard]] std::expected<std::vector<std::string>, std::string> read_texts(std::string_view name,
                                                                              std::string_view type,
                                                                              const std::vector<std::string>& texts);

}  // namespace chatelaine::host
