#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "host/context.hpp"
#include "host/vault.hpp"

namespace chatelaine::host {

/// What became of tokens at the provider.
enum class ProviderRevocation : std::uint8_t { revoked, not_offered, failed };
[[nodiscard]] std::string_view to_string(ProviderRevocation revocation);

struct Revocation {
  ProviderRevocation outcome = ProviderRevocation::failed;
  /// Why it failed: a sentence, or empty where there is nothing to say that a user would understand.
  std::string reason;
};

/// Asks the provider to revoke tokens that are needed no more (RFC 7009): the refresh token, else the access token.
/// This takes the plugin's credentials and documents, and that the tokens came from the token endpoint that these name;
/// not that the plugin may be used: whoever lost its verification must still be able to leave.
[[nodiscard]] Task<Revocation> revoke_tokens(const HostContext& host, const storage::Plugin& plugin,
                                             const ConnectionTokens& tokens);
/// The same for the tokens of a connection that storage holds no more.
[[nodiscard]] Task<Revocation> revoke_connection(const HostContext& host, const storage::Plugin& plugin,
                                                 const storage::Connection& connection);

}  // namespace chatelaine::host
