#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace chatelaine::net {

/// Whether our public URL is https, or http on loopback for development: decides the cookie's prefix and `Secure`.
enum class CookieSecurity { secure, loopback_http };

/// `__Host-NAME` on https, plain `NAME` on a loopback http issuer.
[[nodiscard]] std::string cookie_name(CookieSecurity security, std::string_view name);

/// A Set-Cookie value: Path=/, HttpOnly, SameSite=Lax, Secure on https. Without `lifetime` it ends with the browser.
/// `full_name` is what `cookie_name` gave.
[[nodiscard]] std::string make_set_cookie(CookieSecurity security, std::string_view full_name, std::string_view value,
                                          std::optional<seconds> lifetime);
/// A Set-Cookie value that deletes the cookie.
[[nodiscard]] std::string make_clear_cookie(CookieSecurity security, std::string_view full_name);

}  // namespace chatelaine::net
