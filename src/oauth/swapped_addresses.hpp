#pragma once

#include <optional>

#include "base/form.hpp"
#include "oauth/oauth_error.hpp"

/// An assistant is told two addresses of ours, and whoever enters them may swap them: then the browser goes to the
/// token endpoint, and the client sends its token request to the authorization endpoint. Each is told so in one
/// sentence, instead of all that such a request lacks at the wrong place.
namespace chatelaine::oauth {

/// What is said to a browser that came to the token endpoint with these parameters; nothing where they are no
/// authorization request (RFC 6749 §4.1.1 has `response_type`, a token request has not).
[[nodiscard]] std::optional<OAuthError> find_swap_at_token_endpoint(const Form& query);

/// What is said to a client that posted these parameters to the authorization endpoint; nothing where they are no token
/// request (RFC 6749 §4.1.3: `grant_type`, and no `response_type`).
[[nodiscard]] std::optional<OAuthError> find_swap_at_authorization_endpoint(const Form& request);

}  // namespace chatelaine::oauth
