#pragma once

#include <string_view>

namespace chatelaine::openapi {

/// Whether a text is a regular expression of ECMA-262 §22.2.1 with the flag u, as validators of JSON Schema compile a
/// `pattern` (JSON Schema Core 2020-12 §6.4). What other languages have beside it is none: `\A`, `(?i)`, `a++`, an
/// escape without need such as `\_`. Of Unicode properties only general categories by their short names and scripts are
/// known.
[[nodiscard]] bool is_regular_expression(std::string_view pattern);

}  // namespace chatelaine::openapi
