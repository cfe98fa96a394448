#include "oauth/grants/client_credentials.hpp"

#include "provider/endpoints/token/access_token.hpp"
#include "provider/endpoints/token/grants.hpp"

namespace chatelaine::provider::endpoints {

Task<TokenResult> exchange_client_credentials(const Context& context, const oauth::Client& client, const Form& form) {
  auto target = oauth::decide_client_credentials(client, form, context.settings().resources);
  if (!target) co_return std::unexpected(std::move(target.error()));

  const auto keys = co_await context.keys.current();
  // RFC 9068 §2.2: without a resource owner the subject is the client.
  AccessTokenFacts facts{.subject = oauth::Subject(client.id.value()),
                         .client = client,
                         .target = std::move(*target),
                         .grant_id = std::nullopt};
  auto minted = co_await mint_access_token(context, *keys, std::move(facts), context.clock.now());
  if (minted.row) co_await context.storage.access_tokens().add_access_token(*minted.row);

  context.log.debug("Access token issued", {{"grant_type", "client_credentials"}, {"client", client.id.value()}});
  // RFC 6749 §4.4.3: never a refresh token.
  co_return oauth::TokenResponse{.access_token = std::move(minted.text),
                                 .expires_in = minted.expires_in,
                                 .refresh_token = std::nullopt,
                                 .scope = std::move(minted.scope)};
}

}  // namespace chatelaine::provider::endpoints
