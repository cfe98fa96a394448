#include "provider/endpoints/client_request.hpp"

#include "oauth/clients/authentication.hpp"
#include "oauth/tokens/token_request.hpp"
#include "provider/endpoints/client_authentication.hpp"
#include "provider/endpoints/find_client.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

net::Response answer_body_error(const net::Request& request, net::BodyError error) {
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
  const oauth::OAuthError told{ErrorCode::invalid_request, sentence, {}};
  note_refusal(request, told);
  auto response = net::make_json_response(status, oauth::to_json(told));
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
  auto form = oauth::parse_token_request_body(request.header("Content-Type"), body);
  if (!form) return std::unexpected(std::move(form.error()));
  auto credentials = oauth::parse_client_credentials(request.header("Authorization"), *form);
  if (!credentials) return std::unexpected(std::move(credentials.error()));
  return Claimed{std::move(*form), std::move(*credentials)};
}

/// RFC 6749 §2.3.1: guesses are slowed, for a client that does not exist as for one that does. The request has been
/// checked before, so that nobody's wrong guesses turn a right secret away: an assistant's clients share its addresses,
/// and what is limited is the load and the log, since a secret's 192 bits are not guessed (§10.10).
net::Response refuse_client(const Context& context, const net::Request& request, const oauth::ClientId& client_id,
                            const oauth::OAuthError& error) {
  const auto subscriber = limits::find_subscriber(request.remote_address);
  std::string client_there = client_id.value();
  client_there += '\0';
  if (subscriber) client_there += subscriber->view();
  const limits::Throttle::Attempt attempt{crypto::sha256(client_there), subscriber};
  const auto wait = context.throttles->client_authentication.admit(
      attempt, context.settings().limits.client_authentication, context.clock.now());
  if (!wait) return answer_error(context, request, error);
  return answer_wait(context, request, *wait,
                     "Wrong client credentials have come from your address too often: correct them before you try "
                     "again.");
}

/// Null where nobody is known by that id. The error: its document cannot be used.
Task<oauth::Result<std::shared_ptr<const oauth::Client>>> look_up(const Context& context, oauth::ClientId id,
                                                                  ClientSource source) {
  if (source == ClientSource::stored) {
    auto stored = co_await find_stored_client(context, std::move(id));
    co_return stored;
  }
  auto found = co_await find_client(context, std::move(id));
  if (found) co_return std::move(*found);
  if (found.error().kind == oauth::UnredirectableError::Kind::unusable_client_document)
    co_return oauth::refuse(ErrorCode::invalid_client, std::move(found.error().reason));
  co_return nullptr;
}

/// A device that polls is told for minutes what is no fault of anybody (RFC 8628 §3.5).
Log::Level level_of(ErrorCode code) {
  const bool is_poll = code == ErrorCode::authorization_pending || code == ErrorCode::slow_down;
  return is_poll ? Log::Level::debug : Log::Level::info;
}

}  // namespace

net::Response answer_json(std::string body) {
  auto response = net::make_json_response(200, std::move(body));
  forbid_storing(response);
  return response;
}

net::Response answer_plain_error(const Context& context, const net::Request& request, const oauth::OAuthError& error) {
  context.log.write(level_of(error.code), "OAuth request refused",
                    {{"path", std::string(request.path)},
                     {"error", std::string(to_string(error.code))},
                     {"description", error.description},
                     {"detail", error.detail}});
  note_refusal(request, error);
  auto response = net::make_json_response(oauth::http_status(error.code), oauth::to_json(error));
  forbid_storing(response);
  return response;
}

net::Response answer_error(const Context& context, const net::Request& request, const oauth::OAuthError& error) {
  auto response = answer_plain_error(context, request, error);
  // RFC 6749 §5.2 asks for it where the client used the Authorization header, RFC 9110 §15.5.2 with every 401.
  if (response.status == 401)
    response.add_header("WWW-Authenticate", R"(Basic realm="OAuth clients", charset="UTF-8")");
  return response;
}

Task<std::expected<std::string, net::Response>> receive_body(const Context& context, const net::Request& request) {
  auto body = co_await net::read_whole_body(request, kBodyLimit);
  if (!body) co_return std::unexpected(answer_body_error(request, body.error()));
  if (auto ok = check_headers(request); !ok)
    co_return std::unexpected(answer_plain_error(context, request, ok.error()));
  co_return std::move(*body);
}

net::Response answer_wait(const Context& context, const net::Request& request, milliseconds wait,
                          std::string sentence) {
  // Of a flood no line each: what led to it is logged.
  context.log.debug("OAuth request turned away", {{"path", std::string(request.path)}, {"description", sentence}});
  note_step(request, FlightOutcome::failed, sentence);
  auto response =
      net::make_json_response(429, oauth::to_json({ErrorCode::temporarily_unavailable, std::move(sentence), {}}));
  forbid_storing(response);
  response.add_header("Retry-After", std::to_string(std::chrono::ceil<seconds>(wait).count()));
  return response;
}

Task<std::expected<ClientRequest, net::Response>> receive_client_request(const Context& context,
                                                                         const net::Request& request,
                                                                         ClientSource source) {
  auto body = co_await receive_body(context, request);
  if (!body) co_return std::unexpected(std::move(body.error()));

  auto claimed = read_parameters(request, *body);
  if (!claimed) co_return std::unexpected(answer_error(context, request, claimed.error()));

  note_parameters(request, claimed->form);
  auto client = co_await look_up(context, claimed->credentials.client_id, source);
  if (!client) {
    co_return std::unexpected(refuse_client(context, request, claimed->credentials.client_id, client.error()));
  }
  if (*client) note_client(request, **client);
  const auto authenticated = co_await authenticate_client(context, request, claimed->credentials, client->get());
  if (!authenticated) {
    co_return std::unexpected(refuse_client(context, request, claimed->credentials.client_id, authenticated.error()));
  }

  co_return ClientRequest{std::move(claimed->form), std::move(*client)};
}

}  // namespace chatelaine::provider::endpoints
