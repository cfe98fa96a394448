#include "gateway/refusal.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/tokens/challenge.hpp"

namespace chatelaine::gateway {
namespace {

net::Response finish_refusal(net::Response response) {
  net::forbid_storing(response);
  // The API's preflight let the browser's call through: its script must be able to read why it failed, and there is
  // nothing in it that a stranger could not get by asking himself.
  response.add_header("Access-Control-Allow-Origin", "*");
  response.add_header(
      "Access-Control-Expose-Headers",
      "WWW-Authenticate, Retry-After, X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset");
  return response;
}

net::Response make_refusal(int status, std::string_view error, std::string_view description) {
  net::Response response = net::make_json_response(
      status, json::serialize(json::object{{"error", error}, {"error_description", description}}));
  response.trouble = description;
  return finish_refusal(std::move(response));
}

net::Response make_confirmation_refusal(std::string_view description, std::string_view page) {
  json::object body{{"error", "confirmation_required"}, {"error_description", description}, {"confirmation_uri", page}};
  net::Response response = net::make_json_response(403, json::serialize(body));
  response.trouble = description;
  return finish_refusal(std::move(response));
}

net::Response refuse_with_challenge(const Realm& realm, const oauth::OAuthError& error,
                                    const oauth::Scope& needed = {}) {
  net::Response response =
      make_refusal(oauth::http_status(error.code), oauth::to_string(error.code), error.description);
  response.add_header(
      "WWW-Authenticate",
      oauth::make_bearer_challenge(realm.name, error, {.scope = needed, .resource_metadata = realm.resource_metadata}));
  return response;
}

}  // namespace

net::Response refuse_ambiguous_path() {
  return make_refusal(400, "invalid_request",
                      "The path can be read in two ways: it has an empty segment, a dot segment, a backslash, or an "
                      "encoded slash, backslash or control character.");
}

net::Response refuse_trace() {
  net::Response response =
      make_refusal(405, "invalid_request", "TRACE is not passed on: it would send a request's credentials back.");
  response.add_header("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  return response;
}

net::Response ask_for_token(const Realm& realm) {
  // RFC 6750 §3.1: a request without any credentials is answered without an error code in the challenge.
  net::Response response =
      make_refusal(401, "invalid_token", "This API needs an access token in the header Authorization: Bearer TOKEN.");
  response.add_header("WWW-Authenticate", oauth::make_bearer_challenge(realm.name, std::nullopt,
                                                                       {.scope = realm.initial_scope,
                                                                        .resource_metadata = realm.resource_metadata}));
  return response;
}

net::Response refuse_authorization(const Realm& realm, std::string_view description) {
  return refuse_with_challenge(realm, {oauth::ErrorCode::invalid_request, std::string(description), {}});
}

net::Response refuse_token(const Realm& realm) {
  return refuse_with_challenge(
      realm, {oauth::ErrorCode::invalid_token, "The access token is expired, revoked, or not one for this API.", {}},
      realm.initial_scope);
}

net::Response refuse_scope(const Realm& realm, const oauth::Scope& needed) {
  return refuse_with_challenge(realm,
                               {oauth::ErrorCode::insufficient_scope,
                                "The access token lacks a scope that this operation needs: " + needed.to_string(),
                                {}},
                               needed);
}

net::Response refuse_unseen(const Realm& realm, const oauth::Scope& needed) {
  return refuse_with_challenge(realm,
                               {oauth::ErrorCode::insufficient_scope,
                                "This operation was opened after its user allowed " + needed.to_string() +
                                    ": begin a new authorization, which shows them what is new.",
                                {}},
                               needed);
}

net::Response refuse_identity(const Realm& realm) {
  return refuse_with_challenge(realm,
                               {oauth::ErrorCode::insufficient_scope,
                                "The access token allows nothing of this API: ask for a scope of the API too.",
                                {}},
                               realm.initial_scope);
}

net::Response refuse_too_often(std::string_view description) {
  return make_refusal(429, "too_many_requests", description);
}

net::Response ask_for_sign_in(const Realm& realm, std::chrono::seconds max_age) {
  const oauth::OAuthError error{
      oauth::ErrorCode::insufficient_user_authentication,
      fmt::format("Its user must sign in again before this call: begin a new authorization with max_age={}.",
                  max_age.count()),
      {}};
  net::Response response =
      make_refusal(oauth::http_status(error.code), oauth::to_string(error.code), error.description);
  response.add_header("WWW-Authenticate",
                      oauth::make_bearer_challenge(realm.name, error,
                                                   {.resource_metadata = realm.resource_metadata, .max_age = max_age}));
  return response;
}

net::Response ask_for_approval(std::string_view page) {
  return make_confirmation_refusal(
      fmt::format("Its user must approve this call first. Show them this address, and when they have decided there "
                  "send the same call again: {}",
                  page),
      page);
}

net::Response refuse_more_questions(std::string_view page) {
  return make_confirmation_refusal(
      fmt::format("Too many calls wait for their user already. Ask the user to decide about those first: {}", page),
      page);
}

net::Response refuse_denied() {
  return make_refusal(403, "access_denied", "Its user has said no to this call. Do not send it again unless they ask.");
}

net::Response refuse_confirmed_body(net::BodyError error, std::size_t largest) {
  if (error == net::BodyError::too_large)
    return make_refusal(
        413, "invalid_request",
        fmt::format("Its user must confirm this call, and such a call may have a body of at most {} bytes.", largest));
  return error == net::BodyError::timed_out
             ? make_refusal(408, "invalid_request", "The request's body came too slowly.")
             : make_refusal(400, "invalid_request", "The request's body broke off before its end.");
}

net::Response refuse_unshowable(std::size_t most) {
  return make_refusal(413, "invalid_request",
                      fmt::format("Its user must confirm this call, and is shown all of it: at most {} bytes of text, "
                                  "address, parameters and body together. Send less at a time.",
                                  most));
}

net::Response refuse_unlisted(std::string_view method, std::string_view path) {
  return make_refusal(404, "not_found",
                      fmt::format("The API's OpenAPI description has no operation {} {}, and the gateway's "
                                  "configuration ([api] unlisted = \"deny\") lets nothing else through.",
                                  method, path));
}

net::Response refuse_closed(std::string_view method, std::string_view path) {
  return make_refusal(403, "access_denied",
                      fmt::format("No scope opens {} {}: the server's operator gives it one with `chatelaine expose`, "
                                  "or names it in a [[scope]] of the configuration.",
                                  method, path));
}

net::Response refuse_without_upstream() {
  return make_refusal(404, "not_found",
                      "There is nothing at this path: no API stands behind this server ([api] upstream is not set).");
}

net::Response refuse_switched_off() {
  return make_refusal(404, "not_found", "This server does not offer this: its operator has switched it off.");
}

net::Response refuse_stranger(std::string_view peer_address) {
  return make_refusal(403, "access_denied",
                      fmt::format("Only a proxy may ask about calls here, from an address that this server's "
                                  "configuration names: add \"{}\" to trusted_proxies if this is one.",
                                  peer_address));
}

net::Response refuse_question(std::string_view description) {
  return make_refusal(403, "invalid_request", description);
}

net::Response report_upstream_error(net::UpstreamError error) {
  switch (error) {
    case net::UpstreamError::unreachable: {
      net::Response response = make_refusal(502, "upstream_unreachable", "The API behind the gateway does not answer.");
      response.add_header("Retry-After", "5");
      return response;
    }
    case net::UpstreamError::timed_out:
      return make_refusal(504, "upstream_timed_out", "The API behind the gateway took too long to answer.");
    case net::UpstreamError::broken_answer:
      return make_refusal(502, "upstream_broken", "The API behind the gateway gave an answer that is not valid HTTP.");
    case net::UpstreamError::request_body_failed:
      return make_refusal(400, "invalid_request", "The request's body broke off before its end.");
    case net::UpstreamError::request_body_timed_out:
      return make_refusal(408, "invalid_request", "The request's body took too long to arrive.");
    case net::UpstreamError::cancelled:
      // No registered status says so; this one is nginx's, and what operators search their logs for.
      return make_refusal(499, "call_cancelled", "Nobody waited for the API's answer any more.");
  }
  return make_refusal(502, "upstream_broken", "The API behind the gateway gave no answer.");
}

}  // namespace chatelaine::gateway
