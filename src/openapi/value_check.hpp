#pragma once

#include <vector>

#include "openapi/description.hpp"

namespace chatelaine::openapi {

/// What is wrong with a value (arguments, an answer), as far as its schema tells it in few words: types, what is
/// required, what is unknown, what is not among an `enum`. Combinations (`anyOf` and the like), patterns and bounds are
/// left to others. A fault's path is a JSON pointer into the value; at most ten are told. A value is looked at for so
/// long: what is behind that counts as fitting, since a stranger's value is checked on the loop that serves everybody.
[[nodiscard]] std::vector<Fault> check_value(const json::object& schema, const json::value& value);

}  // namespace chatelaine::openapi
