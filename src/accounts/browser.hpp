#pragma once

#include <optional>
#include <string>

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// A browser that nobody has signed in at yet, known by a random cookie: what the forms before sign-in are bound to.
struct Browser {
  std::string binding;
  /// The Set-Cookie value where the browser is new.
  std::optional<std::string> set_cookie;
};

/// The browser of the request, or a new one.
[[nodiscard]] Browser find_or_make_browser(const Context& context, const net::Request& request);
/// What the request's browser is bound to; empty where it sent no cookie of ours.
[[nodiscard]] std::string find_browser_binding(const Context& context, const net::Request& request);

}  // namespace chatelaine::accounts
