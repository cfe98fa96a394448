#include <algorithm>
#include <optional>

#include <boost/asio/ip/address.hpp>

#include "base/host_kind.hpp"
#include "net/fetch.hpp"

namespace chatelaine::net {
namespace {

std::optional<boost::asio::ip::address> parse_address(std::string_view text) {
  boost::system::error_code error;
  auto address = boost::asio::ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return address;
}

bool is_among(const std::vector<AddressBlock>& blocks, const boost::asio::ip::address& address) {
  return std::ranges::any_of(blocks, [&](const AddressBlock& block) { return block.contains(address); });
}

const std::vector<AddressBlock>& private_blocks() {
  static const std::vector<AddressBlock> blocks = [] {
    std::vector<AddressBlock> parsed;
    for (const char* block :
         {"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1", "fc00::/7"})
      parsed.push_back(AddressBlock::parse(block).value());
    return parsed;
  }();
  return blocks;
}

}  // namespace

bool is_address_allowed(std::string_view text, AddressPolicy policy) {
  const auto address = parse_address(text);
  if (!address) return false;
  const bool is_public = find_host_kind(text) == HostKind::global;
  switch (policy) {
    case AddressPolicy::public_only:
      return is_public;
    case AddressPolicy::public_and_loopback:
      // Not the loopback that an IPv6 address embeds: nobody who develops writes it so.
      return is_public || address->is_loopback();
  }
  return false;
}

bool is_address_allowed(std::string_view text, const FetchPolicy& policy) {
  if (is_address_allowed(text, policy.addresses)) return true;
  const auto address = parse_address(text);
  return address && is_among(policy.networks, *address) && is_private_address(text);
}

bool is_private_address(std::string_view text) {
  const auto address = parse_address(text);
  return address && is_among(private_blocks(), *address);
}

}  // namespace chatelaine::net
