#pragma once

#include <map>
#include <vector>

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// What each client did last in the user's name, the newest call first; a handful each.
using Activity = std::map<oauth::ClientId, std::vector<storage::LedgerEntry>>;
[[nodiscard]] Task<Activity> find_activity(const Context& context, oauth::UserId user_id);

/// An operation as people read it, else its own name.
[[nodiscard]] std::string describe_operation(const AccountsSettings& settings, const std::string& operation);

/// Adds `activity` (none or one) with its `call_list` to what the page says of a client.
void add_activity(pages::Data& client, const AccountsSettings& settings,
                  const std::vector<storage::LedgerEntry>& calls);

}  // namespace chatelaine::accounts
