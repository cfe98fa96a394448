#include "host/disconnect.hpp"

#include <fmt/format.h>

#include "host/plugins.hpp"
#include "host/vault.hpp"
#include "relying_party/discovery.hpp"
#include "relying_party/revocation.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;
using relying_party::TokenTypeHint;

/// RFC 7009 §2.1: revoking the refresh token ends the whole grant; without one, the access token is what there is.
Task<std::expected<void, std::string>> revoke(const HostContext& host, const UsablePlugin& plugin,
                                              const ConnectionTokens& tokens, std::string endpoint) {
  const bool has_refresh_token = tokens.refresh_token.has_value();
  const SecretBytes& token = has_refresh_token ? static_cast<const SecretBytes&>(*tokens.refresh_token)
                                               : static_cast<const SecretBytes&>(tokens.access_token);
  const TokenTypeHint hint = has_refresh_token ? TokenTypeHint::refresh_token : TokenTypeHint::access_token;
  auto revoked = co_await relying_party::revoke_token(host.fetcher, std::move(endpoint), plugin.documents->addresses,
                                                      plugin.credentials, token, hint);
  co_return std::move(revoked);
}

Task<Disconnected> revoke_at_provider(const HostContext& host, storage::PluginId plugin_id,
                                      const storage::Connection& connection) {
  const auto plugin = co_await find_usable_plugin(host, plugin_id);
  const auto tokens = open_tokens(host, connection);
  if (!plugin || !tokens || tokens->token_endpoint != plugin->documents->manifest.authorization_url.text) {
    co_return Disconnected{ProviderRevocation::failed,
                           "Your tokens were forgotten here. The plugin's server could not be told: end the access in "
                           "your account there, too."};
  }
  const oauth::Manifest& manifest = plugin->documents->manifest;
  relying_party::KnownEndpoints known{manifest.client_url, manifest.authorization_url};
  const auto metadata =
      co_await relying_party::discover_metadata(host.fetcher, std::move(known), plugin->documents->addresses);
  if (!metadata || metadata->revocation_endpoint.empty()) {
    co_return Disconnected{
        ProviderRevocation::not_offered,
        "Your tokens were forgotten here. The plugin's server offers no revocation: to end the access "
        "there as well, use your account there."};
  }
  const auto revoked = co_await revoke(host, *plugin, *tokens, metadata->revocation_endpoint);
  if (!revoked) {
    host.log.warning("revocation failed", {{"plugin", plugin_id.value()}, {"reason", revoked.error()}});
    co_return Disconnected{
        ProviderRevocation::failed,
        fmt::format("Your tokens were forgotten here, but not revoked at the plugin's server. {} End "
                    "the access in your account there, too.",
                    revoked.error())};
  }
  co_return Disconnected{ProviderRevocation::revoked,
                         "Disconnected: your tokens were revoked at the plugin's server and forgotten here."};
}

}  // namespace

std::string_view to_string(ProviderRevocation revocation) {
  switch (revocation) {
    case ProviderRevocation::revoked:
      return "revoked";
    case ProviderRevocation::not_offered:
      return "not_offered";
    case ProviderRevocation::failed:
      return "failed";
  }
  return {};
}

Task<Outcome<Disconnected>> disconnect_plugin(const HostContext& host, storage::PluginId plugin_id,
                                              oauth::UserId user_id) {
  storage::Connections& connections = host.storage.connections();
  const auto connection = co_await connections.find_connection(plugin_id, user_id);
  if (!connection) co_return refuse(Kind::not_found, "You are not connected to this plugin.");
  // Forgotten first: nothing can call with them, or refresh them, while the provider is told.
  co_await connections.remove_connection(plugin_id, user_id);
  auto disconnected = co_await revoke_at_provider(host, plugin_id, *connection);
  host.log.info("plugin disconnected",
                {{"plugin", plugin_id.value()}, {"at_provider", std::string(to_string(disconnected.revocation))}});
  co_return std::move(disconnected);
}

}  // namespace chatelaine::host
