#include "provider/endpoints/token/access_token.hpp"

#include "oauth/handle.hpp"

namespace chatelaine::provider::endpoints {

Task<MintedAccessToken> mint_access_token(const Context& context, const tokens::KeySet& keys, AccessTokenFacts facts,
                                          Instant now) {
  const auto& settings = context.settings();
  const auto terms = oauth::decide_terms(facts.target, facts.client, settings.resources,
                                         {settings.access_token_format, settings.access_token_lifetime});
  oauth::AccessToken token{.id = context.ids.next<oauth::AccessTokenTag>(),
                           .issuer = settings.issuer,
                           .subject = std::move(facts.subject),
                           .client_id = facts.client.id,
                           .audience = std::move(facts.target.audience),
                           .scope = facts.target.scope,
                           .grant_id = facts.grant_id,
                           .issued_at = now,
                           .expires_at = now + terms.lifetime};
  const auto expires_in = std::chrono::floor<seconds>(terms.lifetime);
  switch (terms.format) {
    case oauth::AccessTokenFormat::jwt:
      break;
    case oauth::AccessTokenFormat::opaque: {
      const auto handle = oauth::make_handle(token.id.value, context.randomness);
      co_return MintedAccessToken{
          .text = oauth::AccessTokenSecret(oauth::format_handle(oauth::prefix::kAccessToken, handle)),
          .row = oauth::OpaqueAccessToken{std::move(token), handle.hash()},
          .expires_in = expires_in,
          .scope = std::move(facts.target.scope)};
    }
  }
  tokens::MakeSigned make = [&token](const crypto::SigningKey& key) { return oauth::sign_access_token(token, key); };
  const auto jwt = co_await context.keys.sign(keys.signing_key(settings.access_token_algorithm), std::move(make));
  co_return MintedAccessToken{.text = oauth::AccessTokenSecret(jwt),
                              .row = std::nullopt,
                              .expires_in = expires_in,
                              .scope = std::move(facts.target.scope)};
}

}  // namespace chatelaine::provider::endpoints
