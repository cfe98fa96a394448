#pragma once

#include <cstdint>
#include <string_view>

namespace chatelaine {

/// What kind of place a host name or numeric address is, by its spelling alone; what a name resolves to is judged when
/// it is connected to (net/fetch).
enum class HostKind : std::uint8_t {
  global,
  /// This machine: `localhost` and what is below it, 127.0.0.0/8, `::1`, and the IPv4 ones inside IPv6.
  loopback,
  /// Private, shared, link-local, documentation, multicast and reserved addresses; names that only somebody's own
  /// network knows; numbers that a browser would read as an address (`2130706433`, `0x7f.1`).
  private_network
};

/// `host` is in lower case, an IPv6 address without brackets; a final dot says nothing.
[[nodiscard]] HostKind find_host_kind(std::string_view host);

}  // namespace chatelaine
