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

std::string_view describe(std::optional<RevocationReason> reason) {
  if (!reason) return ".";
  switch (*reason) {
    case RevocationReason::by_client:
      return " by the client.";
    case RevocationReason::by_user:
      return " by its user.";
    case RevocationReason::by_operator:
      return " by an operator.";
    case RevocationReason::code_replayed:
      return ": its code was presented twice.";
    case RevocationReason::refresh_token_stolen:
      return ": a refresh token of it came that had been replaced before.";
    case RevocationReason::user_disabled:
      return ": its user was disabled.";
    case RevocationReason::user_removed:
      return ": its user was removed.";
    case RevocationReason::client_removed:
      return ": its client was removed.";
  }
  std::unreachable();
}

}  // namespace

RefreshDecision decide_refresh(const RefreshToken& token, const Grant* grant, const Client& client, const Form& request,
                               const ProtectedResources& resources, const RefreshGrace& grace, Instant now) {
  const auto refused = [](std::string detail) -> RefreshDecision {
    return refuse(ErrorCode::invalid_grant,
                  "The refresh token is unknown, expired, revoked, or was issued to another client.", std::move(detail))
        .error();
  };
  if (grant == nullptr) return refused("The refresh token is none of this server's, or its grant is long gone.");
  // RFC 6749 §10.4: bound to the client. Another one cannot end the grant by presenting its token.
  if (grant->client_id != client.id)
    return refused("The refresh token was issued to the client " + grant->client_id.value() + ".");
  if (grant->revoked_at) {
    return refused("The grant was ended at " + format_instant(*grant->revoked_at) +
                   std::string(describe(grant->revocation_reason)));
  }
  if (grant->expires_at <= now) {
    return refused("The grant was not refreshed for so long that it expired at " + format_instant(grant->expires_at) +
                   ".");
  }
  if (token.generation > grant->generation)
    return refused("The refresh token is newer than the grant: the database was restored from an older copy.");

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
