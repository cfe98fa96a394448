#include "provider/endpoints/token/new_grant.hpp"

#include "oauth/tokens/refresh_token.hpp"
#include "provider/endpoints/token/id_token.hpp"

namespace chatelaine::provider::endpoints {
namespace {

constexpr std::size_t kSaltSize = 16;

/// Only for a client that may use it (RFC 6749 §1.5: whether there is one is the server's choice).
std::optional<oauth::RefreshTokenSecret> make_refresh_token(const Context& context, const tokens::KeySet& keys,
                                                            const oauth::Client& client, const oauth::Grant& grant) {
  const bool may_refresh = context.settings().flows.refresh_token && client.may_use(oauth::GrantType::refresh_token);
  if (!may_refresh) return std::nullopt;
  return oauth::make_refresh_token(grant.id, grant.salt, grant.generation, keys.refresh_token_key_at(grant.created_at));
}

}  // namespace

oauth::Grant make_grant(const Context& context, GrantFacts facts, Instant now) {
  return {.id = context.ids.next<oauth::GrantTag>(),
          .client_id = std::move(facts.client_id),
          .user_id = facts.user_id,
          .subject = std::move(facts.subject),
          .scope = std::move(facts.scope),
          .resources = std::move(facts.resources),
          .authenticated_at = facts.authenticated_at,
          .created_at = now,
          .expires_at = now + context.settings().refresh_token_lifetime,
          .salt = context.randomness.bytes(kSaltSize),
          .generation = 0,
          .rotated_at = now,
          .grace_uses = 0,
          .revoked_at = std::nullopt};
}

Task<FirstTokens> mint_first_tokens(const Context& context, const tokens::KeySet& keys, const oauth::Client& client,
                                    const oauth::Grant& grant, oauth::Target target, std::string_view nonce) {
  AccessTokenFacts facts{.subject = grant.subject, .client = client, .target = std::move(target), .grant_id = grant.id};
  auto access_token = co_await mint_access_token(context, keys, std::move(facts), grant.created_at);
  auto id_token = co_await mint_id_token(context, keys, client, grant, grant.scope, nonce, access_token.text.reveal(),
                                         grant.created_at);
  co_return FirstTokens{std::move(access_token), std::move(id_token)};
}

oauth::TokenResponse answer_with_grant(const Context& context, const tokens::KeySet& keys, const oauth::Client& client,
                                       const oauth::Grant& grant, FirstTokens tokens) {
  context.log.info(
      "Grant begun",
      {{"client", client.id.value()}, {"user", format_id(grant.user_id.value)}, {"grant", format_id(grant.id.value)}});
  return {.access_token = std::move(tokens.access_token.text),
          .expires_in = tokens.access_token.expires_in,
          .refresh_token = make_refresh_token(context, keys, client, grant),
          .scope = std::move(tokens.access_token.scope),
          .id_token = std::move(tokens.id_token)};
}

}  // namespace chatelaine::provider::endpoints
