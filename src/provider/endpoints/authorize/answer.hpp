#pragma once

#include "accounts/accounts.hpp"
#include "base/task.hpp"
#include "net/response.hpp"
#include "oauth/authorize/request.hpp"
#include "provider/context.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"

namespace chatelaine::provider::endpoints {

/// Adds a code for what the user allowed and sends it to the client (RFC 6749 §4.1.2): a redirect, or the page that
/// posts it where the request asked for that. A pushed request is spent, and a page says so where it was already. The
/// arguments outlive the task.
[[nodiscard]] Task<net::Response> answer_with_code(const Context& context, const net::Request& request,
                                                   const CheckedRequest& checked, const accounts::SignedIn& signed_in);

/// Sends an error in the same way (RFC 6749 §4.1.2.1), which is the request's one answer.
[[nodiscard]] Task<net::Response> answer_with_refusal(const Context& context, const net::Request& request,
                                                      const CheckedRequest& checked, const oauth::OAuthError& error);

/// Sends one so that leaves the request to be asked anew: what was wrong is not for the person to change.
[[nodiscard]] net::Response answer_with_error(const Context& context, const net::Request& request,
                                              const oauth::ClientId& client_id, const oauth::ResponseTarget& target,
                                              const oauth::OAuthError& error);

}  // namespace chatelaine::provider::endpoints
