#pragma once

#include <string_view>
#include <vector>

#include "openapi/description.hpp"

namespace chatelaine::openapi {

/// Gives each fault whose path is a JSON pointer the line of `text` where that stands, else of what would hold it.
/// `text` is what `read_document` has read.
void add_lines(std::string_view text, std::vector<Fault>& faults);

}  // namespace chatelaine::openapi
