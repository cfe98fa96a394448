#pragma once

#include <optional>

#include "accounts/accounts.hpp"
#include "base/task.hpp"
#include "net/response.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/openid/interaction.hpp"
#include "provider/context.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"

namespace chatelaine::provider::endpoints {

/// What to ask the person next; the error is for the client. The arguments outlive the task.
[[nodiscard]] Task<oauth::Result<oauth::Interaction>> find_interaction(
    const Context& context, const CheckedRequest& checked, const std::optional<accounts::SignedIn>& signed_in,
    oauth::ConsentDecision consent);

/// Sends the person to sign in, as the mode and the request want it, and back to the checked request, which `request`
/// brought.
[[nodiscard]] net::Response ask_to_sign_in(const Context& context, const net::Request& request,
                                           const CheckedRequest& checked, accounts::SignInMode mode);

/// The page that asks as whom to go on (web/templates/select_account.mustache): its two ways lead back to the request.
[[nodiscard]] net::Response ask_for_account(const Context& context, const net::Request& request,
                                            const CheckedRequest& checked, const accounts::SignedIn& signed_in);

}  // namespace chatelaine::provider::endpoints
