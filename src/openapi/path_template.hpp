#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatelaine::openapi {

/// The names in a path template, in order: `id` and `item` of `/todos/{id}/items/{item}`.
[[nodiscard]] std::vector<std::string> list_template_names(std::string_view path_template);

/// Whether each `{` has its `}` before another one begins, and a name in it.
[[nodiscard]] bool has_whole_braces(std::string_view path_template);

/// `/todos/{}/items/{}`: what templates that differ in names alone have in common.
[[nodiscard]] std::string cut_names(std::string_view path_template);

}  // namespace chatelaine::openapi
