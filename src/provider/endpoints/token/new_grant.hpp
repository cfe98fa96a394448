#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/tokens/token_response.hpp"
#include "provider/context.hpp"
#include "provider/endpoints/token/access_token.hpp"

/// How a grant begins that a person has allowed, whichever way the client was given it: three steps around the verb of
/// storage that decides who wins.
namespace chatelaine::provider::endpoints {

/// Whose a grant is, and what it allows.
struct GrantFacts {
  oauth::ClientId client_id;
  oauth::UserId user_id;
  oauth::Subject subject;
  oauth::Scope scope;
  std::vector<oauth::Resource> resources;
  Instant authenticated_at;
};

/// A grant that begins at `now`.
[[nodiscard]] oauth::Grant make_grant(const Context& context, GrantFacts facts, Instant now);
/// What the client gets with it.
struct FirstTokens {
  MintedAccessToken access_token;
  /// Empty where the grant's scope does not hold `openid`.
  std::string id_token;
};
/// `target`: of the access token, as much of the grant as the request asks for. `nonce`: of the authentication request,
/// or empty. The arguments outlive the task.
[[nodiscard]] Task<FirstTokens> mint_first_tokens(const Context& context, const tokens::KeySet& keys,
                                                  const oauth::Client& client, const oauth::Grant& grant,
                                                  oauth::Target target, std::string_view nonce);
/// The answer, once storage has kept the grant; with a refresh token where the client may use one.
[[nodiscard]] oauth::TokenResponse answer_with_grant(const Context& context, const tokens::KeySet& keys,
                                                     const oauth::Client& client, const oauth::Grant& grant,
                                                     FirstTokens tokens);

}  // namespace chatelaine::provider::endpoints
