#include "oauth/grants/device_authorization.hpp"

#include "base/unavailable.hpp"
#include "oauth/handle.hpp"
#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// Of 25,600,000,000 user codes one in use is hardly ever met; twice in a row never.
constexpr int kMostUserCodes = 5;

/// When to come again where a client has too many: they end within minutes, or as they are answered.
constexpr seconds kTooManyUnanswered{60};

/// Whether a client that nobody vouches for may ask for one more.
std::optional<milliseconds> find_wait(const Context& context, const net::Request& request,
                                      const oauth::Client& client) {
  if (oauth::is_vouched_for(client)) return std::nullopt;
  const limits::Throttle::Attempt attempt{std::nullopt, limits::find_subscriber(request.remote_address)};
  return context.throttles->device_codes.admit(attempt, context.settings().limits.device_codes, context.clock.now());
}

oauth::DeviceCode make_device_code(const Context& context, const oauth::Client& client,
                                   const oauth::DeviceAuthorizationRequest& asked) {
  oauth::DeviceCode code;
  code.id = context.ids.next<oauth::DeviceCodeTag>();
  code.client_id = client.id;
  code.scope = asked.scope;
  code.resources = asked.resources;
  code.expires_at = context.clock.now() + context.settings().device_code_lifetime;
  return code;
}

/// Keeps `code` under a user code that no other has: that user code, or nothing where the client has too many.
Task<std::optional<oauth::UserCode>> keep(const Context& context, const oauth::Client& client, oauth::DeviceCode code) {
  const auto most =
      oauth::is_vouched_for(client) ? std::nullopt : std::optional(context.settings().limits.device_codes_of_client);
  for (int i = 0; i < kMostUserCodes; ++i) {
    auto user_code = oauth::make_user_code(context.randomness);
    code.user_code_hash = oauth::hash_user_code(user_code);
    const auto outcome = co_await context.storage.device_codes().add_device_code(code, most, context.clock.now());
    switch (outcome) {
      case storage::AddDeviceCodeOutcome::added:
        co_return std::move(user_code);
      case storage::AddDeviceCodeOutcome::user_code_taken:
        break;
      case storage::AddDeviceCodeOutcome::refused:
        co_return std::nullopt;
    }
  }
  throw Unavailable("Every user code that was made was taken.");
}

}  // namespace

// DEVIATION RFC 8628 §3.1: JSON is taken too, as at the token endpoint.
Task<net::Response> device_authorization(const Context& context, const net::Request& request) {
  auto received = co_await receive_client_request(context, request);
  if (!received) co_return std::move(received.error());
  const oauth::Client& client = *received->client;
  const auto asked = oauth::check_device_authorization_request(received->form, client, context.settings().resources,
                                                               context.settings().flows);
  if (!asked) co_return answer_error(context, request, asked.error());

  if (const auto wait = find_wait(context, request, client)) {
    co_return answer_wait(context, request, *wait, "Your address has asked for too many device codes in a short time.");
  }
  auto code = make_device_code(context, client, *asked);
  const auto handle = oauth::make_handle(code.id.value, context.randomness);
  code.secret_hash = handle.hash();
  auto user_code = co_await keep(context, client, std::move(code));
  if (!user_code) {
    co_return answer_wait(context, request, kTooManyUnanswered,
                          "This client has too many device codes that nobody has answered.");
  }

  note_link(request, "device", handle.id);
  note_step(request, FlightOutcome::went_on, "A device code and a user code were issued.");
  context.log.info("Device code issued", {{"client", client.id.value()}});
  const oauth::DeviceAuthorizationResponse answer{
      .device_code = oauth::DeviceCodeSecret(oauth::format_handle(oauth::prefix::kDeviceCode, handle)),
      .user_code = std::move(*user_code),
      .verification_uri = absolute_url(context.settings().issuer, context.paths.device),
      .expires_in = std::chrono::floor<seconds>(context.settings().device_code_lifetime)};
  co_return answer_json(oauth::to_json(answer));
}

}  // namespace chatelaine::provider::endpoints
