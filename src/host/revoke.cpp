#include "host/revoke.hpp"

#include "host/plugins.hpp"
#include "relying_party/discovery.hpp"
#include "relying_party/revocation.hpp"

namespace chatelaine::host {
namespace {

using relying_party::Discovery;
using relying_party::TokenTypeHint;

Revocation judge_absence(const Discovery& discovery) {
  if (!discovery.doubt) return {ProviderRevocation::not_offered, {}};
  return {ProviderRevocation::failed, "The plugin's server could not be asked: " + discovery.doubt->message};
}

/// RFC 7009 §2.1: revoking the refresh token ends the whole grant; without one, the access token is what there is.
Task<std::expected<void, std::string>> revoke(const HostContext& host, const PluginDocuments& documents,
                                              const relying_party::ClientCredentials& credentials,
                                              const ConnectionTokens& tokens, std::string endpoint) {
  const bool has_refresh_token = tokens.refresh_token.has_value();
  const SecretBytes& token = has_refresh_token ? static_cast<const SecretBytes&>(*tokens.refresh_token)
                                               : static_cast<const SecretBytes&>(tokens.access_token);
  const TokenTypeHint hint = has_refresh_token ? TokenTypeHint::refresh_token : TokenTypeHint::access_token;
  auto revoked = co_await relying_party::revoke_token(host.fetcher, std::move(endpoint), documents.addresses,
                                                      credentials, token, hint);
  co_return std::move(revoked);
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

Task<Revocation> revoke_tokens(const HostContext& host, const storage::Plugin& plugin, const ConnectionTokens& tokens) {
  const auto documents = find_documents(host, plugin);
  if (!documents || tokens.token_endpoint != documents->manifest.authorization_url.text) co_return Revocation{};
  const oauth::Manifest& manifest = documents->manifest;
  const auto credentials = open_credentials(host, plugin, manifest.authorization_url.origin());
  if (!credentials) co_return Revocation{};

  relying_party::KnownEndpoints known{manifest.client_url, manifest.authorization_url};
  const Discovery discovery =
      co_await relying_party::discover_metadata(host.fetcher, std::move(known), documents->addresses);
  if (!discovery.metadata) co_return judge_absence(discovery);
  std::string endpoint = discovery.metadata->revocation_endpoint;
  if (endpoint.empty()) co_return Revocation{ProviderRevocation::not_offered, {}};
  const auto revoked = co_await revoke(host, *documents, *credentials, tokens, std::move(endpoint));
  if (revoked) co_return Revocation{ProviderRevocation::revoked, {}};
  host.log.warning("revocation failed", {{"plugin", plugin.id.value()}, {"reason", revoked.error()}});
  co_return Revocation{ProviderRevocation::failed, revoked.error()};
}

Task<Revocation> revoke_connection(const HostContext& host, const storage::Plugin& plugin,
                                   const storage::Connection& connection) {
  const auto tokens = open_tokens(host, connection);
  if (!tokens) co_return Revocation{};
  auto revocation = co_await revoke_tokens(host, plugin, *tokens);
  co_return std::move(revocation);
}

}  // namespace chatelaine::host
