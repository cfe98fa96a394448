#include "oauth/clients/client.hpp"

#include <algorithm>

namespace chatelaine::oauth {

bool Client::may_use(GrantType grant_type) const {
  return std::ranges::find(grant_types, grant_type) != grant_types.end();
}

}  // namespace chatelaine::oauth
