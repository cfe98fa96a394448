#include "host/install.hpp"

#include <algorithm>

#include "base/base64url.hpp"
#include "host/documents.hpp"
#include "host/plugins.hpp"
#include "host/vault.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;
using relying_party::ClientCredentials;

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; });
}

/// RFC 6749 appendix A.1 and A.2: *VSCHAR.
Outcome<void> check_credentials(const ClientCredentials& credentials) {
  const std::string& id = credentials.client_id.value();
  const std::string_view secret = credentials.client_secret.reveal();
  if (id.empty() || id.size() > 1024 || !is_printable(id)) {
    return refuse(Kind::bad_request,
                  "The client ID must be 1 to 1024 printable ASCII characters, as the plugin's server "
                  "gave it.");
  }
  if (secret.empty() || secret.size() > 4096 || !is_printable(secret)) {
    return refuse(Kind::bad_request,
                  "The client secret must be 1 to 4096 printable ASCII characters, as the plugin's server gave it.");
  }
  return {};
}

void set_credentials(const HostContext& host, storage::Plugin& plugin, const ClientCredentials& credentials) {
  plugin.client_id = credentials.client_id;
  plugin.sealed_client_secret = seal_client_secret(host, plugin.id, credentials.client_secret);
}

storage::Plugin make_plugin(const HostContext& host, std::string domain) {
  storage::Plugin plugin;
  plugin.id = storage::PluginId("plugin-" + hex_encode(host.randomness.bytes(16)));
  plugin.domain = std::move(domain);
  plugin.verification_token = hex_encode(host.randomness.bytes(16));
  plugin.installed_at = host.clock.now();
  return plugin;
}

/// What was verified stays verified only while every place that people, tokens and calls go to is the same and the
/// manifest still carries our token.
bool is_still_verified(const HostContext& host, const storage::Plugin& plugin, const PluginDocuments& fetched) {
  if (!plugin.verified_at) return false;
  const auto stored = read_stored_documents(host, plugin);
  if (!stored || !have_same_endpoints(*stored, fetched)) return false;
  const auto& tokens = fetched.manifest.verification_tokens;
  const auto found = tokens.find(host.settings.name);
  return found != tokens.end() && equal_in_constant_time(found->second, plugin.verification_token);
}

void set_documents(const HostContext& host, storage::Plugin& plugin, const PluginDocuments& fetched) {
  if (!is_still_verified(host, plugin, fetched)) plugin.verified_at.reset();
  plugin.manifest = fetched.manifest_text;
  plugin.openapi = fetched.openapi_text;
}

InstalledPlugin describe(const HostContext& host, const storage::Plugin& plugin, std::string name,
                         std::vector<Finding> warnings) {
  return {plugin.id,
          plugin.domain,
          std::move(name),
          host.settings.callback_url(plugin.id),
          plugin.verification_token,
          state_of(plugin),
          std::move(warnings)};
}

/// Adds the plugin, or brings the one that the domain has already up to date.
Task<Outcome<storage::Plugin>> keep_plugin(const HostContext& host, std::string domain,
                                           const PluginDocuments& documents,
                                           const std::optional<ClientCredentials>& credentials) {
  storage::Plugins& plugins = host.storage.plugins();
  auto existing = co_await plugins.find_plugin_by_domain(domain);
  if (!existing) {
    storage::Plugin plugin = make_plugin(host, domain);
    set_documents(host, plugin, documents);
    if (credentials) set_credentials(host, plugin, *credentials);
    const bool is_added = co_await plugins.add_plugin(plugin);
    if (is_added) co_return plugin;
    // Somebody installed the same domain meanwhile.
    existing = co_await plugins.find_plugin_by_domain(domain);
    if (!existing)
      co_return refuse(Kind::not_found, "The plugin was removed while it was installed. Install it again.");
  }
  set_documents(host, *existing, documents);
  if (credentials) set_credentials(host, *existing, *credentials);
  const bool is_updated = co_await plugins.update_plugin(*existing);
  if (!is_updated) {
    co_return refuse(Kind::not_found, "The plugin was removed while it was installed. Install it again.");
  }
  co_return std::move(*existing);
}

}  // namespace

std::string_view to_string(PluginState state) {
  switch (state) {
    case PluginState::needs_credentials:
      return "needs_credentials";
    case PluginState::needs_verification:
      return "needs_verification";
    case PluginState::usable:
      return "usable";
  }
  return {};
}

Task<Outcome<InstalledPlugin>> install_plugin(const HostContext& host, InstallRequest request) {
  if (request.credentials) {
    if (auto checked = check_credentials(*request.credentials); !checked) co_return std::unexpected(checked.error());
  }
  auto domain = parse_plugin_domain(request.domain, host.settings);
  if (!domain) co_return std::unexpected(std::move(domain.error()));
  auto documents = co_await fetch_documents(host, *domain);
  if (!documents) co_return std::unexpected(std::move(documents.error()));
  const auto kept = co_await keep_plugin(host, domain->name, *documents, request.credentials);
  if (!kept) co_return std::unexpected(kept.error());
  host.log.info(
      "plugin installed",
      {{"plugin", kept->id.value()}, {"domain", kept->domain}, {"state", std::string(to_string(state_of(*kept)))}});
  co_return describe(host, *kept, documents->manifest.name_for_human, std::move(documents->warnings));
}

Task<Outcome<InstalledPlugin>> give_credentials(const HostContext& host, storage::PluginId plugin_id,
                                                ClientCredentials credentials) {
  if (auto checked = check_credentials(credentials); !checked) co_return std::unexpected(checked.error());
  auto plugin = co_await host.storage.plugins().find_plugin(plugin_id);
  if (!plugin) co_return refuse(Kind::not_found, "There is no such plugin.");
  set_credentials(host, *plugin, credentials);
  const bool is_updated = co_await host.storage.plugins().update_plugin(*plugin);
  if (!is_updated) co_return refuse(Kind::not_found, "There is no such plugin.");
  host.log.info("plugin given credentials", {{"plugin", plugin->id.value()}});
  const auto documents = read_stored_documents(host, *plugin);
  co_return describe(host, *plugin, documents ? documents->manifest.name_for_human : plugin->domain, {});
}

}  // namespace chatelaine::host
