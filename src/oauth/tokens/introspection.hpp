#pragma once

#include <string>

#include "oauth/clients/client.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::oauth {

/// RFC 7662 §2.2. Inactive is `{"active":false}` and nothing else.
[[nodiscard]] std::string inactive_introspection();
[[nodiscard]] std::string introspect(const AccessToken& token);
/// For a refresh token: `token_type` is left out, since it is not one to call with.
[[nodiscard]] std::string introspect(const Grant& grant, const Issuer& issuer);

/// Whether a client may learn of a token (RFC 7662 §4: only those entitled): one issued to it, or any for the API's own
/// client, that is a confidential one that does not act for people and so is no assistant.
[[nodiscard]] bool may_introspect(const Client& asking, const AccessToken& token);

}  // namespace chatelaine::oauth
