#pragma once

#include <string>
#include <string_view>

namespace chatelaine::inspection {

/// The first line that looks like a stack trace of a language or framework; empty where there is none.
[[nodiscard]] std::string find_stack_trace(std::string_view body);

}  // namespace chatelaine::inspection
