#include "base/host_kind.hpp"

#include <algorithm>
#include <array>
#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <cctype>

namespace chatelaine {
namespace {

namespace urls = boost::urls;

struct Block4 {
  std::array<unsigned char, 4> base;
  unsigned prefix;
};

// The IANA special-purpose address registries (RFC 6890) and their successors: nothing here is somebody's public host.
constexpr Block4 kNotPublic[] = {
    {{0, 0, 0, 0}, 8},        // RFC 791: this network
    {{10, 0, 0, 0}, 8},       // RFC 1918: private
    {{100, 64, 0, 0}, 10},    // RFC 6598: shared (CGNAT)
    {{169, 254, 0, 0}, 16},   // RFC 3927: link-local, and where clouds keep instance metadata
    {{172, 16, 0, 0}, 12},    // RFC 1918
    {{192, 0, 0, 0}, 24},     // RFC 6890: protocol assignments
    {{192, 0, 2, 0}, 24},     // RFC 5737: documentation
    {{192, 88, 99, 0}, 24},   // RFC 7526: 6to4 relays
    {{192, 168, 0, 0}, 16},   // RFC 1918
    {{198, 18, 0, 0}, 15},    // RFC 2544: benchmarks
    {{198, 51, 100, 0}, 24},  // RFC 5737
    {{203, 0, 113, 0}, 24},   // RFC 5737
    {{224, 0, 0, 0}, 4},      // RFC 5771: multicast
    {{240, 0, 0, 0}, 4},      // RFC 1112: reserved, and broadcast
};

struct Block6 {
  std::array<unsigned char, 4> base;
  unsigned prefix;
};
// Of IPv6 only RFC 4291's global unicast block is open, and of it not what embeds an IPv4 address or is special.
constexpr Block6 kGlobalUnicast{{0x20, 0, 0, 0}, 3};
constexpr Block6 kNotGlobal[] = {
    {{0x20, 0x01, 0, 0}, 23},        // RFC 2928: protocol assignments, Teredo (2001::/32) among them
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // RFC 3849: documentation
    {{0x20, 0x02, 0, 0}, 16},        // RFC 3056: 6to4
    {{0x3f, 0xff, 0, 0}, 20},        // RFC 9637: documentation
};

std::uint32_t read_32(const unsigned char* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

/// Every block above says what the first four bytes are.
template <class Block>
bool is_in(const unsigned char* address, const Block& block) {
  const std::uint32_t mask = ~std::uint32_t{0} << (32 - block.prefix);
  return (read_32(address) & mask) == (read_32(block.base.data()) & mask);
}

HostKind find_kind_4(const unsigned char* address) {
  if (address[0] == 127) return HostKind::loopback;
  const bool special = std::ranges::any_of(kNotPublic, [&](const Block4& block) { return is_in(address, block); });
  return special ? HostKind::private_network : HostKind::global;
}

HostKind find_kind_6(const urls::ipv6_address& address) {
  const auto bytes = address.to_bytes();
  if (address.is_loopback()) return HostKind::loopback;
  if (address.is_v4_mapped()) {
    return find_kind_4(bytes.data() + 12) == HostKind::loopback ? HostKind::loopback : HostKind::private_network;
  }
  const bool special = std::ranges::any_of(kNotGlobal, [&](const Block6& block) { return is_in(bytes.data(), block); });
  return is_in(bytes.data(), kGlobalUnicast) && !special ? HostKind::global : HostKind::private_network;
}

/// Whether browsers and resolvers would read the name as a number: `2130706433`, `0x7f.1`, `127.1` (WHATWG URL §3.5).
bool is_numeric_spelling(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') == std::string_view::npos ? 0 : host.rfind('.') + 1);
  if (last.empty()) return false;
  if (std::ranges::all_of(last, [](unsigned char c) { return std::isdigit(c) != 0; })) return true;
  return last.starts_with("0x") &&
         std::ranges::all_of(last.substr(2), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// RFC 6762 §3, RFC 8375 §3, ICANN's "internal", and habit: names that no public server has. A name without a dot is
/// one of somebody's own network.
bool is_private_name(std::string_view host) {
  static constexpr std::string_view kEndings[] = {".local", ".internal", ".home.arpa", ".lan", ".corp", ".intranet"};
  return host.find('.') == std::string_view::npos ||
         std::ranges::any_of(kEndings, [&](std::string_view ending) { return host.ends_with(ending); });
}

}  // namespace

HostKind find_host_kind(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  if (const auto v4 = urls::parse_ipv4_address(host)) return find_kind_4(v4->to_bytes().data());
  if (const auto v6 = urls::parse_ipv6_address(host)) return find_kind_6(*v6);
  if (host == "localhost" || host.ends_with(".localhost")) return HostKind::loopback;
  return is_numeric_spelling(host) || is_private_name(host) ? HostKind::private_network : HostKind::global;
}

}  // namespace chatelaine
