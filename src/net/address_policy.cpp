#include <algorithm>
#include <array>
#include <vector>

#include "net/address.hpp"
#include "net/fetch.hpp"

namespace chatelaine::net {
namespace {

namespace ip = boost::asio::ip;

// The IANA special-purpose address registries (RFC 6890) and their successors: nothing here is somebody's public host.
constexpr std::array kNotPublic{
    "0.0.0.0/8",        // RFC 791: this network
    "10.0.0.0/8",       // RFC 1918: private
    "100.64.0.0/10",    // RFC 6598: shared (CGNAT)
    "127.0.0.0/8",      // RFC 1122: loopback
    "169.254.0.0/16",   // RFC 3927: link-local, and where clouds keep instance metadata
    "172.16.0.0/12",    // RFC 1918
    "192.0.0.0/24",     // RFC 6890: protocol assignments
    "192.0.2.0/24",     // RFC 5737: documentation
    "192.88.99.0/24",   // RFC 7526: 6to4 relays
    "192.168.0.0/16",   // RFC 1918
    "198.18.0.0/15",    // RFC 2544: benchmarks
    "198.51.100.0/24",  // RFC 5737
    "203.0.113.0/24",   // RFC 5737
    "224.0.0.0/4",      // RFC 5771: multicast
    "240.0.0.0/4",      // RFC 1112: reserved, and broadcast
};
// Of IPv6 only RFC 4291's global unicast block is open, and of it not what embeds an IPv4 address or is special.
constexpr const char* kGlobalUnicast = "2000::/3";
constexpr std::array kNotGlobal{
    "2001::/23",      // RFC 2928: protocol assignments, Teredo (2001::/32) among them
    "2001:db8::/32",  // RFC 3849: documentation
    "2002::/16",      // RFC 3056: 6to4
    "3fff::/20",      // RFC 9637: documentation
};

template <std::size_t N>
std::vector<AddressBlock> parse_blocks(const std::array<const char*, N>& texts) {
  std::vector<AddressBlock> blocks;
  for (const char* text : texts) blocks.push_back(AddressBlock::parse(text).value());
  return blocks;
}

bool is_in_any(const ip::address& address, const std::vector<AddressBlock>& blocks) {
  return std::ranges::any_of(blocks, [&](const AddressBlock& block) { return block.contains(address); });
}

bool is_public(const ip::address& address) {
  static const std::vector<AddressBlock> not_public = parse_blocks(kNotPublic);
  static const std::vector<AddressBlock> not_global = parse_blocks(kNotGlobal);
  static const AddressBlock global_unicast = AddressBlock::parse(kGlobalUnicast).value();
  if (address.is_v4()) return !is_in_any(address, not_public);
  return global_unicast.contains(address) && !is_in_any(address, not_global);
}

}  // namespace

bool is_address_allowed(std::string_view text, AddressPolicy policy) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  if (error) return false;
  switch (policy) {
    case AddressPolicy::public_only:
      return is_public(address);
    case AddressPolicy::public_and_loopback:
      return is_public(address) || address.is_loopback();
  }
  return false;
}

}  // namespace chatelaine::net
