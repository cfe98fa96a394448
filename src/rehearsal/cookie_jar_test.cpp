#include "rehearsal/cookie_jar.hpp"

#include <gtest/gtest.h>

namespace chatelaine::rehearsal {
namespace {

using Set = std::vector<net::Header>;

/// RFC 6265 §5
TEST(CookieJar, KeepsReplacesAndForgets) {
  CookieJar jar;
  jar.take(Set{{"Set-Cookie", "a=1; Path=/; HttpOnly"}, {"set-cookie", "b=2"}, {"Date", "c=3"}}, "/in/step");
  EXPECT_EQ(jar.header_for("/in/other"), "a=1; b=2");
  EXPECT_EQ(jar.header_for("/"), "a=1");
  EXPECT_EQ(jar.header_for("/inside"), "a=1") << "RFC 6265 §5.1.4: a path ends at a slash";
  jar.take(Set{{"Set-Cookie", "a=4; Path=/"}, {"Set-Cookie", "b=; Path=/in; Max-Age=0"}}, "/in/step");
  EXPECT_EQ(jar.header_for("/in/step"), "a=4");
  jar.take(Set{{"Set-Cookie", "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}}, "/");
  EXPECT_EQ(jar.header_for("/"), "");
}

TEST(CookieJar, TakesNoMoreThanItHolds) {
  CookieJar jar;
  jar.take(Set{{"Set-Cookie", ""}, {"Set-Cookie", "=x"}, {"Set-Cookie", "x"}, {"Set-Cookie", ";;;"}}, "/");
  EXPECT_EQ(jar.header_for("/"), "");
  for (int i = 0; i < 200; ++i) jar.take(Set{{"Set-Cookie", "n" + std::to_string(i) + "=1"}}, "/");
  jar.take(Set{{"Set-Cookie", "big=" + std::string(10'000, 'x')}}, "/");
  EXPECT_LT(jar.header_for("/").size(), 1'000U);
}

}  // namespace
}  // namespace chatelaine::rehearsal
