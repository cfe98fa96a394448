#include "host/plugins.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "host/domain.hpp"
#include "host/vault.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;

PluginSummary summarise(const HostContext& host, const storage::Plugin& plugin) {
  PluginSummary summary{plugin.id,
                        plugin.domain,
                        plugin.domain,
                        {},
                        plugin.client_id,
                        host.settings.callback_url(plugin.id),
                        plugin.verification_token,
                        state_of(plugin),
                        plugin.installed_at,
                        plugin.verified_at,
                        {}};
  if (auto documents = find_documents(host, plugin)) {
    summary.name = documents->manifest.name_for_human;
    summary.description = documents->manifest.description_for_human;
    summary.sign_in_origin = documents->manifest.client_url.origin();
    summary.documents = std::move(documents);
  }
  return summary;
}

}  // namespace

std::shared_ptr<const PluginDocuments> find_documents(const HostContext& host, const storage::Plugin& plugin) {
  // The lengths keep two texts apart from the same bytes split elsewhere.
  const crypto::Sha256 digest =
      crypto::sha256(plugin.domain + '\n' + big_endian(plugin.manifest.size()) + plugin.manifest + plugin.openapi);
  if (auto found = host.documents->find(digest)) return found;
  auto read = read_stored_documents(host, plugin);
  if (!read) return nullptr;
  auto entry = std::make_shared<const PluginDocuments>(std::move(*read));
  host.documents->keep(digest, entry, plugin.manifest.size() + plugin.openapi.size());
  return entry;
}

PluginState state_of(const storage::Plugin& plugin) {
  if (plugin.sealed_client_secret.empty()) return PluginState::needs_credentials;
  return plugin.verified_at ? PluginState::usable : PluginState::needs_verification;
}

Task<std::vector<PluginSummary>> list_plugins(const HostContext& host) {
  const std::vector<storage::Plugin> plugins = co_await host.storage.plugins().list_plugins();
  std::vector<PluginSummary> out;
  out.reserve(plugins.size());
  for (const storage::Plugin& plugin : plugins) out.push_back(summarise(host, plugin));
  co_return out;
}

Task<Outcome<PluginSummary>> find_plugin(const HostContext& host, storage::PluginId plugin_id) {
  const auto plugin = co_await host.storage.plugins().find_plugin(plugin_id);
  if (!plugin) co_return refuse(Kind::not_found, "There is no such plugin.");
  co_return summarise(host, *plugin);
}

Task<Outcome<storage::User>> find_user(const HostContext& host, std::string email) {
  auto user = co_await host.storage.users().find_user_by_email(email);
  if (!user) co_return refuse(Kind::not_found, fmt::format("There is no user \"{}\" on this host.", email));
  co_return std::move(*user);
}

Task<Outcome<storage::User>> check_user(const HostContext& host, oauth::UserId user_id) {
  auto user = co_await host.storage.users().find_user(user_id);
  if (!user) co_return refuse(Kind::not_found, "There is no such user on this host.");
  if (!user->enabled) co_return refuse(Kind::forbidden, "This account is disabled.");
  co_return std::move(*user);
}

Task<Outcome<UsablePlugin>> find_usable_plugin(const HostContext& host, storage::PluginId plugin_id) {
  auto plugin = co_await host.storage.plugins().find_plugin(plugin_id);
  if (!plugin) co_return refuse(Kind::not_found, "There is no such plugin.");
  switch (state_of(*plugin)) {
    case PluginState::needs_credentials:
      co_return refuse(Kind::not_ready,
                       "The plugin cannot be used yet: its developer must enter the client ID and secret.");
    case PluginState::needs_verification:
      co_return refuse(Kind::not_ready,
                       "The plugin cannot be used yet: its developer must verify it (its manifest must "
                       "carry the verification token).");
    case PluginState::usable:
      break;
  }
  auto documents = find_documents(host, *plugin);
  if (!documents) {
    co_return refuse(Kind::not_ready,
                     "The plugin's documents cannot be read any more: its developer must verify it again.");
  }
  auto credentials = open_credentials(host, *plugin, documents->manifest.authorization_url.origin());
  if (!credentials) {
    host.log.error("client secret does not open with the keys at hand", {{"plugin", plugin->id.value()}});
    co_return refuse(
        Kind::not_ready,
        "The plugin's client secret cannot be read with this host's key: its developer must enter it again.");
  }
  co_return UsablePlugin{std::move(*plugin), std::move(documents), std::move(*credentials)};
}

}  // namespace chatelaine::host
