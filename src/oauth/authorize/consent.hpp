#pragma once

#include <optional>

#include "base/time.hpp"
#include "oauth/authorize/request.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::oauth {

/// What a user has allowed a client at a resource, remembered.
struct Consent {
  UserId user_id;
  ClientId client_id;
  Resource resource;
  Scope scope;
  Instant given_at;
};

enum class ConsentDecision { remembered, ask };

/// A remembered consent is not asked again unless the scope grows; for loopback and custom-scheme redirects, where any
/// local program could pose as the client (RFC 8252 §8.6), it always is.
[[nodiscard]] ConsentDecision decide_consent(const AuthorizationRequest& request,
                                             const std::optional<Consent>& remembered);

/// Whether the redirect leaves the web: loopback, or a scheme other than https.
[[nodiscard]] bool is_local_redirect(const RedirectUri& redirect_uri);

}  // namespace chatelaine::oauth
