#include "oauth/tokens/introspection.hpp"

#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/presented_refresh_token.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// RFC 7662 §2.1, §2.3: who asks must be authorized, or tokens could be scanned for; 401 says so.
oauth::Result<std::string_view> check_request(const ClientRequest& received) {
  if (!received.client->is_confidential()) {
    return oauth::refuse(oauth::ErrorCode::invalid_client,
                         "Introspection needs a client with a secret; this one has none.");
  }
  const auto text = received.form.get_or_empty("token");
  if (text.empty()) {
    return oauth::refuse(oauth::ErrorCode::invalid_request, "token, the token to look at, is missing.");
  }
  return text;
}

/// A refresh token concerns only the client that holds it, and is active only while it is the grant's current one.
bool is_current(const PresentedRefreshToken& presented, const oauth::Client& client, Instant now) {
  const auto& grant = presented.grant;
  return grant.client_id == client.id && presented.token.generation == grant.generation && !grant.revoked_at &&
         now < grant.expires_at;
}

Task<std::string> describe_refresh_token(const Context& context, const oauth::Client& client, std::string_view text) {
  const auto keys = co_await context.keys.current();
  const auto presented = co_await find_presented(context, *keys, text);
  if (!presented || !is_current(*presented, client, context.clock.now())) co_return oauth::inactive_introspection();
  co_return oauth::introspect(presented->grant, context.settings().issuer);
}

}  // namespace

// DEVIATION RFC 7662 §2.1: JSON is taken too, as at the token endpoint.
Task<net::Response> introspect(const Context& context, const net::Request& request) {
  auto received = co_await receive_client_request(context, request);
  if (!received) co_return std::move(received.error());

  const auto text = check_request(*received);
  if (!text) co_return answer_error(context, request, text.error());

  const auto& client = *received->client;
  const auto verified = co_await context.verifier.verify_for_any_resource(*text);
  if (!verified) {
    auto answer = co_await describe_refresh_token(context, client, *text);
    co_return answer_json(std::move(answer));
  }

  // RFC 7662 §2.2: who is not entitled learns no more than of a token that does not exist.
  const auto visible = oauth::find_visible(**verified, client, context.settings().resources);
  co_return answer_json(visible ? oauth::introspect(*visible) : oauth::inactive_introspection());
}

}  // namespace chatelaine::provider::endpoints
