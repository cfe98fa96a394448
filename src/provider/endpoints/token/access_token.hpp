#pragma once

#include <optional>

#include "oauth/tokens/access_token.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// Whom and what a new access token is for.
struct AccessTokenFacts {
  oauth::Subject subject;
  oauth::ClientId client_id;
  oauth::Resource audience;
  oauth::Scope scope;
  std::optional<oauth::GrantId> grant_id;
};

/// A new access token, and the row to keep where the format is opaque.
struct MintedAccessToken {
  oauth::AccessTokenSecret text;
  std::optional<oauth::OpaqueAccessToken> row;
};

/// A token of the configured format and lifetime; `keys` sign it where it is a JWT.
[[nodiscard]] Task<MintedAccessToken> mint_access_token(const Context& context, const tokens::KeySet& keys,
                                                        AccessTokenFacts facts, Instant now);
/// `expires_in` of tokens that are minted now.
[[nodiscard]] seconds access_token_lifetime(const Context& context);

}  // namespace chatelaine::provider::endpoints
