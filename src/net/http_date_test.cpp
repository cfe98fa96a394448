#include "net/http_date.hpp"

#include <gtest/gtest.h>

namespace chatelaine::net {
namespace {

TEST(HttpDate, is_read_in_the_form_that_servers_write) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), from_numeric_date(784111777));
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT"), from_numeric_date(1709164800));
}

// RFC 9110 §5.6.7: an origin server writes IMF-fixdate alone.
TEST(HttpDate, is_nothing_in_any_other_form) {
  for (const std::string_view text :
       {"", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:61:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Fri, 30 Feb 2024 00:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov 1994 0x:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace chatelaine::net
