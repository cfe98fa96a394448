#pragma once

#include <string_view>

#include "base/json.hpp"

namespace chatelaine::openapi {

/// What a keyword of JSON Schema 2020-12 holds.
enum class KeywordKind : std::uint8_t { unknown, plain, schema, schema_list, schema_members };

[[nodiscard]] KeywordKind find_keyword_kind(std::string_view name);

/// Whether a keyword only tells something and refuses no value (JSON Schema Validation 2020-12 §9).
[[nodiscard]] bool is_annotation(std::string_view name);

/// Whether the value of a plain keyword is one that it may have: a schema with another is not valid (JSON Schema
/// Validation 2020-12 §6, §9).
[[nodiscard]] bool is_valid_keyword(std::string_view name, const json::value& value);

}  // namespace chatelaine::openapi
