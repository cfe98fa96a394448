#include "net/cookie.hpp"

#include <gtest/gtest.h>

namespace chatelaine::net {
namespace {

TEST(Cookie, an_https_cookie_has_the_host_prefix_and_every_attribute_the_prefix_asks_for) {
  const std::string name = cookie_name(CookieSecurity::secure, "session");
  EXPECT_EQ(name, "__Host-session");
  EXPECT_EQ(make_set_cookie(CookieSecurity::secure, name, "abc", seconds{60}),
            "__Host-session=abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure");
}

TEST(Cookie, a_loopback_http_cookie_has_neither_prefix_nor_secure) {
  const std::string name = cookie_name(CookieSecurity::loopback_http, "session");
  EXPECT_EQ(name, "session");
  EXPECT_EQ(make_set_cookie(CookieSecurity::loopback_http, name, "abc", std::nullopt),
            "session=abc; Path=/; HttpOnly; SameSite=Lax");
}

TEST(Cookie, clearing_sets_an_empty_value_with_no_lifetime_left) {
  EXPECT_EQ(make_clear_cookie(CookieSecurity::secure, "__Host-session"),
            "__Host-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
}

TEST(Cookie, rfc_6265_section_4_1_1_characters_that_end_a_value_are_refused) {
  for (const std::string value : {"a;b", "a,b", "a b", "a\r\nb", "a\"b", "a\\b", "\x80"}) {
    EXPECT_THROW(static_cast<void>(make_set_cookie(CookieSecurity::secure, "x", value, std::nullopt)), std::logic_error)
        << value;
  }
}

}  // namespace
}  // namespace chatelaine::net
