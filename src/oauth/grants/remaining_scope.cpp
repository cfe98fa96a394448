#include "oauth/grants/remaining_scope.hpp"

namespace chatelaine::oauth {

Result<Scope> find_remaining_scope(const Scope& allowed, const Client& client) {
  Scope remaining = allowed.intersected_with(client.grantable_scope());
  if (remaining.empty() && !allowed.empty()) {
    return refuse(ErrorCode::invalid_scope,
                  "The client may have nothing any more of the scope that the user allowed: send the user to the "
                  "authorization endpoint again.");
  }
  return remaining;
}

}  // namespace chatelaine::oauth
