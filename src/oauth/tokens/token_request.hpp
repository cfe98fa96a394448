#pragma once

#include <optional>
#include <string_view>

#include "base/form.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/flows.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// Reads the body of a token, revocation or introspection request into one Form, whichever way it came:
/// `application/x-www-form-urlencoded` (RFC 6749 §4.1.3) or `application/json` (ChatGPT plugins), the media type's
/// parameters aside (a charset must be UTF-8). A form that begins as JSON does is refused as such. JSON must be one
/// object whose members are strings, each name once; a number, boolean, null, array or object in it is named in the
/// error. `resource` alone may come several times, in JSON as a list of strings (oauth/parameters.hpp). Another content
/// type, or none, is invalid_request.
// DEVIATION RFC 6749 §4.1.3: JSON is taken too, which is what ChatGPT sends for a plugin whose manifest says so.
[[nodiscard]] Result<Form> parse_token_request_body(std::optional<std::string_view> content_type,
                                                    std::string_view body);

/// The grant type of a token request, before anything else of it is decided: missing is invalid_request, unknown or
/// switched off is unsupported_grant_type (with a sentence of its own for `password` and `implicit`), one that the
/// client may not use is unauthorized_client (RFC 6749 §5.2).
[[nodiscard]] Result<GrantType> check_grant_type(const Form& request, const Client& client, const Flows& flows);

}  // namespace chatelaine::oauth
