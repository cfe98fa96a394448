#pragma once

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// Adds `waiting` (none or one) with its `waiting_list` to the account page: the calls that wait for the user's word.
/// The arguments outlive the task.
[[nodiscard]] Task<void> add_waiting_calls(pages::Data& page, const Context& context, oauth::UserId user_id);

}  // namespace chatelaine::accounts
