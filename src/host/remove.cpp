#include "host/remove.hpp"

#include "host/revoke.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;

/// A provider that failed so often in a row is not asked again.
constexpr int kMostFailures = 3;

}  // namespace

Task<Outcome<RemovedPlugin>> remove_plugin(const HostContext& host, storage::PluginId plugin_id) {
  const auto plugin = co_await host.storage.plugins().find_plugin(plugin_id);
  if (!plugin) co_return refuse(Kind::not_found, "There is no such plugin.");
  const auto connections = co_await host.storage.plugins().remove_plugin(plugin_id);
  if (!connections) co_return refuse(Kind::not_found, "There is no such plugin.");
  RemovedPlugin removed{connections->size(), 0};
  int failures = 0;
  for (const storage::Connection& connection : *connections) {
    const Revocation revocation = co_await revoke_connection(host, *plugin, connection);
    if (revocation.outcome == ProviderRevocation::not_offered) break;
    const bool is_revoked = revocation.outcome == ProviderRevocation::revoked;
    removed.revoked += is_revoked ? 1 : 0;
    failures = is_revoked ? 0 : failures + 1;
    if (failures == kMostFailures) break;
  }
  host.log.info("plugin removed", {{"plugin", plugin_id.value()},
                                   {"connections", std::to_string(removed.connections)},
                                   {"revoked", std::to_string(removed.revoked)}});
  co_return removed;
}

}  // namespace chatelaine::host
