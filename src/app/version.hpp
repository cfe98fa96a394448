#pragma once

#include <string_view>

namespace chatelaine::app {

/// CMake's PROJECT_VERSION.
inline constexpr std::string_view kVersion = CHATELAINE_VERSION;

}  // namespace chatelaine::app
