#include <boost/asio/ip/address.hpp>

#include "base/host_kind.hpp"
#include "net/fetch.hpp"

namespace chatelaine::net {

bool is_address_allowed(std::string_view text, AddressPolicy policy) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(text), error);
  if (error) return false;
  const bool is_public = find_host_kind(text) == HostKind::global;
  switch (policy) {
    case AddressPolicy::public_only:
      return is_public;
    case AddressPolicy::public_and_loopback:
      // Not the loopback that an IPv6 address embeds: nobody who develops writes it so.
      return is_public || address.is_loopback();
  }
  return false;
}

}  // namespace chatelaine::net
