#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "host/context.hpp"
#include "host/documents.hpp"
#include "host/install.hpp"

namespace chatelaine::host {

/// An installed plugin as listings show it.
struct PluginSummary {
  storage::PluginId plugin_id;
  std::string domain;
  std::string name;
  std::string description;
  /// Empty until credentials were given.
  oauth::ClientId client_id;
  oauth::RedirectUri callback_url;
  std::string verification_token;
  PluginState state = PluginState::needs_credentials;
  Instant installed_at;
  std::optional<Instant> verified_at;
  /// The origin of the page that "Sign in with …" opens.
  std::string sign_in_origin;
  /// Null where they cannot be read any more.
  std::shared_ptr<const PluginDocuments> documents = nullptr;
};

/// Oldest first.
[[nodiscard]] Task<std::vector<PluginSummary>> list_plugins(const HostContext& host);
[[nodiscard]] Task<Outcome<PluginSummary>> find_plugin(const HostContext& host, storage::PluginId plugin_id);
/// The user of that e-mail address, for commands; the account may be disabled.
[[nodiscard]] Task<Outcome<storage::User>> find_user(const HostContext& host, std::string email);

/// The user, for as long as the account is enabled: who is disabled gets no token out of the vault (THREATS N53).
[[nodiscard]] Task<Outcome<storage::User>> check_user(const HostContext& host, oauth::UserId user_id);

[[nodiscard]] PluginState state_of(const storage::Plugin& plugin);

/// The stored documents as read, from the cache where they are in it; null where they cannot be read any more.
[[nodiscard]] std::shared_ptr<const PluginDocuments> find_documents(const HostContext& host,
                                                                    const storage::Plugin& plugin);

/// A plugin that may be connected and called: credentials given, verified, its documents readable.
struct UsablePlugin {
  storage::Plugin stored;
  std::shared_ptr<const PluginDocuments> documents;
  relying_party::ClientCredentials credentials;
};
[[nodiscard]] Task<Outcome<UsablePlugin>> find_usable_plugin(const HostContext& host, storage::PluginId plugin_id);

}  // namespace chatelaine::host
