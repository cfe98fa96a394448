#pragma once

#include <optional>
#include <string>

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// See Accounts::find_signed_in.
[[nodiscard]] Task<std::optional<SignedIn>> find_signed_in(const Context& context, const net::Request& request);

/// Signs the user in at this browser under a fresh id (no fixation), ends the browser's earlier session, and gives the
/// Set-Cookie value. Nothing where the user is gone or disabled.
[[nodiscard]] Task<std::optional<std::string>> begin_session(const Context& context, const net::Request& request,
                                                             oauth::UserId user_id);

/// Ends the session of the request's cookie, if it is one.
[[nodiscard]] Task<void> end_session(const Context& context, const net::Request& request);

}  // namespace chatelaine::accounts
