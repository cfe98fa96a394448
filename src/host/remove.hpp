#pragma once

#include <cstddef>

#include "base/task.hpp"
#include "host/context.hpp"
#include "host/host_error.hpp"

namespace chatelaine::host {

struct RemovedPlugin {
  /// How many users were connected, and the tokens of how many the provider revoked.
  std::size_t connections = 0;
  std::size_t revoked = 0;
};

/// Removes the plugin with everybody's connections to it, whose tokens are then revoked at the provider, one after the
/// other for as long as it answers.
[[nodiscard]] Task<Outcome<RemovedPlugin>> remove_plugin(const HostContext& host, storage::PluginId plugin_id);

}  // namespace chatelaine::host
