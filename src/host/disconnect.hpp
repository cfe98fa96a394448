#pragma once

#include <string>

#include "base/task.hpp"
#include "host/context.hpp"
#include "host/host_error.hpp"
#include "host/revoke.hpp"

namespace chatelaine::host {

struct Disconnected {
  ProviderRevocation revocation = ProviderRevocation::not_offered;
  /// A sentence for the user.
  std::string message;
};

/// Forgets the user's tokens, whatever the provider says, after asking the provider to revoke them (RFC 7009) where its
/// metadata names a revocation endpoint.
[[nodiscard]] Task<Outcome<Disconnected>> disconnect_plugin(const HostContext& host, storage::PluginId plugin_id,
                                                            oauth::UserId user_id);

}  // namespace chatelaine::host
