#include "openapi/json_schema_keywords.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "openapi/regular_expression.hpp"

namespace chatelaine::openapi {
namespace {

template <std::size_t N>
using Names = std::array<std::string_view, N>;

constexpr Names<6> kTexts{"title", "description", "format", "pattern", "contentEncoding", "contentMediaType"};
constexpr Names<4> kNumbers{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"};
constexpr Names<8> kCounts{"minLength",   "maxLength",   "minItems",      "maxItems",
                           "minContains", "maxContains", "minProperties", "maxProperties"};
constexpr Names<2> kFlags{"uniqueItems", "deprecated"};
constexpr Names<2> kAnything{"default", "const"};
constexpr Names<10> kSchemas{"items",
                             "additionalProperties",
                             "not",
                             "if",
                             "then",
                             "else",
                             "contains",
                             "propertyNames",
                             "unevaluatedItems",
                             "unevaluatedProperties"};
constexpr Names<4> kSchemaLists{"allOf", "anyOf", "oneOf", "prefixItems"};
constexpr Names<3> kSchemaMembers{"properties", "patternProperties", "dependentSchemas"};
constexpr Names<5> kAnnotations{"title", "description", "default", "examples", "deprecated"};
constexpr Names<7> kTypes{"null", "boolean", "object", "array", "number", "string", "integer"};

template <std::size_t N>
bool is_among(std::string_view name, const Names<N>& names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_type_name(const json::value& value) {
  const json::string* text = value.if_string();
  return text != nullptr && is_among(*text, kTypes);
}

/// Strings, each once.
bool is_name_list(const json::value& value) {
  const json::array* list = value.if_array();
  if (list == nullptr) return false;
  std::set<std::string_view> names;
  return std::ranges::all_of(*list, [&names](const json::value& one) {
    return one.is_string() && names.insert(std::string_view(one.get_string())).second;
  });
}

bool is_type(const json::value& value) {
  if (is_type_name(value)) return true;
  const json::array* list = value.if_array();
  return list != nullptr && !list->empty() && is_name_list(value) && std::ranges::all_of(*list, is_type_name);
}

bool is_count(const json::value& value) { return (value.is_int64() && value.get_int64() >= 0) || value.is_uint64(); }

}  // namespace

KeywordKind find_keyword_kind(std::string_view name) {
  if (is_among(name, kSchemas)) return KeywordKind::schema;
  if (is_among(name, kSchemaLists)) return KeywordKind::schema_list;
  if (is_among(name, kSchemaMembers)) return KeywordKind::schema_members;
  const bool is_plain = is_among(name, kTexts) || is_among(name, kNumbers) || is_among(name, kCounts) ||
                        is_among(name, kFlags) || is_among(name, kAnything) || name == "type" || name == "required" ||
                        name == "enum" || name == "examples" || name == "multipleOf";
  return is_plain ? KeywordKind::plain : KeywordKind::unknown;
}

bool is_annotation(std::string_view name) { return is_among(name, kAnnotations); }

bool is_valid_keyword(std::string_view name, const json::value& value) {
  // JSON Schema Core 2020-12 §6.4: validators compile it, and some refuse the whole schema where they cannot.
  if (name == "pattern") return value.is_string() && is_regular_expression(value.get_string());
  if (is_among(name, kTexts)) return value.is_string();
  if (is_among(name, kNumbers)) return value.is_number();
  if (is_among(name, kCounts)) return is_count(value);
  if (is_among(name, kFlags)) return value.is_bool();
  if (name == "type") return is_type(value);
  if (name == "required") return is_name_list(value);
  if (name == "enum") return value.is_array() && !value.get_array().empty();
  if (name == "examples") return value.is_array();
  if (name == "multipleOf") return value.is_number() && value.to_number<double>() > 0;
  return is_among(name, kAnything);
}

}  // namespace chatelaine::openapi
