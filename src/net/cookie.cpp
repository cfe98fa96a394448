#include "net/cookie.hpp"

#include <stdexcept>

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

// RFC 6265 §4.1.1: cookie-octets are visible ASCII without quotes, commas, semicolons and backslashes.
bool is_cookie_value(std::string_view value) {
  return value.find_first_not_of(
             "!#$%&'()*+-./0123456789:<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~") ==
         std::string_view::npos;
}

}  // namespace

std::string cookie_name(CookieSecurity security, std::string_view name) {
  switch (security) {
    case CookieSecurity::secure:
      return "__Host-" + std::string(name);
    case CookieSecurity::loopback_http:
      return std::string(name);
  }
  throw std::logic_error("a cookie security that does not exist");
}

std::string make_set_cookie(CookieSecurity security, std::string_view full_name, std::string_view value,
                            std::optional<seconds> lifetime) {
  if (!is_token(full_name) || !is_cookie_value(value)) {
    throw std::logic_error("a cookie's name or value has a character that RFC 6265 does not allow");
  }
  std::string out(full_name);
  out += '=';
  out += value;
  if (lifetime) out += "; Max-Age=" + std::to_string(lifetime->count());
  out += "; Path=/; HttpOnly; SameSite=Lax";
  if (security == CookieSecurity::secure) out += "; Secure";
  return out;
}

std::string make_clear_cookie(CookieSecurity security, std::string_view full_name) {
  return make_set_cookie(security, full_name, "", seconds{0});
}

}  // namespace chatelaine::net
