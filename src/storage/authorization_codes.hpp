#pragma once

#include <optional>
#include <variant>

#include "base/task.hpp"
#include "oauth/grants/authorization_code.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/tokens/access_token.hpp"
#include "storage/sessions.hpp"

namespace chatelaine::storage {

/// The code was unused and is spent now; the grant exists.
struct CodeRedeemed {};
/// Somebody else spent it first, for this grant.
struct CodeAlreadyRedeemed {
  oauth::GrantId grant_id;
};
/// It is gone, or its user is gone or disabled.
struct CodeUnknown {};
using RedeemCodeOutcome = std::variant<CodeRedeemed, CodeAlreadyRedeemed, CodeUnknown>;

class AuthorizationCodes {
 public:
  virtual ~AuthorizationCodes() = default;
  /// `session_id`: where the user allowed it. Keeps nothing where that session has ended, the user is gone or disabled
  /// or the client is gone: the code is unknown then.
  virtual Task<void> add_authorization_code(const oauth::AuthorizationCode& code, SessionId session_id) = 0;
  /// Also finds a code that is spent.
  virtual Task<std::optional<oauth::AuthorizationCode>> find_authorization_code(oauth::AuthorizationCodeId id) = 0;
  /// Spends the code for `grant`, and keeps `access_token` where access tokens are opaque: all or nothing, one winner.
  /// From then on it expires when the grant does, so that a replay is seen as long as it has something to end.
  virtual Task<RedeemCodeOutcome> redeem_authorization_code(
      oauth::AuthorizationCodeId id, const oauth::Grant& grant,
      const std::optional<oauth::OpaqueAccessToken>& access_token) = 0;
};

}  // namespace chatelaine::storage
