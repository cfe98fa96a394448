#include "provider/endpoints/authorize/refusal_page.hpp"

#include "oauth/clients/client_metadata_document.hpp"
#include "oauth/shown_parameters.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using Kind = oauth::UnredirectableError::Kind;

/// The log takes no more of what a stranger sent.
constexpr std::size_t kMostLogged = 200;
constexpr const char* kTitle = "This plugin cannot sign you in yet";

pages::ErrorPage about_query(const oauth::UnredirectableError& error) {
  if (error.kind == Kind::query_too_long) {
    return {.what_happened = "The link that brought you here is too long.",
            .what_to_do =
                "It is the plugin author's turn: the authorization URL's query may have at most 4096 characters, "
                "counted with everything but letters, digits and -._~ percent-encoded. What the client wants to "
                "remember belongs in its own storage, with a short state that finds it.",
            .detail = {}};
  }
  if (error.kind == Kind::repeated_parameter) {
    return {.what_happened = "The link that brought you here says the same thing twice.",
            .what_to_do = "It is the plugin author's turn: each parameter of the authorization URL may come once.",
            .detail = "Repeated parameter: " + error.received};
  }
  return {.what_happened = "The link that brought you here cannot be read.",
          .what_to_do =
              "It is the plugin author's turn: the authorization URL's query must be percent-encoded, with "
              "two hexadecimal digits after every percent sign, and have at most 128 parameters.",
          .detail = error.received.empty() ? "" : "Unreadable near: " + error.received};
}

pages::ErrorPage about_client(const oauth::UnredirectableError& error) {
  if (error.kind == Kind::missing_client_id) {
    return {.what_happened = "The plugin did not say which client it is.",
            .what_to_do =
                "It is the plugin author's turn: the authorization URL needs client_id=… with the client ID "
                "that `chatelaine client add` printed.",
            .detail = "Missing parameter: client_id"};
  }
  return {.what_happened = "The plugin's client ID is not registered here.",
          .what_to_do =
              "It is the plugin author's turn: enter the client ID that `chatelaine client add` printed on "
              "this server. `chatelaine client list` shows those that exist.",
          .detail = "Received client_id: " + error.received};
}

/// THREATS N42: never told by redirect, since nothing of such a client is proven.
pages::ErrorPage about_document(const oauth::UnredirectableError& error) {
  return {.title = "This app cannot sign you in yet",
          .what_happened = "What the app says of itself cannot be used, and nothing else is known of it here.",
          .what_to_do = "It is the app author's turn: the client_id is the URL of its client ID metadata document. " +
                        error.reason,
          .detail = "Received client_id: " + error.received};
}

pages::ErrorPage about_redirect_uri_of_document(const oauth::UnredirectableError& error,
                                                const oauth::ClientId& client_id) {
  return {.title = "This app cannot sign you in yet",
          .what_happened = "The app wants to return to an address that it does not name in what it says of itself.",
          .what_to_do = "It is the app author's turn: redirect_uris in the document at " + client_id.value() +
                        " must hold the address, byte for byte; on this computer the port alone is free.",
          .detail =
              error.received.empty() ? "Missing parameter: redirect_uri" : "Received redirect_uri: " + error.received};
}

/// The command that registers redirect URIs, in place of those that were. It names the placeholder and not what came:
/// the page's reader would otherwise be led to run a stranger's text.
std::string update_command(const oauth::ClientId& client_id) {
  return "`chatelaine client update " + client_id.value() + " --redirect-uri URI`";
}

pages::ErrorPage about_redirect_uri(const oauth::UnredirectableError& error, const oauth::ClientId& client_id) {
  if (oauth::names_document(client_id)) return about_redirect_uri_of_document(error, client_id);
  switch (error.kind) {
    case Kind::missing_redirect_uri:
      return {.what_happened = "The plugin did not say where to go after the sign-in.",
              .what_to_do =
                  "It is the plugin author's turn: the authorization URL needs redirect_uri=…, since this "
                  "client has more than one registered.",
              .detail = "Missing parameter: redirect_uri"};
    case Kind::no_redirect_uris:
      return {.what_happened = "No address is registered to which this plugin may return after the sign-in.",
              .what_to_do =
                  "It is the plugin author's turn: take the callback URL that the assistant shows after the "
                  "plugin's installation, and run " +
                  update_command(client_id) + " with it.",
              .detail = error.received.empty() ? "" : "Received redirect_uri: " + error.received};
    case Kind::unregistered_redirect_uri:
    case Kind::unusable_request_uri:
    case Kind::query_too_long:
    case Kind::malformed_query:
    case Kind::repeated_parameter:
    case Kind::missing_client_id:
    case Kind::unknown_client:
    case Kind::unusable_client_document:
      break;
  }
  return {.what_happened = "The plugin wants to return to an address that is not registered for it.",
          .what_to_do =
              "It is the plugin author's turn: if the address below is the callback URL that the assistant "
              "shows for this plugin, run " +
              update_command(client_id) +
              " with --redirect-uri for each address it shall have, this one among them. Addresses are compared byte "
              "for byte, the slash at the end included.",
          .detail = "Received redirect_uri: " + error.received};
}

/// The person is the one who can go on: whoever pushed the request has long been told what was wrong with it.
pages::ErrorPage about_request_uri() {
  return {.title = "Begin the sign-in again",
          .what_happened = "This sign-in has been used already, or was left lying for too long.",
          .what_to_do = "Go back to the assistant and begin the sign-in there once more.",
          .detail = "The request_uri is not one that this client was given in the last ten minutes, or it is spent."};
}

pages::ErrorPage describe(const oauth::UnredirectableError& error, const oauth::ClientId& client_id) {
  switch (error.kind) {
    case Kind::query_too_long:
    case Kind::malformed_query:
    case Kind::repeated_parameter:
      return about_query(error);
    case Kind::missing_client_id:
    case Kind::unknown_client:
      return about_client(error);
    case Kind::unusable_client_document:
      return about_document(error);
    case Kind::unusable_request_uri:
      return about_request_uri();
    case Kind::missing_redirect_uri:
    case Kind::unregistered_redirect_uri:
    case Kind::no_redirect_uris:
      break;
  }
  return about_redirect_uri(error, client_id);
}

/// What came, as the log may tell it: a redirect URI, a client's id, or of a query the name of a parameter.
std::string show_received(const oauth::UnredirectableError& error) {
  switch (error.kind) {
    case Kind::query_too_long:
    case Kind::malformed_query:
    case Kind::repeated_parameter:
      return oauth::hide_tokens(error.received);
    case Kind::missing_client_id:
    case Kind::unknown_client:
    case Kind::unusable_client_document:
      return oauth::show_parameter("client_id", error.received);
    case Kind::unusable_request_uri:
    case Kind::missing_redirect_uri:
    case Kind::unregistered_redirect_uri:
    case Kind::no_redirect_uris:
      break;
  }
  return oauth::show_parameter("redirect_uri", error.received);
}

}  // namespace

net::Response refusal_page(const Context& context, const net::Request& request, const oauth::UnredirectableError& error,
                           const oauth::ClientId& client_id) {
  auto page = describe(error, client_id);
  page.status = 400;
  if (page.title.empty()) page.title = kTitle;
  context.log.info("Authorization request refused", {{"client", client_id.value()},
                                                     {"description", page.what_happened},
                                                     {"reason", error.reason},
                                                     {"received", show_received(error).substr(0, kMostLogged)}});
  note_step(request, FlightOutcome::failed, error.reason.empty() ? page.what_happened : error.reason);
  return pages::render_error(context.renderer, page);
}

}  // namespace chatelaine::provider::endpoints
