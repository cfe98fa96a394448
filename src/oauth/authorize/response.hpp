#pragma once

#include <string>

#include "oauth/authorize/request.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// The redirect with `code`, `state` (byte for byte) and `iss` (RFC 6749 §4.1.2, RFC 9207 §2), after the URI's own
/// query.
[[nodiscard]] std::string make_code_response(const ResponseTarget& target, const AuthorizationCodeSecret& code,
                                             const Issuer& issuer);
/// The redirect with `error`, `error_description`, `state` and `iss` (RFC 6749 §4.1.2.1).
[[nodiscard]] std::string make_error_response(const ResponseTarget& target, const OAuthError& error,
                                              const Issuer& issuer);

}  // namespace chatelaine::oauth
