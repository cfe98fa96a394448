#pragma once

#include "base/form.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// RFC 6749 §4.4. Gives the scope of the token: what was asked for, else the client's own; never a refresh token
/// (§4.4.3). The client has authenticated and may use the grant type (check_grant_type); `own_resource` is the one
/// resource that tokens are for.
[[nodiscard]] Result<Scope> decide_client_credentials(const Client& client, const Form& request,
                                                      const Resource& own_resource);

}  // namespace chatelaine::oauth
