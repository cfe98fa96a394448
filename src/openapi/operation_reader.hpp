#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "openapi/budget.hpp"
#include "openapi/description.hpp"

namespace chatelaine::openapi {

/// Reads every operation under `paths`, in the document's order, and the scopes that are declared. Faults are only what
/// would keep an operation from being called, or hide a scope that it asks for.
void read_operations(const json::value& root, Budget& budget, Description& description);

/// What an operation without an operationId goes by: `get /todos/{id}`. `method` is in upper case.
[[nodiscard]] std::string make_operation_id(std::string_view method, std::string_view path);

}  // namespace chatelaine::openapi
