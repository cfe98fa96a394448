#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/presented_refresh_token.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

net::Response answer_done() {
  // RFC 7009 §2.2: clients ignore the body; some libraries that read nothing but JSON stumble over an empty one.
  auto response = net::make_json_response(200, "{}");
  forbid_storing(response);
  return response;
}

/// Whose token it is not gets 200 all the same.
// DEVIATION RFC 7009 §2.1: it asks for an error, which would tell whoever found a token that it is one.
void log_foreign(const Context& context, const net::Request& request, const oauth::Client& client) {
  note_step(request, FlightOutcome::odd, "The token was issued to another client, so nothing was done.");
  context.log.warning("Revocation of another client's token ignored", {{"client", client.id.value()}});
}

/// Ends the grant of a refresh token, whatever its generation: the client wants to be rid of it.
Task<void> revoke_refresh_token(const Context& context, const net::Request& request, const oauth::Client& client,
                                const oauth::Grant& grant) {
  if (grant.client_id != client.id) {
    log_foreign(context, request, client);
    co_return;
  }
  note_link(request, "grant", grant.id.value);
  note_step(request, FlightOutcome::went_on, "The client ended its grant.");
  const bool ended =
      co_await context.storage.grants().revoke_grant(grant.id, oauth::RevocationReason::by_client, context.clock.now());
  if (!ended) co_return;
  context.log.info("Grant revoked by its client",
                   {{"client", client.id.value()}, {"grant", format_id(grant.id.value)}});
}

Task<void> revoke_access_token(const Context& context, const net::Request& request, const oauth::Client& client,
                               const oauth::AccessToken& token) {
  if (token.client_id != client.id) {
    log_foreign(context, request, client);
    co_return;
  }
  if (token.grant_id) note_link(request, "grant", token.grant_id->value);
  note_step(request, FlightOutcome::went_on, "The client ended its access token.");
  co_await context.storage.access_tokens().revoke_access_token(token.id, token.expires_at);
  context.log.info("Access token revoked by its client",
                   {{"client", client.id.value()}, {"token", format_id(token.id.value)}});
}

}  // namespace

// RFC 7009 §2: refresh tokens and access tokens, in either format.
// DEVIATION RFC 7009 §2.1: JSON is taken too, as at the token endpoint.
Task<net::Response> revoke(const Context& context, const net::Request& request) {
  auto received = co_await receive_client_request(context, request);
  if (!received) co_return std::move(received.error());
  const auto text = received->form.get_or_empty("token");
  if (text.empty()) {
    const oauth::OAuthError error{oauth::ErrorCode::invalid_request, "token, the token to revoke, is missing.", {}};
    co_return answer_error(context, request, error);
  }

  // RFC 7009 §2.1: token_type_hint may be ignored where a token tells what it is by itself.
  const auto keys = co_await context.keys.current();
  const auto presented = co_await find_presented(context, *keys, text);
  if (presented) {
    co_await revoke_refresh_token(context, request, *received->client, presented->grant);
    co_return answer_done();
  }
  const auto verified = co_await context.verifier.verify_for_any_resource(text);
  if (!verified)
    note_step(request, FlightOutcome::odd, "There was nothing to end: the token is none of this server's, or no more.");
  if (verified) co_await revoke_access_token(context, request, *received->client, **verified);

  // RFC 7009 §2.2: an unknown token is as good as revoked.
  co_return answer_done();
}

}  // namespace chatelaine::provider::endpoints
