#pragma once

#include <optional>
#include <string>

#include "oauth/pkce.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::relying_party {

/// What a client asks an authorization endpoint for (RFC 6749 §4.1.1).
struct AuthorizationRequest {
  /// The manifest's `client_url`; it may carry a query of its own, which stays in front.
  std::string client_url;
  oauth::ClientId client_id;
  /// Sent as it is, even when it is empty.
  std::string scope;
  oauth::RedirectUri redirect_uri;
  std::optional<oauth::State> state;
  std::optional<oauth::CodeChallenge> code_challenge;
};

/// `[client_url]?response_type=code&client_id=…&scope=…&redirect_uri=…`, the plugin document's pattern in its order;
/// then `state`, then `code_challenge` and `code_challenge_method=S256`. Everything is percent-encoded as the document
/// shows (`https%3A%2F%2F…`), a blank as %20.
[[nodiscard]] std::string make_authorization_url(const AuthorizationRequest& request);

}  // namespace chatelaine::relying_party
