#include "host/vault.hpp"

#include <fmt/format.h>

#include "base/json_members.hpp"

namespace chatelaine::host {
namespace {

std::string place_of(const storage::PluginId& id, std::string_view token_origin, const oauth::ClientId& client_id) {
  // A blank ends each part: neither an id nor an origin has one, and the client id comes last.
  return fmt::format("plugins/client_secret/{} {} {}", id.value(), token_origin, client_id.value());
}
std::string place_of(const storage::Connection& connection) {
  return fmt::format("connections/{}/{}/{}/{}", connection.id.value, connection.user_id.value,
                     connection.plugin_id.value(), connection.version);
}
std::string place_of(storage::ConnectionAttemptId id) { return fmt::format("connection_attempts/{}", id.value); }

}  // namespace

std::string seal_client_secret(const HostContext& host, const storage::PluginId& plugin_id,
                               std::string_view token_origin, const relying_party::ClientCredentials& credentials) {
  return host.sealer.seal(credentials.client_secret.reveal(), place_of(plugin_id, token_origin, credentials.client_id));
}

std::optional<relying_party::ClientCredentials> open_credentials(const HostContext& host, const storage::Plugin& plugin,
                                                                 std::string_view token_origin) {
  if (plugin.sealed_client_secret.empty()) return std::nullopt;
  const auto secret =
      host.sealer.open(plugin.sealed_client_secret, place_of(plugin.id, token_origin, plugin.client_id));
  if (!secret) return std::nullopt;
  return relying_party::ClientCredentials{plugin.client_id, oauth::ClientSecret(secret->reveal())};
}

std::string seal_tokens(const HostContext& host, const storage::Connection& place, const ConnectionTokens& tokens) {
  json::object object;
  object["access_token"] = tokens.access_token.reveal();
  if (tokens.refresh_token) object["refresh_token"] = tokens.refresh_token->reveal();
  if (tokens.lifetime) object["lifetime"] = tokens.lifetime->count();
  object["token_endpoint"] = tokens.token_endpoint;
  object["api_origin"] = tokens.api_origin;
  std::string text = json::serialize(object);
  std::string sealed = host.sealer.seal(text, place_of(place));
  wipe(text.data(), text.size());
  return sealed;
}

std::optional<ConnectionTokens> open_tokens(const HostContext& host, const storage::Connection& connection) {
  const auto opened = host.sealer.open(connection.sealed_tokens, place_of(connection));
  if (!opened) return std::nullopt;
  const auto parsed = parse_json(opened->reveal());
  if (!parsed || !parsed->is_object()) return std::nullopt;
  const json::object& object = parsed->get_object();
  ConnectionTokens tokens{oauth::AccessTokenSecret(text_of(object, "access_token")), std::nullopt, std::nullopt,
                          std::string(text_of(object, "token_endpoint")), std::string(text_of(object, "api_origin"))};
  if (object.contains("refresh_token")) tokens.refresh_token.emplace(text_of(object, "refresh_token"));
  if (const json::value* lifetime = object.if_contains("lifetime"); lifetime != nullptr && lifetime->is_int64()) {
    tokens.lifetime = seconds(lifetime->get_int64());
  }
  return tokens;
}

std::string seal_code_verifier(const HostContext& host, storage::ConnectionAttemptId id,
                               const relying_party::CodeVerifier& verifier) {
  return host.sealer.seal(verifier.reveal(), place_of(id));
}

std::optional<relying_party::CodeVerifier> open_code_verifier(const HostContext& host,
                                                              const storage::ConnectionAttempt& attempt) {
  const auto opened = host.sealer.open(attempt.sealed_code_verifier, place_of(attempt.id));
  if (!opened) return std::nullopt;
  return relying_party::CodeVerifier(opened->reveal());
}

}  // namespace chatelaine::host
