#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "relying_party/authorization_url.hpp"

namespace chatelaine::relying_party {

/// What OpenID Connect Core §3.1.2.1 adds to an authorization request.
struct AuthenticationRequest {
  AuthorizationRequest authorization;
  std::string nonce;
  /// Empty: not sent.
  std::string prompt;
  std::string login_hint;
  std::optional<seconds> max_age;
};

/// The authorization request's URL, then `nonce`, `prompt`, `login_hint`, `max_age`.
[[nodiscard]] std::string make_authentication_url(const AuthenticationRequest& request);

}  // namespace chatelaine::relying_party
