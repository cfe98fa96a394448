#include "net/freshness.hpp"

#include <gtest/gtest.h>

namespace chatelaine::net {
namespace {

constexpr FreshnessBounds kBounds{.least = seconds(60), .most = seconds(3600), .otherwise = seconds(300)};

struct Row {
  std::string_view sentence;
  std::vector<Header> headers;
  seconds fresh_for;
};
class Freshness : public testing::TestWithParam<Row> {};
TEST_P(Freshness, IsTheDocumentsOwnWordWithinBounds) {
  const FetchedDocument answer{.status = 200, .headers = GetParam().headers, .body = {}};
  EXPECT_EQ(find_freshness(answer, kBounds), GetParam().fresh_for) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc9111, Freshness,
    testing::Values(
        Row{"RFC 9111 §4.2.2: nothing said", {}, seconds(300)},
        Row{"RFC 9111 §5.2.2.1: max-age", {{"Cache-Control", "public, max-age=900"}}, seconds(900)},
        Row{"names know no case, values may be quoted", {{"cache-control", "Max-Age=\"900\""}}, seconds(900)},
        Row{"RFC 9111 §4.2.3: less its Age", {{"Cache-Control", "max-age=900"}, {"Age", "300"}}, seconds(600)},
        Row{"an Age that is none", {{"Cache-Control", "max-age=900"}, {"Age", "-1"}}, seconds(900)},
        Row{"not shorter than the bound", {{"Cache-Control", "max-age=1"}}, seconds(60)},
        Row{"not even where it is outdated already", {{"Cache-Control", "max-age=9"}, {"Age", "99"}}, seconds(60)},
        Row{"not longer", {{"Cache-Control", "max-age=31536000"}}, seconds(3600)},
        Row{"§1.2.2: a number beyond all", {{"Cache-Control", "max-age=99999999999999999999"}}, seconds(3600)},
        Row{"§5.2.2.5: no-store", {{"Cache-Control", "no-store"}}, seconds(60)},
        Row{"§5.2.2.4: no-cache beside max-age", {{"Cache-Control", "max-age=900, no-cache"}}, seconds(60)},
        Row{"§4.2.1: a max-age that is no number", {{"Cache-Control", "max-age=soon"}}, seconds(60)},
        Row{"another directive", {{"Cache-Control", "public, s-maxage=900"}}, seconds(300)},
        Row{"stray commas", {{"Cache-Control", ",, max-age=900 ,"}}, seconds(900)}));

}  // namespace
}  // namespace chatelaine::net
