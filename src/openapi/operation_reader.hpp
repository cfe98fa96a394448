#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "openapi/budget.hpp"
#include "openapi/description.hpp"

namespace chatelaine::openapi {

/// Every operation under `paths`, in the document's order. Faults are only what would keep an operation from being
/// called, or hide a scope that it asks for.
[[nodiscard]] std::vector<Operation> read_operations(const json::value& root, Budget& budget);

/// What an operation without an operationId goes by: `get /todos/{id}`. `method` is in upper case.
[[nodiscard]] std::string make_operation_id(std::string_view method, std::string_view path);

}  // namespace chatelaine::openapi
