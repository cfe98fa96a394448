#include "oauth/flows.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chatelaine::oauth {

bool Flows::takes(GrantType grant_type) const {
  switch (grant_type) {
    case GrantType::authorization_code:
      return authorization_code;
    case GrantType::refresh_token:
      return refresh_token;
    case GrantType::client_credentials:
      return client_credentials;
    case GrantType::device_code:
      return device_code;
  }
  std::unreachable();
}

std::vector<GrantType> Flows::grant_types() const {
  std::vector<GrantType> on;
  std::ranges::copy_if(kGrantTypes, std::back_inserter(on), [&](GrantType type) { return takes(type); });
  return on;
}

}  // namespace chatelaine::oauth
