#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "openapi/description.hpp"

namespace chatelaine::openapi {

/// Which whole numbers an integer may be.
enum class WholeNumbers : std::uint8_t {
  any,
  /// What a value that was read holds as it was written (RFC 8259 §6): a larger one was rounded.
  of_64_bits,
};

/// What is wrong with a value (arguments, an answer) by its schema, one that SchemaConverter made: by each keyword that
/// `is_checked` names. What others ask (patterns, formats, conditions) is left to the API, or to nobody. A fault's path
/// is a JSON pointer into the value; at most ten are told. A value is looked at for so long and so deep: what is behind
/// that counts as fitting, since a stranger's value is checked on the loop that serves everybody.
///
/// In two ways less is refused than JSON Schema would. A value fits several forms of `oneOf` only where nothing could
/// tell them apart but what is checked. And `additionalProperties: false` of a part of `allOf` leaves the other parts
/// their members: as it is written, no value would ever fit.
[[nodiscard]] std::vector<Fault> check_value(const json::object& schema, const json::value& value,
                                             WholeNumbers whole_numbers = WholeNumbers::any);

/// Whether a value fits a part of a schema; `root` holds the `$defs`.
[[nodiscard]] bool fits(const json::object& root, const json::value& part, const json::value& value);

/// Whether `check_value` refuses what a keyword (JSON Schema Core and Validation 2020-12) with this value refuses.
[[nodiscard]] bool is_checked(std::string_view keyword, const json::value& value);

}  // namespace chatelaine::openapi
