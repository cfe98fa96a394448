#pragma once

#include <vector>

#include "base/task.hpp"
#include "host/context.hpp"
#include "host/host_error.hpp"

namespace chatelaine::host {

struct VerifiedPlugin {
  storage::PluginId plugin_id;
  std::string name;
  Instant verified_at;
  std::vector<Finding> warnings;
};

/// Fetches manifest and OpenAPI again, checks that the manifest carries our verification token, and keeps both: from
/// now on they are what connections and calls go by.
[[nodiscard]] Task<Outcome<VerifiedPlugin>> verify_plugin(const HostContext& host, storage::PluginId plugin_id);

}  // namespace chatelaine::host
