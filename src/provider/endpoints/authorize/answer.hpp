#pragma once

#include "accounts/accounts.hpp"
#include "base/task.hpp"
#include "net/response.hpp"
#include "oauth/authorize/request.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// Adds a code for what the user allowed and redirects with it (RFC 6749 §4.1.2). The arguments outlive the task.
[[nodiscard]] Task<net::Response> answer_with_code(const Context& context, const oauth::AuthorizationRequest& request,
                                                   const accounts::SignedIn& signed_in);

/// Redirects with an error (RFC 6749 §4.1.2.1).
[[nodiscard]] net::Response answer_with_error(const Context& context, const oauth::ClientId& client_id,
                                              const oauth::ResponseTarget& target, const oauth::OAuthError& error);

}  // namespace chatelaine::provider::endpoints
