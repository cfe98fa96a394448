#include "oauth/authorize/pushed_authorization_request.hpp"

#include <algorithm>
#include <array>

#include "oauth/authorize/request.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::string_view kUrn = "urn:ietf:params:oauth:request_uri:";

/// RFC 9126 §2.1: they prove the client here and are no part of the request.
constexpr std::array<std::string_view, 3> kCredentials{"client_secret", "client_assertion", "client_assertion_type"};

/// What a page would say of a redirect URI, for the author who reads JSON.
OAuthError describe(const UnredirectableError& error) {
  using Kind = UnredirectableError::Kind;
  std::string sentence;
  switch (error.kind) {
    case Kind::missing_redirect_uri:
      sentence = "redirect_uri is missing, and this client has more than one registered.";
      break;
    case Kind::no_redirect_uris:
      sentence = "No redirect URI is registered for this client.";
      break;
    case Kind::unregistered_redirect_uri:
    case Kind::unusable_request_uri:
    case Kind::query_too_long:
    case Kind::malformed_query:
    case Kind::repeated_parameter:
    case Kind::missing_client_id:
    case Kind::unknown_client:
    case Kind::unusable_client_document:
      sentence = "The redirect_uri " + quote_uri(error.received) + " is not registered for this client.";
      break;
  }
  return refuse(ErrorCode::invalid_request, std::move(sentence), error.reason).error();
}

Form without_credentials(const Form& form) {
  Form kept;
  for (const Form::Field& field : form.fields()) {
    if (std::ranges::find(kCredentials, field.name) == kCredentials.end()) kept.add(field.name, field.value);
  }
  return kept;
}

}  // namespace

std::string format_request_uri(const Handle& handle) {
  return std::string(kUrn) + format_handle(prefix::kPushedAuthorizationRequest, handle);
}

bool is_pushed_request_uri(std::string_view request_uri) { return request_uri.starts_with(kUrn); }

std::optional<Handle> parse_request_uri(std::string_view request_uri) {
  if (!is_pushed_request_uri(request_uri)) return std::nullopt;
  return parse_handle(prefix::kPushedAuthorizationRequest, request_uri.substr(kUrn.size()));
}

Result<Form> check_pushed_authorization_request(const Form& form, const Client& client,
                                                const ProtectedResources& resources, const Flows& flows) {
  if (!form.get_or_empty("request_uri").empty()) {
    return refuse(ErrorCode::invalid_request, "request_uri cannot be pushed itself: send the parameters.");
  }
  if (form.get_or_empty("client_id") != client.id.value()) {
    return refuse(ErrorCode::invalid_request,
                  "client_id is missing in the body: it is a parameter of every authorization request, however the "
                  "client authenticates.");
  }
  const auto target = check_redirect_uri(form, client);
  if (!target) return std::unexpected(describe(target.error()));
  auto request = check_authorization_request(form, client, *target, resources, flows);
  if (!request) return std::unexpected(std::move(request.error().error));
  return without_credentials(form);
}

Result<void> check_may_be_plain(const Client& client, const Flows& flows) {
  if (!client.requires_pushed_requests && !flows.require_pushed_requests) return {};
  if (!flows.takes_pushed_requests()) {
    return refuse(ErrorCode::invalid_request,
                  "This client is registered to push its requests, and this server takes none: its operator must "
                  "change the client or [flows] pushed_requests.");
  }
  return refuse(ErrorCode::invalid_request,
                "The request must be pushed: send its parameters to the pushed authorization request endpoint, and the "
                "browser with the request_uri that comes back (RFC 9126).");
}

bool is_usable(const PushedAuthorizationRequest* found, const Handle& presented, const Client& client, Instant now) {
  return found != nullptr && crypto::equal_in_constant_time(found->secret_hash, presented.hash()) &&
         found->client_id == client.id && now < found->expires_at;
}

}  // namespace chatelaine::oauth
