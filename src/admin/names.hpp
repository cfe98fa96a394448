#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/storage.hpp"

/// What people call those whose ids a step of a flow holds.
namespace chatelaine::admin {

/// By id; an id whose client or user has gone is its own name.
using Names = std::map<std::string, std::string>;

/// The names of the clients of these steps. `steps` outlive the task, as below.
[[nodiscard]] Task<Names> find_client_names(storage::Storage& storage, const std::vector<storage::FlightStep>& steps);
/// The e-mail addresses of the users of these steps.
[[nodiscard]] Task<Names> find_addresses(storage::Storage& storage, const std::vector<storage::FlightStep>& steps);

/// What a client is called: its name, or its id where it has none.
[[nodiscard]] const std::string& name_of(const oauth::Client& client);

}  // namespace chatelaine::admin
