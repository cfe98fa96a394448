#pragma once

#include <optional>

#include "base/task.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::storage {

class AccessTokens {
 public:
  virtual ~AccessTokens() = default;
  /// Keeps an opaque access token that no grant brings along (client_credentials); nothing where
  /// the client is gone.
  virtual Task<void> add_access_token(const oauth::OpaqueAccessToken& token) = 0;
  virtual Task<std::optional<oauth::OpaqueAccessToken>> find_access_token(oauth::AccessTokenId id) = 0;
  /// Ends one access token of either format before its time (RFC 7009); `expires_at` says how long that must be
  /// remembered. An opaque one is then found no more.
  virtual Task<void> revoke_access_token(oauth::AccessTokenId id, Instant expires_at) = 0;
  /// Cached; see Storage::change_count.
  virtual Task<bool> is_access_token_revoked(oauth::AccessTokenId id) = 0;
};

}  // namespace chatelaine::storage
