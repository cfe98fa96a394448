#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "host/context.hpp"
#include "host/documents.hpp"
#include "host/host_error.hpp"
#include "relying_party/token_exchange.hpp"

namespace chatelaine::host {

/// What stands between a plugin and its users.
enum class PluginState : std::uint8_t { needs_credentials, needs_verification, usable };
[[nodiscard]] std::string_view to_string(PluginState state);

struct InstallRequest {
  /// `host[:port]`.
  std::string domain;
  /// Nothing: the plugin is kept, and its callback URL can be registered at the provider before they are given.
  std::optional<relying_party::ClientCredentials> credentials;
};

struct InstalledPlugin {
  storage::PluginId plugin_id;
  std::string domain;
  std::string name;
  oauth::RedirectUri callback_url;
  /// 32 hexadecimal digits for `auth.verification_tokens.<[host] name>`.
  std::string verification_token;
  PluginState state = PluginState::needs_credentials;
  std::vector<Finding> warnings;
};

/// Installs the plugin of a domain. Once more for the same domain: fetches again, keeps id and verification token, and
/// takes the credentials, if any; where a URL has changed, the plugin must be verified again, and where the token
/// endpoint has moved to another origin, the credentials for the old one are forgotten.
[[nodiscard]] Task<Outcome<InstalledPlugin>> install_plugin(const HostContext& host, InstallRequest request);

/// What becomes of a plugin's credentials with newly fetched documents: they are for one token endpoint's origin and
/// are forgotten when it moves to another, or when it cannot be known any more whom they were for.
[[nodiscard]] storage::CredentialsFate judge_credentials(const HostContext& host, const storage::Plugin& stored,
                                                         const PluginDocuments& fetched);
/// Says so, where it is so and there were any.
void warn_of_forgotten_credentials(const HostContext& host, const storage::Plugin& stored,
                                   const PluginDocuments& fetched, std::vector<Finding>& warnings);

/// Gives an installed plugin its client id and secret (or new ones).
[[nodiscard]] Task<Outcome<InstalledPlugin>> give_credentials(const HostContext& host, storage::PluginId plugin_id,
                                                              relying_party::ClientCredentials credentials);

}  // namespace chatelaine::host
