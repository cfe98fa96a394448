#include "oauth/authorize/pushed_authorization_request.hpp"

#include "base/json_object_writer.hpp"
#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/find_client.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// When to come again where a client has too many: they end within ten minutes, or as they are answered.
constexpr seconds kTooManyUnanswered{60};

/// RFC 9126 §2.3.
net::Response answer_too_large(const Context& context, const net::Request& request) {
  const oauth::OAuthError error{oauth::ErrorCode::invalid_request,
                                "The request has more than 16 KiB: what the client wants to remember belongs in its "
                                "own storage, with a short state that finds it.",
                                {}};
  auto response = answer_error(context, request, error);
  response.status = 413;
  return response;
}

/// RFC 9126 §2.3: whether a client that nobody vouches for may push one more.
std::optional<milliseconds> find_wait(const Context& context, const net::Request& request,
                                      const oauth::Client& client) {
  if (oauth::is_vouched_for(client)) return std::nullopt;
  const limits::Throttle::Attempt attempt{std::nullopt, limits::find_subscriber(request.remote_address)};
  return context.throttles->pushed_requests.admit(attempt, context.settings().limits.pushed_requests,
                                                  context.clock.now());
}

std::string format_answer(const oauth::Handle& handle) {
  constexpr std::int64_t kExpiresIn = std::chrono::duration_cast<seconds>(oauth::kPushedRequestLifetime).count();
  return JsonObjectWriter()
      .add("request_uri", oauth::format_request_uri(handle))
      .add("expires_in", kExpiresIn)
      .finish();
}

}  // namespace

// DEVIATION RFC 9126 §2.1: JSON is taken too, as at the token endpoint.
Task<net::Response> pushed_authorization_request(const Context& context, const net::Request& request) {
  auto received = co_await receive_client_request(context, request, ClientSource::stored_or_document);
  if (!received) co_return std::move(received.error());
  const oauth::Client& client = *received->client;
  auto kept = oauth::check_pushed_authorization_request(received->form, client, context.settings().resources,
                                                        context.settings().flows);
  if (!kept) co_return answer_error(context, request, kept.error());

  const auto id = context.ids.next<oauth::PushedAuthorizationRequestTag>();
  const auto handle = oauth::make_handle(id.value, context.randomness);
  const oauth::PushedAuthorizationRequest pushed{.id = id,
                                                 .secret_hash = handle.hash(),
                                                 .client_id = client.id,
                                                 .parameters = encode_form(*kept),
                                                 .expires_at = context.clock.now() + oauth::kPushedRequestLifetime};
  if (pushed.parameters.size() > oauth::kLongestPushedRequest) co_return answer_too_large(context, request);

  if (const auto wait = find_wait(context, request, client)) {
    co_return answer_wait(context, request, *wait, "Your address has pushed too many requests in a short time.");
  }
  const bool is_known = co_await keep_client(context, client, LedBy::program);
  if (!is_known) co_return answer_wait(context, request, kTooManyUnanswered, too_many_new_clients(client).reason);
  const auto most =
      oauth::is_vouched_for(client) ? std::nullopt : std::optional(context.settings().limits.pushed_requests_of_client);
  const bool is_kept =
      co_await context.storage.pushed_authorization_requests().add_pushed_authorization_request(pushed, most);
  if (!is_kept) {
    co_return answer_wait(context, request, kTooManyUnanswered,
                          "This client has too many pushed requests that nobody has answered.");
  }
  note_link(request, "pushed", id.value);
  note_step(request, FlightOutcome::went_on, "The authorization request was pushed.");
  context.log.info("Authorization request pushed", {{"client", client.id.value()}});
  auto response = answer_json(format_answer(handle));
  // RFC 9126 §2.2.
  response.status = 201;
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
