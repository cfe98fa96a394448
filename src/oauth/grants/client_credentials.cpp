#include "oauth/grants/client_credentials.hpp"

#include "oauth/resource.hpp"

namespace chatelaine::oauth {

Result<Scope> decide_client_credentials(const Client& client, const Form& request, const Resource& own_resource) {
  auto scope = narrow_scope(request.get("scope"), client.scope);
  if (!scope) return scope;
  if (auto ours = check_resource(request.get("resource"), own_resource); !ours)
    return std::unexpected(std::move(ours.error()));
  return scope;
}

}  // namespace chatelaine::oauth
