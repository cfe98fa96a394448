#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/vocabulary.hpp"
#include "storage/plugins.hpp"

namespace chatelaine::storage {

using ConnectionId = Id<struct ConnectionTag>;
using ConnectionAttemptId = Id<struct ConnectionAttemptTag>;

/// One user's link to one plugin: at most one a pair. Tokens are sealed with associated data "connections/<id>/<user
/// id>/<plugin id>/<version>".
struct Connection {
  ConnectionId id;
  PluginId plugin_id;
  oauth::UserId user_id;
  std::string sealed_tokens;
  /// When the access token ends; nothing where the provider did not say.
  std::optional<Instant> access_token_expires_at;
  Instant connected_at;
  /// Counts every change of `sealed_tokens`.
  std::uint32_t version = 0;
  /// Until when one caller refreshes on behalf of all; in the past: nobody does.
  Instant refresh_lease_until;
  /// The provider said that the grant is gone: the user must sign in again.
  bool needs_sign_in = false;
};

/// A "Sign in with …" that has begun (at most ten minutes ago) and not come back.
struct ConnectionAttempt {
  ConnectionAttemptId id;
  PluginId plugin_id;
  oauth::UserId user_id;
  /// SHA-256 of the `state` that went out, and of the cookie that binds it to the browser.
  crypto::Sha256 state_hash;
  crypto::Sha256 browser_hash;
  /// The PKCE verifier, sealed with associated data "connection_attempts/<id>"; empty where none was sent.
  std::string sealed_code_verifier;
  /// The provider's `issuer` where its metadata was believed; empty otherwise.
  std::string expected_issuer;
  /// Whether that metadata promised `iss` in the answer (RFC 9207 §3).
  bool issuer_is_promised = false;
  Instant expires_at;
};

/// What `put_connection` found and did.
struct PutConnection {
  /// False where the user is gone or disabled or the plugin is gone: nothing was kept or replaced.
  bool is_kept = false;
  /// The earlier connection of the same user and plugin, whose tokens nobody holds any more.
  std::optional<Connection> replaced;
};

class Connections {
 public:
  virtual ~Connections() = default;

  /// Keeps nothing where the user is gone or disabled or the plugin is gone.
  virtual Task<void> add_connection_attempt(const ConnectionAttempt& attempt) = 0;
  /// Takes the attempt out, if its `state_hash` is that one: the second call finds nothing (single use), and whoever
  /// guesses an id takes nothing away.
  virtual Task<std::optional<ConnectionAttempt>> take_connection_attempt(ConnectionAttemptId id,
                                                                         crypto::Sha256 state_hash) = 0;

  virtual Task<std::optional<Connection>> find_connection(PluginId plugin_id, oauth::UserId user_id) = 0;
  virtual Task<std::vector<Connection>> list_connections(oauth::UserId user_id) = 0;
  /// Keeps the connection in place of an earlier one of the same user and plugin.
  virtual Task<PutConnection> put_connection(const Connection& connection) = 0;
  /// Takes the lease to refresh until `until`, if the connection still has `version` and no lease runs at `now`. One
  /// caller wins.
  virtual Task<bool> claim_refresh(ConnectionId id, std::uint32_t version, Instant now, Instant until) = 0;
  /// Stores refreshed tokens, counts the version up, ends the lease and the need to sign in, if `version` still is the
  /// one that was claimed.
  virtual Task<bool> finish_refresh(ConnectionId id, std::uint32_t version, std::string sealed_tokens,
                                    std::optional<Instant> expires_at) = 0;
  /// Ends the lease without new tokens; `needs_sign_in` where the provider said invalid_grant.
  virtual Task<void> fail_refresh(ConnectionId id, std::uint32_t version, bool needs_sign_in) = 0;
  /// Forgets the tokens. False where there is no such connection.
  virtual Task<bool> remove_connection(PluginId plugin_id, oauth::UserId user_id) = 0;
};

}  // namespace chatelaine::storage
