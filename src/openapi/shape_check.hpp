#pragma once

#include "base/json.hpp"
#include "openapi/budget.hpp"

namespace chatelaine::openapi {

/// Adds a fault for each part of a document that is no part of its kind, where the reading of operations and of tools
/// takes it as if it were not there: schemas, answers, bodies without content, servers, components. Only what
/// operations use is looked at, in their order. What says nothing is no fault: null, and an empty list where a mapping
/// belongs, as PHP writes one. `document` is an object.
void check_shapes(const json::value& document, Budget& budget);

}  // namespace chatelaine::openapi
