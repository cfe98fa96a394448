#pragma once

#include <string>
#include <string_view>

#include "base/task.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/grants/grant.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// An ID token for what a grant gives, signed with the client's algorithm (OpenID Connect Core §2); empty where
/// `scope`, that of the access token beside it, does not hold `openid`, or OpenID Connect is off. `nonce` is empty at a
/// refresh (§12.2). Made before anything is written, since a key may be busy: then it throws Unavailable. The arguments
/// outlive the task.
[[nodiscard]] Task<std::string> mint_id_token(const Context& context, const tokens::KeySet& keys,
                                              const oauth::Client& client, const oauth::Grant& grant,
                                              const oauth::Scope& scope, std::string_view nonce,
                                              std::string_view access_token, Instant now);

}  // namespace chatelaine::provider::endpoints
