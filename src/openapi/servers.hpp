#pragma once

#include <string>
#include <vector>

#include "openapi/budget.hpp"

namespace chatelaine::openapi {

/// `servers[].url` of the document, a path item or an operation, with the defaults of their variables. What cannot be
/// read is left out.
[[nodiscard]] std::vector<std::string> read_servers(const json::object& holder, Budget& budget);

}  // namespace chatelaine::openapi
