#include "oauth/tokens/token_request.hpp"

#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/token/grants.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// The grant type of the request, where the client may use it.
oauth::Result<oauth::GrantType> check_grant_type(const ClientRequest& received) {
  auto grant_type = oauth::find_grant_type(received.form);
  if (!grant_type) return grant_type;
  if (!received.client->may_use(*grant_type)) {
    const std::string name(to_string(*grant_type));
    return oauth::refuse(oauth::ErrorCode::unauthorized_client, "This client is not registered for the grant type " +
                                                                    name + ": chatelaine client update ID --grant " +
                                                                    name + ".");
  }
  return grant_type;
}

Task<TokenResult> exchange(const Context& context, oauth::GrantType grant_type, const ClientRequest& received) {
  switch (grant_type) {
    case oauth::GrantType::authorization_code:
      return exchange_authorization_code(context, *received.client, received.form);
    case oauth::GrantType::refresh_token:
      return exchange_refresh_token(context, *received.client, received.form);
    case oauth::GrantType::client_credentials:
      return exchange_client_credentials(context, *received.client, received.form);
  }
  __builtin_unreachable();
}

}  // namespace

Task<net::Response> token(const Context& context, const net::Request& request) {
  auto received = co_await receive_client_request(context, request);
  if (!received) co_return std::move(received.error());

  const auto grant_type = check_grant_type(*received);
  if (!grant_type) co_return answer_error(context, request, grant_type.error());

  const auto result = co_await exchange(context, *grant_type, *received);
  if (!result) co_return answer_error(context, request, result.error());
  co_return answer_json(oauth::to_json(*result));
}

}  // namespace chatelaine::provider::endpoints
