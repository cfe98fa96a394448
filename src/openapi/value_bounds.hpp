#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"

namespace chatelaine::openapi {

/// A bound that a value is beyond: a fault without its place.
struct Breach {
  std::string code;
  std::string message;
  std::string expected;
};

/// JSON Schema Validation 2020-12 §6.2 to §6.5: the bounds of a number, and of how much a string, a list or an object
/// holds. `multipleOf` counts where it is a whole number: of others, floating point decides otherwise here and there.
[[nodiscard]] std::vector<Breach> check_bounds(const json::object& schema, const json::value& value);

}  // namespace chatelaine::openapi
