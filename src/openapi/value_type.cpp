#include "openapi/value_type.hpp"

#include "openapi/value_equality.hpp"

namespace chatelaine::openapi {

bool is_of_type(std::string_view type, const json::value& value) {
  if (type == "integer") return is_integer(value);
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return value.is_null();
}

std::string_view to_words(std::string_view type) {
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "string") return "a string";
  if (type == "boolean") return "true or false";
  if (type == "object") return "an object";
  if (type == "array") return "a list";
  return "null";
}

std::vector<std::string_view> list_types(const json::value& type) {
  std::vector<std::string_view> types;
  if (const json::string* text = type.if_string()) return {std::string_view(*text)};
  for (const json::value& one : type.get_array()) types.emplace_back(one.get_string());
  return types;
}

bool is_beyond_64_bits(const json::value& value) {
  constexpr double kBeyondUnsigned = 0x1p64;
  constexpr double kLeastSigned = -0x1p63;
  const double* number = value.if_double();
  // What was written as a whole number, and is none of 64 bits, is the nearest double now, the least one's included.
  return number != nullptr && is_integer(value) && (*number >= kBeyondUnsigned || *number <= kLeastSigned);
}

}  // namespace chatelaine::openapi
