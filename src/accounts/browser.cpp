#include "accounts/browser.hpp"

#include "base/base64url.hpp"

namespace chatelaine::accounts {
namespace {
constexpr std::size_t kBrowserBytes = 24;
}

std::string find_browser_binding(const Context& context, const net::Request& request) {
  const auto cookie = request.cookie(context.browser_cookie);
  if (!cookie) return {};
  const auto bytes = base64url_decode(*cookie);
  return bytes && bytes->size() == kBrowserBytes ? std::string(*cookie) : std::string();
}

Browser find_or_make_browser(const Context& context, const net::Request& request) {
  Browser browser{find_browser_binding(context, request), std::nullopt};
  if (!browser.binding.empty()) return browser;
  browser.binding = base64url_encode(context.randomness.bytes(kBrowserBytes));
  browser.set_cookie =
      net::make_set_cookie(context.settings.cookie_security, context.browser_cookie, browser.binding, std::nullopt);
  return browser;
}

}  // namespace chatelaine::accounts
