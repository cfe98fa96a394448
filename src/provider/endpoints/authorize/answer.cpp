#include "provider/endpoints/authorize/answer.hpp"

#include "oauth/authorize/response.hpp"
#include "oauth/grants/authorization_code.hpp"
#include "oauth/handle.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// The answer's URL carries a code or an error: it is kept in no cache and told to no third party (RFC 9700 §4.2.4).
net::Response redirect_to_client(const std::string& location) {
  auto response = net::make_redirect(location);
  forbid_storing(response);
  response.add_header("Referrer-Policy", "no-referrer");
  return response;
}

}  // namespace

Task<net::Response> answer_with_code(const Context& context, const oauth::AuthorizationRequest& request,
                                     const accounts::SignedIn& signed_in) {
  const auto id = context.ids.next<oauth::AuthorizationCodeTag>();
  const auto handle = oauth::make_handle(id.value, context.randomness);
  const oauth::AuthorizationCode code{.id = id,
                                      .secret_hash = handle.hash(),
                                      .client_id = request.client_id,
                                      .user_id = signed_in.user.id,
                                      .subject = signed_in.user.subject,
                                      .redirect_uri = request.target.redirect_uri,
                                      .redirect_uri_was_sent = request.redirect_uri_was_sent,
                                      .scope = request.scope,
                                      .resource = request.resource,
                                      .code_challenge = request.code_challenge,
                                      .authenticated_at = signed_in.session.authenticated_at,
                                      .expires_at = context.clock.now() + context.settings().code_lifetime,
                                      .grant_id = std::nullopt};
  co_await context.storage.authorization_codes().add_authorization_code(code, signed_in.session.id);
  context.log.info("Authorization code issued",
                   {{"client", request.client_id.value()}, {"user", format_id(signed_in.user.id.value)}});

  const oauth::AuthorizationCodeSecret text(oauth::format_handle(oauth::prefix::kAuthorizationCode, handle));
  co_return redirect_to_client(oauth::make_code_response(request.target, text, context.settings().issuer));
}

net::Response answer_with_error(const Context& context, const oauth::ClientId& client_id,
                                const oauth::ResponseTarget& target, const oauth::OAuthError& error) {
  context.log.info("Authorization request refused", {{"client", client_id.value()},
                                                     {"error", std::string(to_string(error.code))},
                                                     {"description", error.description},
                                                     {"detail", error.detail}});
  return redirect_to_client(oauth::make_error_response(target, error, context.settings().issuer));
}

}  // namespace chatelaine::provider::endpoints
