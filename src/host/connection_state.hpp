#pragma once

#include <string_view>

#include "oauth/handle.hpp"

namespace chatelaine::host {

/// `state` is a handle: its id finds the attempt, its secret proves that it is the one we sent.
inline constexpr std::string_view kStatePrefix = "ctl_st_";

}  // namespace chatelaine::host
