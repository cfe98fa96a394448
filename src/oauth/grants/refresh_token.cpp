#include "oauth/grants/refresh_token.hpp"

#include <utility>

#include "oauth/grants/remaining_scope.hpp"

namespace chatelaine::oauth {
namespace {

/// Whether the token before the current one may still be answered: an assistant refreshes concurrently, or lost an
/// answer.
bool is_within_grace(const RefreshToken& token, const Grant& grant, const RefreshGrace& grace, Instant now) {
  return grant.generation - token.generation == 1 && now - grant.rotated_at < grace.window &&
         grant.grace_uses < grace.most_uses;
}

}  // namespace

RefreshDecision decide_refresh(const RefreshToken& token, const Grant* grant, const Client& client, const Form& request,
                               const ProtectedResources& resources, const RefreshGrace& grace, Instant now) {
  const auto refused = [](std::string detail) -> RefreshDecision {
    return refuse(ErrorCode::invalid_grant,
                  "The refresh token is unknown, expired, revoked, or was issued to another client.", std::move(detail))
        .error();
  };
  if (grant == nullptr) return refused("unknown grant");
  // RFC 6749 §10.4: bound to the client. Another one cannot end the grant by presenting its token.
  if (grant->client_id != client.id) return refused("grant of another client");
  if (grant->revoked_at) return refused("revoked grant");
  if (grant->expires_at <= now) return refused("expired grant");
  if (token.generation > grant->generation) return refused("generation not yet issued");

  const bool is_current = token.generation == grant->generation;
  // RFC 9700 §2.2.2, §4.14.2: a token that was used up long ago is in two hands.
  if (!is_current && !is_within_grace(token, *grant, grace, now)) return RevokeStolen{};

  const auto remaining = find_remaining_scope(grant->scope, client);
  if (!remaining) return remaining.error();
  auto scope = narrow_scope(request.get("scope"), *remaining);
  if (!scope) return std::move(scope.error());
  auto target = narrow_target(request, *scope, grant->resources, resources);
  if (!target) return std::move(target.error());
  if (is_current) return RotateRefreshToken{grant->generation, std::move(*target)};
  return ReplaySuccessor{grant->generation, std::move(*target)};
}

}  // namespace chatelaine::oauth
