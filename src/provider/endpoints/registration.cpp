#include "oauth/clients/registration.hpp"

#include "oauth/clients/credentials.hpp"
#include "oauth/tokens/bearer.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/registration_request.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// Assistants register anew for every connection: the first of those that ask for the same have a client of their own,
/// with its registration access token, the others are one.
constexpr std::uint32_t kMostOfTheirOwn = 10;
/// At most 64 KiB each.
constexpr std::uint32_t kMostUnused = 1000;
/// So long a sign-in may take that a client has registered for, whatever comes in meanwhile.
constexpr milliseconds kStaysInAnyCase{std::chrono::hours{1}};

constexpr milliseconds kNoRoomWait{std::chrono::minutes{10}};

constexpr const char* kWrongToken = "The initial access token is unknown, used up or expired.";

/// Nothing for a stranger, else the initial access token that was brought (RFC 7591 §3).
using Voucher = std::optional<oauth::InitialAccessTokenId>;

/// The error is the whole answer.
Task<std::expected<Voucher, net::Response>> find_voucher(const Context& context, const net::Request& request) {
  const auto header = request.header("Authorization");
  if (!header && context.settings().registration.mode == oauth::RegistrationMode::open) co_return Voucher();
  if (!header) {
    co_return std::unexpected(answer_missing_token(
        context, request, "Clients register here with an initial access token: ask whoever runs this server for one."));
  }
  const auto token = oauth::parse_bearer_header(*header);
  const auto handle = token ? oauth::parse_handle(oauth::prefix::kInitialAccessToken, *token) : std::nullopt;
  if (!handle) co_return std::unexpected(answer_wrong_token(context, request, kWrongToken));
  const oauth::InitialAccessTokenId id{handle->id};
  const auto found = co_await context.storage.initial_access_tokens().find_initial_access_token(id);
  if (!oauth::is_usable(found ? &*found : nullptr, *handle, context.clock.now()))
    co_return std::unexpected(answer_wrong_token(context, request, kWrongToken));
  co_return Voucher(id);
}

/// RFC 7591 §3.2.1.
net::Response answer_created(const Context& context, const net::Request& request, const oauth::Client& client,
                             const oauth::ClientSecret& secret, std::string_view registration_access_token) {
  note_client(request, client);
  note_step(request, FlightOutcome::went_on, "The client registered itself.");
  context.log.info("Client registered", {{"client", client.id.value()}, {"name", client.name}});
  auto response = answer_json(format_client_information(context, client, secret, registration_access_token));
  response.status = 201;
  return response;
}

/// A new client, all but its secret.
struct NewClient {
  oauth::Client client;
  std::string registration_access_token;
};
NewClient make_client(const Context& context, const oauth::ClientMetadata& metadata) {
  NewClient made;
  oauth::Client& client = made.client;
  apply_metadata(metadata, client);
  client.id = oauth::make_client_id(client.name, context.randomness);
  name_client(client);
  client.origin = oauth::ClientOrigin::registration;
  client.created_at = context.clock.now();
  const auto token =
      oauth::make_handle(context.ids.next<struct RegistrationAccessTokenTag>().value, context.randomness);
  client.registration_token_hash = token.hash();
  made.registration_access_token = oauth::format_handle(oauth::prefix::kRegistrationAccessToken, token);
  return made;
}

Task<net::Response> register_with_token(const Context& context, const net::Request& request,
                                        const oauth::ClientMetadata& metadata, oauth::InitialAccessTokenId token) {
  NewClient made = make_client(context, metadata);
  const auto secret = settle_secret(context, made.client);
  const bool is_kept =
      co_await context.storage.clients().register_client_with_token(made.client, token, context.clock.now());
  // Somebody else used the last of it meanwhile.
  if (!is_kept) co_return answer_wrong_token(context, request, kWrongToken);
  co_return answer_created(context, request, made.client, secret, made.registration_access_token);
}

Task<net::Response> register_openly(const Context& context, const net::Request& request,
                                    const oauth::ClientMetadata& metadata) {
  if (auto admitted = admit(context, request); !admitted) co_return std::move(admitted.error());
  const Instant now = context.clock.now();
  NewClient made = make_client(context, metadata);
  const auto secret = settle_secret(context, made.client);
  storage::OpenRegistration registration{.client = made.client,
                                         .metadata_digest = std::nullopt,
                                         .unused_until = now + context.settings().registration.unused_lifetime};
  // Nobody must share a client with somebody who has its secret.
  if (!made.client.is_confidential()) registration.metadata_digest = oauth::digest_metadata(metadata);
  const storage::RegistrationBounds bounds{
      .most_of_their_own = kMostOfTheirOwn, .most_unused = kMostUnused, .makes_room_before = now - kStaysInAnyCase};
  const auto kept = co_await context.storage.clients().register_client(registration, bounds);
  if (!kept) {
    co_return answer_wait(context, request, kNoRoomWait,
                          "Too many clients have registered that nobody has used yet: try again later.");
  }
  // Who could change a client that others share could have their codes sent to itself.
  if (!kept->registration_token_hash) made.registration_access_token.clear();
  co_return answer_created(context, request, *kept, secret, made.registration_access_token);
}

}  // namespace

Task<net::Response> registration(const Context& context, const net::Request& request) {
  auto body = co_await receive_body(context, request);
  if (!body) co_return std::move(body.error());
  auto voucher = co_await find_voucher(context, request);
  if (!voucher) co_return std::move(voucher.error());
  auto sent = read_metadata(context, request, *body);
  if (!sent) co_return std::move(sent.error());

  const auto registrant = *voucher ? oauth::Registrant::token_holder : oauth::Registrant::stranger;
  const auto metadata = oauth::check_registration(*sent, registration_policy(context, registrant));
  if (!metadata) co_return answer_plain_error(context, request, metadata.error());
  if (*voucher) co_return co_await register_with_token(context, request, *metadata, **voucher);
  co_return co_await register_openly(context, request, *metadata);
}

}  // namespace chatelaine::provider::endpoints
