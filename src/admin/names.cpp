#include "admin/names.hpp"

namespace chatelaine::admin {

const std::string& name_of(const oauth::Client& client) {
  return client.name.empty() ? client.id.value() : client.name;
}

Task<Names> find_client_names(storage::Storage& storage, const std::vector<storage::FlightStep>& steps) {
  Names names;
  for (const storage::FlightStep& step : steps) {
    const std::string& id = step.notes.client_id;
    if (id.empty() || names.contains(id)) continue;
    const auto client = co_await storage.clients().find_client(oauth::ClientId(id));
    names.emplace(id, client ? name_of(*client) : id);
  }
  co_return names;
}

Task<Names> find_addresses(storage::Storage& storage, const std::vector<storage::FlightStep>& steps) {
  Names addresses;
  for (const storage::FlightStep& step : steps) {
    const std::string& text = step.notes.user_id;
    const auto [known, is_new] = addresses.try_emplace(text, text);
    const auto id = parse_id(text);
    if (!is_new || !id) continue;
    const auto user = co_await storage.users().find_user(oauth::UserId{*id});
    if (user) known->second = user->email;
  }
  co_return addresses;
}

}  // namespace chatelaine::admin
