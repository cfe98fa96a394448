#include "provider/endpoints/client_request.hpp"

#include "oauth/clients/authentication.hpp"
#include "oauth/tokens/token_request.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

net::Response answer_body_error(net::BodyError error) {
  int status = 400;
  std::string sentence;
  switch (error) {
    case net::BodyError::too_large:
      status = 413;
      sentence = "The body is larger than 64 KiB; an OAuth request needs a few hundred bytes.";
      break;
    case net::BodyError::timed_out:
      status = 408;
      sentence = "The body did not arrive in time.";
      break;
    case net::BodyError::broken:
      sentence = "The body broke off, or its framing is wrong.";
      break;
  }
  auto response = net::make_json_response(status, oauth::to_json({ErrorCode::invalid_request, sentence, {}}));
  forbid_storing(response);
  return response;
}

/// The headers that carry the request's meaning must come once: two readers could otherwise see two requests.
oauth::Result<void> check_headers(const net::Request& request) {
  for (const auto* const name : {"Authorization", "Content-Type"}) {
    if (request.has_repeated_header(name)) {
      return oauth::refuse(ErrorCode::invalid_request, std::string("The header ") + name + " came more than once.");
    }
  }
  return {};
}

/// The parameters, and the credentials among them or in the Authorization header.
struct Claimed {
  Form form;
  oauth::ClientCredentials credentials;
};
oauth::Result<Claimed> read_parameters(const net::Request& request, std::string_view body) {
  if (auto ok = check_headers(request); !ok) return std::unexpected(std::move(ok.error()));
  auto form = oauth::parse_token_request_body(request.header("Content-Type"), body);
  if (!form) return std::unexpected(std::move(form.error()));
  auto credentials = oauth::parse_client_credentials(request.header("Authorization"), *form);
  if (!credentials) return std::unexpected(std::move(credentials.error()));
  return Claimed{std::move(*form), std::move(*credentials)};
}

}  // namespace

net::Response answer_json(std::string body) {
  auto response = net::make_json_response(200, std::move(body));
  forbid_storing(response);
  return response;
}

net::Response answer_error(const Context& context, const net::Request& request, const oauth::OAuthError& error) {
  context.log.info("OAuth request refused", {{"path", std::string(request.path)},
                                             {"error", std::string(to_string(error.code))},
                                             {"description", error.description},
                                             {"detail", error.detail}});
  const int status = oauth::http_status(error.code);
  auto response = net::make_json_response(status, oauth::to_json(error));
  forbid_storing(response);
  // RFC 6749 §5.2 asks for it where the client used the Authorization header, RFC 9110 §15.5.2 with every 401.
  if (status == 401) response.add_header("WWW-Authenticate", R"(Basic realm="OAuth clients", charset="UTF-8")");
  return response;
}

Task<std::expected<ClientRequest, net::Response>> receive_client_request(const Context& context,
                                                                         const net::Request& request) {
  const auto body = co_await net::read_whole_body(request, kBodyLimit);
  if (!body) co_return std::unexpected(answer_body_error(body.error()));

  auto claimed = read_parameters(request, *body);
  if (!claimed) co_return std::unexpected(answer_error(context, request, claimed.error()));

  auto client = co_await context.storage.clients().find_client(claimed->credentials.client_id);
  const auto authenticated = oauth::check_client_authentication(claimed->credentials, client.get());
  if (!authenticated) co_return std::unexpected(answer_error(context, request, authenticated.error()));

  co_return ClientRequest{std::move(claimed->form), std::move(client)};
}

}  // namespace chatelaine::provider::endpoints
