#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::storage {

/// Which grants to list: all that match every member that is set.
struct GrantFilter {
  std::optional<oauth::UserId> user_id;
  std::optional<oauth::ClientId> client_id;
};

class Grants {
 public:
  virtual ~Grants() = default;
  /// Also finds a revoked one, until it is removed.
  virtual Task<std::optional<oauth::Grant>> find_grant(oauth::GrantId id) = 0;
  /// Whether the grant is there, unrevoked and its user enabled: what every use of its access tokens asks. Cached; see
  /// Storage::change_count.
  virtual Task<bool> is_grant_active(oauth::GrantId id) = 0;
  /// Newest first, revoked ones included.
  virtual Task<std::vector<oauth::Grant>> list_grants(GrantFilter filter) = 0;
  /// Moves the counter from `from_generation` to the next, if it still stands there and the grant is neither revoked
  /// nor expired; sets `rotated_at = now`, `expires_at` and `grace_uses = 0`, and keeps `access_token` where access
  /// tokens are opaque. True: won.
  virtual Task<bool> rotate_refresh_token(oauth::GrantId id, std::uint32_t from_generation, Instant now,
                                          Instant expires_at,
                                          const std::optional<oauth::OpaqueAccessToken>& access_token) = 0;
  /// Counts one more use of the token before `current_generation`, if that still is the generation, it was reached
  /// after `rotated_after`, fewer than `most_uses` are counted and the grant is not revoked. True: the same successor
  /// may be given.
  virtual Task<bool> replay_successor(oauth::GrantId id, std::uint32_t current_generation, Instant rotated_after,
                                      std::uint32_t most_uses,
                                      const std::optional<oauth::OpaqueAccessToken>& access_token) = 0;
  /// Ends the grant. False where it is unknown or had ended before (the first reason stays).
  virtual Task<bool> revoke_grant(oauth::GrantId id, oauth::RevocationReason reason, Instant now) = 0;
};

}  // namespace chatelaine::storage
