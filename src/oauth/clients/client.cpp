#include "oauth/clients/client.hpp"

#include <algorithm>
#include <utility>

#include "oauth/openid/identity_scope.hpp"

namespace chatelaine::oauth {

std::string_view to_string(ClientOrigin origin) {
  switch (origin) {
    case ClientOrigin::command:
      return "command";
    case ClientOrigin::registration:
      return "registration";
    case ClientOrigin::metadata_document:
      return "metadata_document";
  }
  std::unreachable();
}

Scope Client::grantable_scope() const { return openid ? scope.united_with(identity_scope()) : scope; }

bool Client::may_use(GrantType grant_type) const {
  return std::ranges::find(grant_types, grant_type) != grant_types.end();
}

}  // namespace chatelaine::oauth
