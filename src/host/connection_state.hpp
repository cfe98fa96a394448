#pragma once

#include <string_view>

#include "host/context.hpp"
#include "host/documents.hpp"
#include "host/vault.hpp"
#include "oauth/handle.hpp"

namespace chatelaine::host {

/// `state` is a handle: its id finds the attempt, its secret proves that it is the one we sent.
inline constexpr std::string_view kStatePrefix = "ctl_st_";

/// Whether tokens came from, and may be sent, where the plugin's documents say: a plugin that moved gets none of them.
[[nodiscard]] inline bool are_for(const ConnectionTokens& tokens, const PluginDocuments& documents) {
  return tokens.token_endpoint == documents.manifest.authorization_url.text &&
         tokens.api_origin == documents.api_base.origin();
}

/// Whether calls can be made with a connection as it stands. Where not, signing in again takes its place.
[[nodiscard]] inline bool is_in_order(const HostContext& host, const storage::Connection& connection,
                                      const PluginDocuments& documents) {
  if (connection.needs_sign_in) return false;
  const auto tokens = open_tokens(host, connection);
  return tokens && are_for(*tokens, documents);
}

}  // namespace chatelaine::host
