#include "provider/endpoints/token/id_token.hpp"

#include "crypto/jws.hpp"
#include "oauth/openid/id_token.hpp"

namespace chatelaine::provider::endpoints {

Task<std::string> mint_id_token(const Context& context, const tokens::KeySet& keys, const oauth::Client& client,
                                const oauth::Grant& grant, const oauth::Scope& scope, std::string_view nonce,
                                std::string_view access_token, Instant now) {
  const auto& settings = context.settings();
  if (!scope.contains("openid") || !settings.flows.takes_openid()) co_return std::string();
  const auto elsewhere = co_await context.storage.federated_identities().list_federated_identities(grant.user_id);
  const oauth::IdToken token{.issuer = settings.issuer,
                             .subject = grant.subject,
                             .client_id = client.id,
                             .issued_at = now,
                             .expires_at = now + settings.access_token_lifetime,
                             .authenticated_at = grant.authenticated_at,
                             .nonce = std::string(nonce),
                             .is_by_password = elsewhere.empty()};
  const auto claims = oauth::write_id_token_claims(token, access_token, client.id_token_algorithm);
  tokens::MakeSigned make = [&claims](const crypto::SigningKey& key) {
    return crypto::sign_compact(key, oauth::kIdTokenType, claims);
  };
  co_return co_await context.keys.sign(keys.signing_key(client.id_token_algorithm), std::move(make));
}

}  // namespace chatelaine::provider::endpoints
