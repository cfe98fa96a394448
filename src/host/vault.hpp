#pragma once

#include <optional>
#include <string>

#include "host/context.hpp"
#include "relying_party/token_exchange.hpp"
#include "storage/connections.hpp"

namespace chatelaine::host {

/// Sealed with the plugin's id, the origin of the token endpoint that they are for and the client id as associated
/// data: it opens in this plugin's row alone, and for that provider alone (THREATS N17).
[[nodiscard]] std::string seal_client_secret(const HostContext& host, const storage::PluginId& plugin_id,
                                             std::string_view token_origin,
                                             const relying_party::ClientCredentials& credentials);
/// Nothing where none was given, it was moved or altered or is for another origin, or the key that sealed it is gone.
[[nodiscard]] std::optional<relying_party::ClientCredentials> open_credentials(const HostContext& host,
                                                                               const storage::Plugin& plugin,
                                                                               std::string_view token_origin);

/// A connection's tokens as they are sealed.
struct ConnectionTokens {
  oauth::AccessTokenSecret access_token;
  std::optional<oauth::RefreshTokenSecret> refresh_token;
  /// How long the access token lives in all; nothing where the provider did not say.
  std::optional<seconds> lifetime;
  /// Where these tokens came from and where they may be used: a plugin that moves gets none of them.
  std::string token_endpoint;
  std::string api_origin;
};

/// Sealed with the connection's, user's and plugin's ids and the connection's version as associated data.
[[nodiscard]] std::string seal_tokens(const HostContext& host, const storage::Connection& place,
                                      const ConnectionTokens& tokens);
/// Nothing where they were moved or altered, or the key is gone.
[[nodiscard]] std::optional<ConnectionTokens> open_tokens(const HostContext& host,
                                                          const storage::Connection& connection);

[[nodiscard]] std::string seal_code_verifier(const HostContext& host, storage::ConnectionAttemptId id,
                                             const relying_party::CodeVerifier& verifier);
[[nodiscard]] std::optional<relying_party::CodeVerifier> open_code_verifier(const HostContext& host,
                                                                            const storage::ConnectionAttempt& attempt);

}  // namespace chatelaine::host
