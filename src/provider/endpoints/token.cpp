#include "oauth/tokens/token_request.hpp"

#include <utility>

#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/token/grants.hpp"

namespace chatelaine::provider::endpoints {
namespace {

Task<TokenResult> exchange(const Context& context, const net::Request& request, oauth::GrantType grant_type,
                           const ClientRequest& received) {
  switch (grant_type) {
    case oauth::GrantType::authorization_code:
      return exchange_authorization_code(context, request, *received.client, received.form);
    case oauth::GrantType::refresh_token:
      return exchange_refresh_token(context, request, *received.client, received.form);
    case oauth::GrantType::client_credentials:
      return exchange_client_credentials(context, *received.client, received.form);
    case oauth::GrantType::device_code:
      return exchange_device_code(context, request, *received.client, received.form);
  }
  std::unreachable();
}

}  // namespace

Task<net::Response> token(const Context& context, const net::Request& request) {
  auto received = co_await receive_client_request(context, request);
  if (!received) co_return std::move(received.error());

  // One place for every grant, so that none can forget it.
  const auto grant_type = oauth::check_grant_type(received->form, *received->client, context.settings().flows);
  if (!grant_type) co_return answer_error(context, request, grant_type.error());

  const auto result = co_await exchange(context, request, *grant_type, *received);
  if (!result) co_return answer_error(context, request, result.error());
  co_return answer_json(oauth::to_json(*result));
}

}  // namespace chatelaine::provider::endpoints
