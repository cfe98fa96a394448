#pragma once

#include <optional>
#include <string>

#include "oauth/clients/client.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/protected_resource.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::oauth {

/// RFC 7662 §2.2. Inactive is `{"active":false}` and nothing else.
[[nodiscard]] std::string inactive_introspection();
[[nodiscard]] std::string introspect(const AccessToken& token);
/// For a refresh token: `token_type` is left out, since it is not one to call with.
[[nodiscard]] std::string introspect(const Grant& grant, const Issuer& issuer);

/// What a client may learn of a token (RFC 7662 §4: only those entitled): all of one that was issued to it; of one for
/// a resource that it is the server of, what concerns that resource, since §2.2 asks to tell each no more of the others
/// than it needs. Nothing of any other.
[[nodiscard]] std::optional<AccessToken> find_visible(const AccessToken& token, const Client& asking,
                                                      const ProtectedResources& resources);

}  // namespace chatelaine::oauth
