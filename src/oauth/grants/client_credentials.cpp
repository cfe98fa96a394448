#include "oauth/grants/client_credentials.hpp"

#include <utility>

namespace chatelaine::oauth {

Result<Target> decide_client_credentials(const Client& client, const Form& request,
                                         const ProtectedResources& resources) {
  auto scope = narrow_scope(request.get("scope"), client.scope);
  if (!scope) return std::unexpected(std::move(scope.error()));
  return check_target(request, *scope, resources);
}

}  // namespace chatelaine::oauth
