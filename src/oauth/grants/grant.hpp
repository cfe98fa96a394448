#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// Why a grant ended.
enum class RevocationReason : std::uint8_t {
  by_client,
  by_user,
  by_operator,
  code_replayed,
  refresh_token_stolen,
  user_disabled,
  user_removed,
  client_removed
};
[[nodiscard]] std::string_view to_string(RevocationReason reason);

/// One authorization and the chain of refresh tokens that came from it: one row.
struct Grant {
  GrantId id;
  ClientId client_id;
  UserId user_id;
  Subject subject;
  Scope scope;
  std::vector<Resource> resources;  ///< identifiers
  Instant authenticated_at;
  Instant created_at;
  Instant expires_at;  ///< of the current refresh token
  /// 16 random bytes that take part in every refresh token's MAC.
  std::string salt;
  /// Counts rotations: the current refresh token's number.
  std::uint32_t generation = 0;
  Instant rotated_at;  ///< when `generation` last grew
  /// How often the token before the current one was presented again within the grace window.
  std::uint32_t grace_uses = 0;
  std::optional<Instant> revoked_at;
  /// Set together with `revoked_at`.
  std::optional<RevocationReason> revocation_reason = std::nullopt;
};

}  // namespace chatelaine::oauth
