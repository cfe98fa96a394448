#include "net/hop_by_hop.hpp"

#include <gtest/gtest.h>

namespace chatelaine::net {
namespace {

TEST(HopByHop, rfc_9110_section_7_6_1_names_are_recognised_in_any_case) {
  for (const std::string_view name : {"connection", "KEEP-ALIVE", "Proxy-Authorization", "proxy-connection", "te",
                                      "Trailer", "transfer-encoding", "Upgrade", "HTTP2-Settings"}) {
    EXPECT_TRUE(is_hop_by_hop(name)) << name;
  }
  for (const std::string_view name : {"Content-Type", "Proxy", "Proxy-", "Connections", "Authorization", ""}) {
    EXPECT_FALSE(is_hop_by_hop(name)) << name;
  }
}

template <class H>
std::string names_after_removal(std::vector<H> headers) {
  remove_hop_by_hop(headers);
  std::string names;
  for (const H& header : headers) (names += header.name) += ' ';
  return names;
}

struct Row {
  std::string_view sentence;
  std::vector<HeaderView> headers;
  std::string_view left;
};

TEST(HopByHop, what_connection_names_goes_too) {
  const std::vector<Row> rows{
      {"nothing to remove", {{"A", "1"}, {"B", "2"}}, "A B "},
      {"Connection itself", {{"A", "1"}, {"Connection", "close"}}, "A "},
      {"headers that it names", {{"X-One", "1"}, {"connection", "x-one, X-TWO"}, {"X-Two", "2"}, {"C", ""}}, "C "},
      {"two Connection headers", {{"Connection", "a"}, {"Connection", "b"}, {"A", ""}, {"B", ""}, {"C", ""}}, "C "},
      {"empty list elements", {{"Connection", ", ,a ,"}, {"A", ""}, {"B", ""}}, "B "},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(names_after_removal(row.headers), row.left) << row.sentence;
    std::vector<Header> owned;
    for (const HeaderView& header : row.headers) owned.push_back({std::string(header.name), std::string(header.value)});
    EXPECT_EQ(names_after_removal(owned), row.left) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::net
