#pragma once

#include <optional>
#include <string>

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// The browser of the request, or a new one.
[[nodiscard]] Browser find_or_make_browser(const Context& context, const net::Request& request);
/// What the request's browser is bound to; empty where it sent no cookie of ours.
[[nodiscard]] std::string find_browser_binding(const Context& context, const net::Request& request);

}  // namespace chatelaine::accounts
