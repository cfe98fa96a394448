#pragma once

#include <string>

#include "openapi/reference.hpp"

namespace chatelaine::openapi {

/// A request body object (OpenAPI 3.1 §4.8.13) of the operation at `place`; nothing where it offers no media type.
[[nodiscard]] std::optional<RequestBody> read_body(const json::object& body, const References& references,
                                                   Budget& budget, std::string_view place);

/// A schema's `type`, the first one but "null" where there are several; empty where it says none.
[[nodiscard]] std::string read_type(const json::value& schema, const References& references);

}  // namespace chatelaine::openapi
