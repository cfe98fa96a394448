#pragma once

#include <string>

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// An operation as people read it, else its own name.
[[nodiscard]] std::string describe_operation(const AccountsSettings& settings, const std::string& operation);

/// Adds to what the account page says of a client `activity` (none or one): what it did last in the user's name, as
/// `call_list`, and where there is more of it `all` (none or one), the address of the page that has it all. The
/// arguments outlive the task.
[[nodiscard]] Task<void> add_activity(pages::Data& data, const Context& context, oauth::UserId user_id,
                                      const oauth::ClientId& client_id);

}  // namespace chatelaine::accounts
