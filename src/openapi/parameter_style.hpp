#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/json.hpp"
#include "openapi/description.hpp"

namespace chatelaine::openapi {

/// How a parameter's value is written (OpenAPI 3.1 §4.8.12.2).
enum class StyleName : std::uint8_t {
  simple,
  label,
  matrix,
  form,
  space_delimited,
  pipe_delimited,
  deep_object,
  /// As one JSON text: the parameter has `content` of JSON in the place of a schema.
  json_text,
};

/// Whether lists and objects are written element by element, or all in one.
enum class Explosion : std::uint8_t { together, apart };

struct ParameterStyle {
  StyleName name = StyleName::form;
  Explosion explosion = Explosion::apart;
};

/// The style that a parameter object asks for, else the default of its place.
[[nodiscard]] ParameterStyle read_style(const json::object& parameter, ParameterPlace place);

/// A value as text where the style has no other: a string as it is, numbers in decimal, what has members as JSON.
[[nodiscard]] std::string to_text(const json::value& value);

/// What takes the place of `{name}` in a path, percent-encoded.
[[nodiscard]] std::string write_in_path(const ParameterStyle& style, std::string_view name, const json::value& value);
/// Pairs of a query or a form body, percent-encoded but for the commas between elements; a list without elements gives
/// none. Where deepObject leaves open how lists are written (OpenAPI 3.1 §4.8.12.2.1), they are as most servers read
/// them: `name[]=value`, and `name[0][key]=value` of objects.
[[nodiscard]] std::vector<Form::Field> write_pairs(const ParameterStyle& style, std::string_view name,
                                                   const json::value& value);
/// `name=value&name=value`, of encoded pairs.
[[nodiscard]] std::string join_pairs(const std::vector<Form::Field>& pairs);
/// A header's value, not encoded.
[[nodiscard]] std::string write_in_header(const ParameterStyle& style, const json::value& value);

}  // namespace chatelaine::openapi
