#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <expected>
#include <string>
#include <string_view>

namespace chatelaine {

namespace json = boost::json;

/// Why a text is no JSON that we take: a sentence for its author, with line and column (from 1).
struct JsonError {
  std::string message;
  std::size_t line = 1;
  std::size_t column = 1;
};

/// Parses RFC 8259 JSON from a stranger: at most 100 levels deep; a repeated member name is an error, since two readers
/// of one text could otherwise see two values. The message recognises the classic slips (a trailing comma, a comment,
/// single quotes, a byte order mark). A number that no double holds is an error too (§6).
[[nodiscard]] std::expected<json::value, JsonError> parse_json(std::string_view text);

/// Two-space indented text with a final newline, members in their order.
[[nodiscard]] std::string pretty_json(const json::value& value);

/// "a string", "a number", "null", …: what a sentence calls the value of that kind.
[[nodiscard]] std::string_view name_of(json::kind kind);

/// The string member `name` of an object, or nothing where it is absent or of another type.
[[nodiscard]] const json::string* find_string(const json::object& object, std::string_view name);

}  // namespace chatelaine
