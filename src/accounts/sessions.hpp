#pragma once

#include <optional>
#include <string>

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// See Accounts::find_signed_in.
[[nodiscard]] Task<std::optional<SignedIn>> find_signed_in(const Context& context, const net::Request& request);

/// A session under a fresh id (no fixation) that is not yet kept, and the Set-Cookie value that proves it.
struct NewSession {
  storage::Session session;
  std::string set_cookie;
};
[[nodiscard]] NewSession make_session(const Context& context, oauth::UserId user_id, Instant authenticated_at);

/// Signs the user in at this browser, ends the browser's earlier session, and gives the Set-Cookie value. Nothing where
/// the user is gone or disabled or has another password than the one in `user`.
[[nodiscard]] Task<std::optional<std::string>> begin_session(const Context& context, const net::Request& request,
                                                             const storage::User& user, Instant authenticated_at);

/// Ends the session of the request's cookie, if it is one.
[[nodiscard]] Task<void> end_session(const Context& context, const net::Request& request);

}  // namespace chatelaine::accounts
