#pragma once

#include <string>

#include "accounts/context.hpp"

/// A browser at which a person has signed in before (OWASP's device cookie): wrong passwords from elsewhere do not make
/// it wait. Its cookie is a nonce and a MAC over nonce, account and password: it names nobody, serves for that account
/// alone, and ends with the password.
namespace chatelaine::accounts {

/// Adds to a response the cookie that makes its browser known to the account, whose password is the one in `user`.
void add_known_browser(const Context& context, const storage::User& user, net::Response& response);

/// What a password for the account of that e-mail address counts against: the account (without regard to ASCII case)
/// and the address, or, in a browser that is known to `user`, that browser alone, so that a stolen cookie gives no more
/// than its own tries. `user`: whose account it is; null: nobody's.
[[nodiscard]] limits::Throttle::Attempt make_attempt(const Context& context, const net::Request& request,
                                                     std::string_view email, const storage::User* user);

}  // namespace chatelaine::accounts
