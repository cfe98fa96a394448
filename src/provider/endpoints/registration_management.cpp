#include "net/router.hpp"
#include "oauth/clients/registration.hpp"
#include "oauth/tokens/bearer.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/registration_request.hpp"
#include "provider/notes.hpp"

/// The client configuration endpoint (RFC 7592 §2).
namespace chatelaine::provider::endpoints {
namespace {

/// A client that has proven itself by its registration access token.
struct ProvenClient {
  std::shared_ptr<const oauth::Client> client;
  crypto::Sha256 token_hash;
  /// As it came.
  std::string_view token;
};

/// RFC 7592 §2: a wrong token and an unknown client read the same, and cost the same. The error is the whole answer.
// DEVIATION RFC 7592 §2.1, §2.2, §2.3: a token that is brought to a client that does not exist is not revoked: a
// mistyped address would cost its client the management of its registration.
Task<std::expected<ProvenClient, net::Response>> find_proven_client(const Context& context,
                                                                    const net::Request& request) {
  const auto header = request.header("Authorization");
  if (!header) {
    co_return std::unexpected(answer_missing_token(
        context, request, "The registration access token is missing: send it as Authorization: Bearer."));
  }
  const auto token = request.has_repeated_header("Authorization") ? std::nullopt : oauth::parse_bearer_header(*header);
  const auto handle = token ? oauth::parse_handle(oauth::prefix::kRegistrationAccessToken, *token) : std::nullopt;
  const auto id = net::path_segment(context.paths.client_configuration, request.path, "client_id");
  auto client = co_await context.storage.clients().find_client(oauth::ClientId(std::string(id)));
  if (!handle || !oauth::is_registration_token_of(client.get(), *handle)) {
    co_return std::unexpected(
        answer_wrong_token(context, request, "There is no such client, or this is not its registration access token."));
  }
  note_client(request, *client);
  co_return ProvenClient{std::move(client), handle->hash(), *token};
}

/// The client as the update would have it, and a secret where it had none and needs one.
struct Update {
  oauth::Client client;
  oauth::ClientSecret secret;
};
oauth::Result<Update> check_update(const Context& context, const json::object& sent, const oauth::Client& client) {
  if (auto checked = oauth::check_update(sent, client); !checked) return std::unexpected(std::move(checked.error()));
  const auto metadata = oauth::check_registration(sent, registration_policy(context, oauth::registrant_of(client)));
  if (!metadata) return std::unexpected(metadata.error());
  Update update{client, {}};
  oauth::apply_metadata(*metadata, update.client);
  name_client(update.client);
  update.secret = settle_secret(context, update.client);
  // RFC 9700 §2.1.1, RFC 6749 §4.1.3: what an operator allowed a client with a secret is not for one without.
  if (!update.client.is_confidential()) {
    update.client.pkce = oauth::PkcePolicy::required;
    update.client.exchange_redirect_uri = oauth::ExchangeRedirectUri::repeated;
  }
  return update;
}

}  // namespace

// RFC 7592 §2.1: reading changes nothing, so that the answer repeats the token that came: one that got lost costs the
// client nothing.
Task<net::Response> read_registration(const Context& context, const net::Request& request) {
  auto proven = co_await find_proven_client(context, request);
  if (!proven) co_return std::move(proven.error());
  co_return answer_json(format_client_information(context, *proven->client, {}, proven->token));
}

// RFC 7592 §5: an update brings a new registration access token. The one before it counts until the new one changes the
// client, since the answer that brings it may be lost.
Task<net::Response> update_registration(const Context& context, const net::Request& request) {
  auto body = co_await receive_body(context, request);
  if (!body) co_return std::move(body.error());
  auto proven = co_await find_proven_client(context, request);
  if (!proven) co_return std::move(proven.error());
  auto sent = read_metadata(context, request, *body);
  if (!sent) co_return std::move(sent.error());
  auto update = check_update(context, *sent, *proven->client);
  if (!update) co_return answer_plain_error(context, request, update.error());
  if (auto admitted = admit(context, request); !admitted) co_return std::move(admitted.error());

  const auto token =
      oauth::make_handle(context.ids.next<struct RegistrationAccessTokenTag>().value, context.randomness);
  update->client.registration_token_hash = token.hash();
  update->client.replaced_registration_token_hash = proven->token_hash;
  const bool is_replaced = co_await context.storage.clients().replace_registration(update->client, context.clock.now());
  if (!is_replaced)
    co_return answer_wrong_token(context, request, "This registration access token was replaced in this moment.");
  note_step(request, FlightOutcome::went_on, "The client changed its registration.");
  context.log.info("Client changed itself", {{"client", update->client.id.value()}, {"name", update->client.name}});
  co_return answer_json(format_client_information(
      context, update->client, update->secret, oauth::format_handle(oauth::prefix::kRegistrationAccessToken, token)));
}

// RFC 7592 §2.3: codes, consents, grants and tokens go with the client.
Task<net::Response> delete_registration(const Context& context, const net::Request& request) {
  auto proven = co_await find_proven_client(context, request);
  if (!proven) co_return std::move(proven.error());
  co_await context.storage.clients().remove_client(proven->client->id, context.clock.now());
  note_step(request, FlightOutcome::went_on, "The client ended its registration.");
  context.log.info("Client removed itself", {{"client", proven->client->id.value()}});
  net::Response response;
  response.status = 204;
  forbid_storing(response);
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
