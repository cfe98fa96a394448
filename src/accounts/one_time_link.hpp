#pragma once

#include <string_view>

namespace chatelaine::accounts {

/// How an invitation or reset handle begins (oauth/handle.hpp).
inline constexpr std::string_view kOneTimeLinkPrefix = "ctl_ol_";

}  // namespace chatelaine::accounts
