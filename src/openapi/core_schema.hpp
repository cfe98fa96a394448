#pragma once

#include <string_view>

#include "base/json.hpp"

namespace chatelaine::openapi {

/// The value of a YAML scalar: a plain one (tag "?") by YAML 1.2's core schema (§10.3.2), a quoted one ("!") or one of
/// an unknown tag as a string. Infinities and NaN, which JSON lacks, stay strings.
[[nodiscard]] json::value resolve_scalar(std::string_view tag, std::string_view text);

}  // namespace chatelaine::openapi
