#pragma once

#include <string>

#include "base/json.hpp"

namespace chatelaine::openapi {

/// JSON without blanks, for the API and for the person who is asked about the call: numbers as people write them,
/// 1234.56 and 1000 (json::serialize has 1.23456E3 and 1E3). A double that is a whole number of at most 64 bits is
/// written as one; beyond that, and for very small ones, there is an exponent (1.5e+300).
[[nodiscard]] std::string write_json(const json::value& value);

}  // namespace chatelaine::openapi
