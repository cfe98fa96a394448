#pragma once

#include <optional>

#include "oauth/clients/client.hpp"
#include "oauth/resource.hpp"
#include "oauth/tokens/access_token.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// Whom and what a new access token is for. The client outlives it.
struct AccessTokenFacts {
  oauth::Subject subject;
  const oauth::Client& client;
  oauth::Target target;
  std::optional<oauth::GrantId> grant_id;
};

/// A new access token, and the row to keep where the format is opaque.
struct MintedAccessToken {
  oauth::AccessTokenSecret text;
  std::optional<oauth::OpaqueAccessToken> row;
  seconds expires_in{};
  oauth::Scope scope;
};

/// A token of the format and lifetime that its client and resources have; `keys` sign it where it is a JWT.
[[nodiscard]] Task<MintedAccessToken> mint_access_token(const Context& context, const tokens::KeySet& keys,
                                                        AccessTokenFacts facts, Instant now);

}  // namespace chatelaine::provider::endpoints
