#include "host/disconnect.hpp"

#include <fmt/format.h>

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;

std::string describe(const Revocation& revocation) {
  switch (revocation.outcome) {
    case ProviderRevocation::revoked:
      return "Disconnected: your tokens were revoked at the plugin's server and forgotten here.";
    case ProviderRevocation::not_offered:
      return "Your tokens were forgotten here. The plugin's server offers no revocation: to end the access there as "
             "well, use your account there.";
    case ProviderRevocation::failed:
      break;
  }
  if (revocation.reason.empty()) {
    return "Your tokens were forgotten here. The plugin's server could not be told: end the access in your account "
           "there, too.";
  }
  return fmt::format(
      "Your tokens were forgotten here, but not revoked at the plugin's server. {} End the access in your account "
      "there, too.",
      revocation.reason);
}

}  // namespace

Task<Outcome<Disconnected>> disconnect_plugin(const HostContext& host, storage::PluginId plugin_id,
                                              oauth::UserId user_id) {
  storage::Connections& connections = host.storage.connections();
  const auto plugin = co_await host.storage.plugins().find_plugin(plugin_id);
  const auto connection = co_await connections.find_connection(plugin_id, user_id);
  if (!plugin || !connection) co_return refuse(Kind::not_found, "You are not connected to this plugin.");
  // Forgotten first: nothing can call with them, or refresh them, while the provider is told.
  co_await connections.remove_connection(plugin_id, user_id);
  const Revocation revocation = co_await revoke_connection(host, *plugin, *connection);
  host.log.info("plugin disconnected",
                {{"plugin", plugin_id.value()}, {"at_provider", std::string(to_string(revocation.outcome))}});
  co_return Disconnected{revocation.outcome, describe(revocation)};
}

}  // namespace chatelaine::host
