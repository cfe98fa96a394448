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

/// Where the client id and secret are sent.
std::string token_origin_of(const PluginDocuments& documents) { return documents.manifest.authorization_url.origin(); }

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

storage::FetchedDocuments to_store(const PluginDocuments& fetched, std::optional<Instant> verified_at) {
  return {fetched.manifest_text, fetched.openapi_text, verified_at};
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

/// Brings an installed plugin up to date.
Task<Outcome<storage::Plugin>> update_plugin(const HostContext& host, storage::Plugin existing,
                                             const PluginDocuments& documents,
                                             const std::optional<ClientCredentials>& credentials) {
  storage::Plugins& plugins = host.storage.plugins();
  const std::optional<Instant> verified_at =
      is_still_verified(host, existing, documents) ? existing.verified_at : std::nullopt;
  const storage::FetchedDocuments fetched = to_store(documents, verified_at);
  bool is_there =
      co_await plugins.set_plugin_documents(existing.id, fetched, judge_credentials(host, existing, documents));
  if (is_there && credentials) {
    std::string sealed = seal_client_secret(host, existing.id, token_origin_of(documents), *credentials);
    is_there = co_await plugins.set_plugin_credentials(existing.id, credentials->client_id, std::move(sealed));
  }
  auto updated = co_await plugins.find_plugin(existing.id);
  if (!is_there || !updated) {
    co_return refuse(Kind::not_found, "The plugin was removed while it was installed. Install it again.");
  }
  co_return std::move(*updated);
}

/// Adds the plugin, or brings the one that the domain has already up to date.
Task<Outcome<storage::Plugin>> keep_plugin(const HostContext& host, std::string domain,
                                           const PluginDocuments& documents,
                                           const std::optional<ClientCredentials>& credentials,
                                           std::vector<Finding>& warnings) {
  storage::Plugins& plugins = host.storage.plugins();
  auto existing = co_await plugins.find_plugin_by_domain(domain);
  if (!existing) {
    storage::Plugin plugin = make_plugin(host, domain);
    plugin.manifest = documents.manifest_text;
    plugin.openapi = documents.openapi_text;
    if (credentials) {
      plugin.client_id = credentials->client_id;
      plugin.sealed_client_secret = seal_client_secret(host, plugin.id, token_origin_of(documents), *credentials);
    }
    const bool is_added = co_await plugins.add_plugin(plugin);
    if (is_added) co_return plugin;
    // Somebody installed the same domain meanwhile.
    existing = co_await plugins.find_plugin_by_domain(domain);
    if (!existing)
      co_return refuse(Kind::not_found, "The plugin was removed while it was installed. Install it again.");
  }
  if (!credentials) warn_of_forgotten_credentials(host, *existing, documents, warnings);
  auto updated = co_await update_plugin(host, std::move(*existing), documents, credentials);
  co_return std::move(updated);
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

storage::CredentialsFate judge_credentials(const HostContext& host, const storage::Plugin& stored,
                                           const PluginDocuments& fetched) {
  const auto documents = find_documents(host, stored);
  const bool is_same = documents && token_origin_of(*documents) == token_origin_of(fetched);
  return is_same ? storage::CredentialsFate::kept : storage::CredentialsFate::forgotten;
}

void warn_of_forgotten_credentials(const HostContext& host, const storage::Plugin& stored,
                                   const PluginDocuments& fetched, std::vector<Finding>& warnings) {
  if (stored.sealed_client_secret.empty()) return;
  if (judge_credentials(host, stored, fetched) == storage::CredentialsFate::kept) return;
  warnings.push_back({"auth.authorization_url", "credentials_forgotten",
                      "the token endpoint is on another origin now, so the client ID and secret for the old one were "
                      "forgotten",
                      "the client ID and secret of the new server"});
}

Task<Outcome<InstalledPlugin>> install_plugin(const HostContext& host, InstallRequest request) {
  if (request.credentials) {
    if (auto checked = check_credentials(*request.credentials); !checked) co_return std::unexpected(checked.error());
  }
  auto domain = parse_plugin_domain(request.domain, host.settings);
  if (!domain) co_return std::unexpected(std::move(domain.error()));
  auto documents = co_await fetch_documents(host, *domain);
  if (!documents) co_return std::unexpected(std::move(documents.error()));
  const auto kept = co_await keep_plugin(host, domain->name, *documents, request.credentials, documents->warnings);
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
  const auto documents = find_documents(host, *plugin);
  if (!documents) {
    co_return refuse(Kind::not_ready, "The plugin's documents cannot be read any more: install it again first.");
  }
  plugin->client_id = credentials.client_id;
  plugin->sealed_client_secret = seal_client_secret(host, plugin_id, token_origin_of(*documents), credentials);
  const bool is_updated = co_await host.storage.plugins().set_plugin_credentials(plugin_id, plugin->client_id,
                                                                                 plugin->sealed_client_secret);
  if (!is_updated) co_return refuse(Kind::not_found, "There is no such plugin.");
  host.log.info("plugin given credentials", {{"plugin", plugin->id.value()}});
  co_return describe(host, *plugin, documents->manifest.name_for_human, {});
}

}  // namespace chatelaine::host
