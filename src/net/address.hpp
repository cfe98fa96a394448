#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatelaine::net {

/// `127.0.0.1:8080` or `[::1]:8080`. The error is a sentence.
[[nodiscard]] std::expected<boost::asio::ip::tcp::endpoint, std::string> parse_endpoint(std::string_view text);

/// Addresses in CIDR notation; an IPv4 block covers its IPv4-mapped IPv6 addresses.
class AddressBlock {
 public:
  /// `10.0.0.0/8`, `2001:db8::/32`, or an address alone. The error is a sentence.
  [[nodiscard]] static std::expected<AddressBlock, std::string> parse(std::string_view text);
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

 private:
  AddressBlock(boost::asio::ip::address_v6 base, unsigned prefix) : base_(std::move(base)), prefix_(prefix) {}
  boost::asio::ip::address_v6 base_;
  unsigned prefix_;
};

/// An IPv4-mapped IPv6 address as its IPv4 address.
[[nodiscard]] boost::asio::ip::address unmap(const boost::asio::ip::address& address);

/// Who sent a request that came from `peer` with this X-Forwarded-For: from the right, the first address that is no
/// trusted proxy. What stands left of it is the client's own claim. `peer` where it is not trusted itself or where what
/// a proxy wrote is no address.
[[nodiscard]] std::string find_client_address(const boost::asio::ip::address& peer, std::string_view forwarded_for,
                                              const std::vector<AddressBlock>& trusted);

}  // namespace chatelaine::net
