#pragma once

#include <string>

#include "base/json.hpp"

namespace chatelaine::openapi {

/// JSON Schema Core 2020-12 §4.2.2: numbers are equal by what they are, so that 1 is 1.0; of objects the order of the
/// members does not count.
[[nodiscard]] bool are_equal(const json::value& a, const json::value& b);

/// One text for all values that are equal, and for no other.
[[nodiscard]] std::string write_canonical(const json::value& value);

/// Exact on every platform that we build for: its mantissa has 64 bits or more.
[[nodiscard]] long double to_number(const json::value& value);

/// Whether a number has no fraction: 1.0 has none.
[[nodiscard]] bool is_integer(const json::value& value);

}  // namespace chatelaine::openapi
