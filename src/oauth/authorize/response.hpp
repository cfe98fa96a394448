#pragma once

#include <string>
#include <variant>

#include "base/form.hpp"
#include "oauth/authorize/request.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// An answer in the redirect URI's own query, behind what stands there, or in its fragment.
struct RedirectResponse {
  std::string location;
};
/// An answer that the browser posts to the redirect URI as a form (OAuth 2.0 Form Post Response Mode §2).
struct FormPostResponse {
  RedirectUri action;
  Form fields;
};
using AuthorizationResponse = std::variant<RedirectResponse, FormPostResponse>;

/// `code`, `state` (byte for byte) and `iss` (RFC 6749 §4.1.2, RFC 9207 §2, RFC 9700 §4.4.2), in the target's response
/// mode.
[[nodiscard]] AuthorizationResponse make_code_response(const ResponseTarget& target,
                                                       const AuthorizationCodeSecret& code, const Issuer& issuer);
/// `error`, `error_description`, `state` and `iss` (RFC 6749 §4.1.2.1), in the target's response mode.
[[nodiscard]] AuthorizationResponse make_error_response(const ResponseTarget& target, const OAuthError& error,
                                                        const Issuer& issuer);

}  // namespace chatelaine::oauth
