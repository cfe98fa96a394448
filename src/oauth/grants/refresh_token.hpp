#pragma once

#include <variant>

#include "base/form.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/resource.hpp"
#include "oauth/tokens/refresh_token.hpp"

namespace chatelaine::oauth {

/// How long, and how often, the token before the current one is still answered (with the same successor). The moment
/// at which `window` has passed lies outside: no window, no grace, within one millisecond either.
struct RefreshGrace {
  milliseconds window{60'000};
  std::uint32_t most_uses = 20;
};

/// The current token: move the counter from `generation` to `generation + 1`, if nobody else has.
struct RotateRefreshToken {
  std::uint32_t from_generation;
  /// Of the new access token: what was asked for, else all that the grant has and the client may still have.
  Target target;
};
/// The token before the current one, in time: the same successor again.
struct ReplaySuccessor {
  std::uint32_t current_generation;
  Target target;
};
/// An older token, or one outside the window: somebody else has it (RFC 9700 §4.14.2).
struct RevokeStolen {};
using RefreshDecision = std::variant<RotateRefreshToken, ReplaySuccessor, RevokeStolen, OAuthError>;

/// RFC 6749 §6, OpenID Connect Core §12.1: bound to the client; `scope` may only narrow, and holds nothing that the
/// client may not have any more. RFC 8707 §2.2: so may `resource`. Both narrow this access token alone: the grant keeps
/// what it has. The client has authenticated and may use the grant type (check_grant_type). `token`'s MACs have been
/// checked; `grant` is null where there is no such row.
[[nodiscard]] RefreshDecision decide_refresh(const RefreshToken& token, const Grant* grant, const Client& client,
                                             const Form& request, const ProtectedResources& resources,
                                             const RefreshGrace& grace, Instant now);

}  // namespace chatelaine::oauth
