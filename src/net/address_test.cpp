#include "net/address.hpp"

#include <gtest/gtest.h>

namespace chatelaine::net {
namespace {

TEST(Address, endpoints_that_can_be_listened_on) {
  EXPECT_EQ(parse_endpoint("127.0.0.1:8080")->port(), 8080);
  EXPECT_TRUE(parse_endpoint("[::1]:0")->address().is_v6());
  EXPECT_TRUE(parse_endpoint("localhost:80")->address().is_loopback());
  for (const std::string_view wrong : {"", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                                       "::1:80", "[127.0.0.1]:80", "example.org:80", "1.2.3:80", "1.2.3.4:8o"}) {
    EXPECT_FALSE(parse_endpoint(wrong)) << wrong;
  }
}

TEST(Address, blocks) {
  struct Row {
    std::string_view block;
    std::string_view address;
    bool inside;
  };
  const std::vector<Row> rows{{"10.0.0.0/8", "10.255.1.2", true},
                              {"10.0.0.0/8", "11.0.0.1", false},
                              {"10.0.0.0/8", "::ffff:10.1.2.3", true},
                              {"192.168.1.7", "192.168.1.7", true},
                              {"192.168.1.7", "192.168.1.6", false},
                              {"192.168.1.0/25", "192.168.1.127", true},
                              {"192.168.1.0/25", "192.168.1.128", false},
                              {"2001:db8::/33", "2001:db8:7fff::1", true},
                              {"2001:db8::/33", "2001:db8:8000::1", false},
                              {"::1", "::1", true},
                              {"0.0.0.0/0", "1.2.3.4", true},
                              {"0.0.0.0/0", "2001:db8::1", false},
                              {"::/0", "1.2.3.4", true}};
  for (const Row& row : rows) {
    const auto block = AddressBlock::parse(row.block);
    ASSERT_TRUE(block) << row.block;
    EXPECT_EQ(block->contains(boost::asio::ip::make_address(std::string(row.address))), row.inside)
        << row.block << ' ' << row.address;
  }
  for (const std::string_view wrong : {"", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "10.0.0.0/8x"}) {
    EXPECT_FALSE(AddressBlock::parse(wrong)) << wrong;
  }
}

TEST(Address, forwarded_addresses_count_from_the_right_and_only_from_trusted_proxies) {
  const std::vector<AddressBlock> trusted{*AddressBlock::parse("10.0.0.0/8"), *AddressBlock::parse("127.0.0.1")};
  struct Row {
    std::string_view sentence;
    std::string_view peer;
    std::string_view forwarded;
    std::string_view client;
  };
  const std::vector<Row> rows{
      {"a stranger's claim is ignored", "192.0.2.1", "198.51.100.7", "192.0.2.1"},
      {"a trusted peer without the header", "10.0.0.1", "", "10.0.0.1"},
      {"one proxy", "10.0.0.1", "198.51.100.7", "198.51.100.7"},
      {"the right-most untrusted one, not the client's own claim", "10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"},
      {"through two proxies", "127.0.0.1", "1.1.1.1, 198.51.100.7, 10.9.9.9", "198.51.100.7"},
      {"all trusted: the left-most", "127.0.0.1", "10.1.1.1,10.2.2.2", "10.1.1.1"},
      {"an unreadable entry ends the search", "127.0.0.1", "198.51.100.7, unknown", "127.0.0.1"},
      {"an entry behind an unreadable one", "127.0.0.1", "unknown, 10.3.3.3", "10.3.3.3"},
      {"an IPv4-mapped peer is its IPv4 address", "::ffff:10.0.0.1", "2001:db8::5", "2001:db8::5"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(find_client_address(boost::asio::ip::make_address(std::string(row.peer)), row.forwarded, trusted),
              row.client)
        << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::net
