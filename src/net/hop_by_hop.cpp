#include "net/hop_by_hop.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

constexpr std::array<std::string_view, 7> kHopByHop{"Connection", "Keep-Alive",    "TE", "Trailer", "Transfer-Encoding",
                                                    "Upgrade",    "HTTP2-Settings"};

template <class H>
void remove_hop_by_hop_from(std::vector<H>& headers) {
  // Copies, since the headers that own the names are about to move.
  std::vector<std::string> named;
  for (const H& header : headers) {
    if (!equals_ignoring_case(header.name, "Connection")) continue;
    for (std::string_view list = header.value; !list.empty();) {
      if (const std::string_view name = take_element(list); !name.empty()) named.emplace_back(name);
    }
  }
  std::erase_if(headers, [&](const H& header) {
    return is_hop_by_hop(header.name) ||
           std::ranges::any_of(named, [&](const std::string& name) { return equals_ignoring_case(header.name, name); });
  });
}

}  // namespace

bool is_hop_by_hop(std::string_view name) {
  if (name.size() > 6 && equals_ignoring_case(name.substr(0, 6), "Proxy-")) return true;
  return std::ranges::any_of(kHopByHop, [&](std::string_view hop) { return equals_ignoring_case(name, hop); });
}

void remove_hop_by_hop(std::vector<HeaderView>& headers) { remove_hop_by_hop_from(headers); }
void remove_hop_by_hop(std::vector<Header>& headers) { remove_hop_by_hop_from(headers); }

}  // namespace chatelaine::net
