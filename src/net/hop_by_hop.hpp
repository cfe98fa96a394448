#pragma once

#include <string_view>
#include <vector>

#include "net/request.hpp"
#include "net/response.hpp"

namespace chatelaine::net {

/// Whether a header belongs to one connection alone (RFC 9110 §7.6.1): Connection, Keep-Alive, Proxy-*, TE, Trailer,
/// Transfer-Encoding, Upgrade, HTTP2-Settings.
[[nodiscard]] bool is_hop_by_hop(std::string_view name);

/// Removes the hop-by-hop headers and those that `Connection` names. What a proxy adds itself is added afterwards, so
/// that `Connection: x` cannot take it off again (THREATS N07).
void remove_hop_by_hop(std::vector<HeaderView>& headers);
void remove_hop_by_hop(std::vector<Header>& headers);

}  // namespace chatelaine::net
