#pragma once

#include "base/form.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/resource.hpp"

namespace chatelaine::oauth {

/// RFC 6749 §4.4. What the token is for: the scope that was asked for, else the client's own, at the resources that
/// were asked for, else at the default; never a refresh token (§4.4.3). The client has authenticated and may use the
/// grant type (check_grant_type).
[[nodiscard]] Result<Target> decide_client_credentials(const Client& client, const Form& request,
                                                       const ProtectedResources& resources);

}  // namespace chatelaine::oauth
