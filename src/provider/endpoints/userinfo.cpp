#include "net/response.hpp"
#include "oauth/openid/claims.hpp"
#include "oauth/tokens/bearer.hpp"
#include "oauth/tokens/challenge.hpp"
#include "oauth/tokens/token_request.hpp"
#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

/// OpenID Connect Core §5.3.3, RFC 6750 §3: the error in the challenge, and as JSON for whoever reads the body.
net::Response refuse_token(const Context& context, const net::Request& request,
                           const std::optional<oauth::OAuthError>& error, const oauth::Scope& needed = {}) {
  const oauth::OAuthError missing{
      ErrorCode::invalid_token, "This endpoint needs an access token in the header Authorization: Bearer TOKEN.", {}};
  const auto& told = error ? *error : missing;
  if (error) note_refusal(request, *error);
  auto response = net::make_json_response(oauth::http_status(told.code), oauth::to_json(told));
  forbid_storing(response);
  response.add_header("WWW-Authenticate",
                      oauth::make_bearer_challenge(context.settings().issuer.value(), error, {.scope = needed}));
  return response;
}

/// OpenID Connect Core §5.3.1, RFC 6750 §2: the token of the header, or of a posted form; one of them. A token in the
/// query is not looked for.
// DEVIATION RFC 6750 §2.2: JSON is taken too, as at the token endpoint.
Task<oauth::Result<std::string>> find_token(const net::Request& request) {
  if (request.has_repeated_header("Authorization"))
    co_return oauth::refuse(ErrorCode::invalid_request, "The header Authorization came more than once.");
  const auto header = request.header("Authorization");
  std::string token(header ? oauth::parse_bearer_header(*header).value_or("") : "");
  // RFC 6750 §2.2: a GET has no body to look into.
  if (request.method != net::Method::post) co_return token;

  const auto body = co_await net::read_whole_body(request, kBodyLimit);
  if (!body) co_return oauth::refuse(ErrorCode::invalid_request, "The body is too large, or did not arrive.");
  if (body->empty()) co_return token;
  const auto form = oauth::parse_token_request_body(request.header("Content-Type"), *body);
  if (!form) co_return std::unexpected(form.error());
  const auto posted = form->get_or_empty("access_token");
  if (!posted.empty() && !token.empty())
    co_return oauth::refuse(ErrorCode::invalid_request, "The access token came in the header and in the body.");
  co_return posted.empty() ? std::move(token) : std::string(posted);
}

/// The person whom the token's grant is about; nothing where a client has it for itself, or may not ask any more.
Task<std::optional<storage::User>> find_person(const Context& context, const oauth::AccessToken& token) {
  if (!token.grant_id) co_return std::nullopt;
  const auto client = co_await context.storage.clients().find_client(token.client_id);
  if (!client || !client->openid) co_return std::nullopt;
  const auto grant = co_await context.storage.grants().find_grant(*token.grant_id);
  if (!grant) co_return std::nullopt;
  co_return co_await context.storage.users().find_user(grant->user_id);
}

}  // namespace

Task<net::Response> userinfo(const Context& context, const net::Request& request) {
  const auto token = co_await find_token(request);
  if (!token) co_return refuse_token(context, request, token.error());
  if (token->empty()) co_return refuse_token(context, request, std::nullopt);

  const auto verified = co_await context.verifier.verify(*token);
  const oauth::OAuthError useless{
      ErrorCode::invalid_token, "The access token is expired, revoked, or not one of ours.", {}};
  if (!verified) {
    oauth::OAuthError error = useless;
    error.detail = describe(verified.error().fault);
    co_return refuse_token(context, request, error);
  }
  // OpenID Connect Core §5.3: the token is one that was obtained by an OpenID Connect request.
  const auto& scope = (*verified)->scope;
  if (!scope.contains("openid")) {
    const oauth::OAuthError lacking{ErrorCode::insufficient_scope, "The access token lacks the scope openid.", {}};
    co_return refuse_token(context, request, lacking, oauth::Scope({"openid"}));
  }

  const auto person = co_await find_person(context, **verified);
  if (!person) co_return refuse_token(context, request, useless);
  co_return answer_json(oauth::write_userinfo({person->subject, person->name, person->email}, scope));
}

}  // namespace chatelaine::provider::endpoints
