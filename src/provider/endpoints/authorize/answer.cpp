#include "provider/endpoints/authorize/answer.hpp"

#include "oauth/authorize/response.hpp"
#include "oauth/grants/authorization_code.hpp"
#include "oauth/handle.hpp"
#include "provider/endpoints/authorize/destination.hpp"
#include "provider/endpoints/authorize/refusal_page.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// The answer's URL carries a code or an error: it is kept in no cache and told to no third party (RFC 9700 §4.2.4).
net::Response redirect_to_client(const std::string& location) {
  auto response = net::make_redirect(location);
  forbid_storing(response);
  response.add_header("Referrer-Policy", "no-referrer");
  return response;
}

/// OAuth 2.0 Form Post Response Mode §2: a page whose form goes on by itself. Like every page it is never stored.
net::Response post_to_client(const Context& context, const oauth::FormPostResponse& answer) {
  const auto destination = describe_destination(answer.action);
  pages::Data data;
  data.set("redirect_host", destination.name).set("action", answer.action.value());
  for (const auto& field : answer.fields.fields()) data.add_hidden(field.name, field.value);
  return context.renderer.render(200, "form_post", "Almost there", data, policy_for(destination, pages::Scripts::own));
}

net::Response send_to_client(const Context& context, const oauth::AuthorizationResponse& answer) {
  if (const auto* redirect = std::get_if<oauth::RedirectResponse>(&answer))
    return redirect_to_client(redirect->location);
  return post_to_client(context, std::get<oauth::FormPostResponse>(answer));
}

/// RFC 9126 §4: a pushed request serves once. Whether this one may still be answered.
Task<bool> spend(const Context& context, const CheckedRequest& checked) {
  if (!checked.pushed) co_return true;
  co_return co_await context.storage.pushed_authorization_requests().spend_pushed_authorization_request(
      *checked.pushed);
}

net::Response refuse_spent(const Context& context, const net::Request& request, const CheckedRequest& checked) {
  const oauth::UnredirectableError spent{oauth::UnredirectableError::Kind::unusable_request_uri, {}};
  return refusal_page(context, request, spent, checked.client->id);
}

}  // namespace

Task<net::Response> answer_with_code(const Context& context, const net::Request& request, const CheckedRequest& checked,
                                     const accounts::SignedIn& signed_in) {
  const oauth::AuthorizationRequest& asked = checked.request;
  const auto id = context.ids.next<oauth::AuthorizationCodeTag>();
  const auto handle = oauth::make_handle(id.value, context.randomness);
  const oauth::AuthorizationCode code{.id = id,
                                      .secret_hash = handle.hash(),
                                      .client_id = asked.client_id,
                                      .user_id = signed_in.user.id,
                                      .subject = signed_in.user.subject,
                                      .redirect_uri = asked.target.redirect_uri,
                                      .redirect_uri_was_sent = asked.redirect_uri_was_sent,
                                      .scope = asked.scope,
                                      .resources = asked.resources,
                                      .code_challenge = asked.code_challenge,
                                      .nonce = asked.authentication.nonce,
                                      .authenticated_at = signed_in.session.authenticated_at,
                                      .expires_at = context.clock.now() + context.settings().code_lifetime,
                                      .grant_id = std::nullopt};
  co_await context.storage.authorization_codes().add_authorization_code(code, signed_in.session.id);
  // After the code, so that a fault in between leaves a request that can be answered: what nobody was told expires.
  const bool is_unanswered = co_await spend(context, checked);
  if (!is_unanswered) co_return refuse_spent(context, request, checked);
  context.log.info("Authorization code issued",
                   {{"client", asked.client_id.value()}, {"user", format_id(signed_in.user.id.value)}});

  note_link(request, "code", id.value);
  note_step(request, FlightOutcome::went_on, "A code was issued and sent to the client.");

  const oauth::AuthorizationCodeSecret text(oauth::format_handle(oauth::prefix::kAuthorizationCode, handle));
  co_return send_to_client(context, oauth::make_code_response(asked.target, text, context.settings().issuer));
}

Task<net::Response> answer_with_refusal(const Context& context, const net::Request& request,
                                        const CheckedRequest& checked, const oauth::OAuthError& error) {
  const bool is_unanswered = co_await spend(context, checked);
  if (!is_unanswered) co_return refuse_spent(context, request, checked);
  co_return answer_with_error(context, request, checked.request.client_id, checked.request.target, error);
}

// DEVIATION RFC 9700 §4.11.2: the browser goes on by itself also to a redirect URI that nobody has checked, of a client
// that registered itself or published a document: with open registration every assistant is one of those.
net::Response answer_with_error(const Context& context, const net::Request& request, const oauth::ClientId& client_id,
                                const oauth::ResponseTarget& target, const oauth::OAuthError& error) {
  context.log.info("Authorization request refused", {{"client", client_id.value()},
                                                     {"error", std::string(to_string(error.code))},
                                                     {"description", error.description},
                                                     {"detail", error.detail}});
  note_refusal(request, error);
  return send_to_client(context, oauth::make_error_response(target, error, context.settings().issuer));
}

}  // namespace chatelaine::provider::endpoints
