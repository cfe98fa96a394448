#pragma once

#include <expected>

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// Whether the password is the stored one of `user` (null: nobody), who is enabled. Unknown, disabled and without a
/// password cost what a wrong password costs (THREATS §1), and count as it does; a right one clears the account's
/// count. The error: nothing was checked, and so long it takes until something is. What is passed outlives the task.
[[nodiscard]] Task<std::expected<bool, milliseconds>> check_password(const Context& context,
                                                                     const limits::Throttle::Attempt& attempt,
                                                                     const crypto::Password& password,
                                                                     const storage::User* user);

/// 429 with Retry-After (RFC 6585 §4): the same whether or not there is such an account.
[[nodiscard]] net::Response say_wait(const Context& context, milliseconds wait);

}  // namespace chatelaine::accounts
