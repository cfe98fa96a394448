#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace chatelaine::openapi {

/// JSON Schema Validation 2020-12 §6.1.1: whether a value is of a type of that name.
[[nodiscard]] bool is_of_type(std::string_view type, const json::value& value);

/// What a sentence calls a value of that type: "a whole number".
[[nodiscard]] std::string_view to_words(std::string_view type);

/// The names that a valid `type` has.
[[nodiscard]] std::vector<std::string_view> list_types(const json::value& type);

/// Of a whole number that neither a signed nor an unsigned number of 64 bits is: it was rounded when it was read.
[[nodiscard]] bool is_beyond_64_bits(const json::value& value);

}  // namespace chatelaine::openapi
