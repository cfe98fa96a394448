#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatelaine::openapi {

/// The names in a path template, in order: `id` and `item` of `/todos/{id}/items/{item}`.
[[nodiscard]] std::vector<std::string> list_template_names(std::string_view path_template);

}  // namespace chatelaine::openapi
