#include "provider/endpoints/registration_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "oauth/clients/authentication.hpp"
#include "oauth/clients/credentials.hpp"
#include "oauth/content_type.hpp"
#include "oauth/tokens/challenge.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

constexpr std::size_t kMostMembers = 128;  // as base/form.hpp

oauth::Result<json::object> parse_metadata(std::optional<std::string_view> content_type, std::string_view body) {
  const auto type = oauth::parse_content_type(content_type.value_or(""));
  // RFC 7591 §3.1.
  if (type.media_type != "application/json" || !type.is_utf8)
    return oauth::refuse(ErrorCode::invalid_request, "The metadata must be JSON: send Content-Type: application/json.");
  auto parsed = parse_json(body);
  if (!parsed) {
    return oauth::refuse(ErrorCode::invalid_request,
                         fmt::format("The body is not readable JSON: {} (line {}, column {}).", parsed.error().message,
                                     parsed.error().line, parsed.error().column));
  }
  json::object* object = parsed->if_object();
  if (object == nullptr) {
    return oauth::refuse(ErrorCode::invalid_request,
                         fmt::format("The body must be a JSON object, not {}.", name_of(parsed->kind())));
  }
  if (object->size() > kMostMembers)
    return oauth::refuse(ErrorCode::invalid_request, fmt::format("The body holds more than {} members.", kMostMembers));
  return std::move(*object);
}

net::Response answer_unauthorized(const Context& context, const net::Request& request, const oauth::OAuthError& error,
                                  const std::optional<oauth::OAuthError>& told) {
  auto response = answer_plain_error(context, request, error);
  response.add_header("WWW-Authenticate", oauth::make_bearer_challenge("Client registration", told, {}));
  return response;
}

}  // namespace

std::expected<json::object, net::Response> read_metadata(const Context& context, const net::Request& request,
                                                         std::string_view body) {
  auto metadata = parse_metadata(request.header("Content-Type"), body);
  if (!metadata) return std::unexpected(answer_plain_error(context, request, metadata.error()));
  return std::move(*metadata);
}

net::Response answer_missing_token(const Context& context, const net::Request& request, std::string sentence) {
  return answer_unauthorized(context, request, {ErrorCode::invalid_token, std::move(sentence), {}}, std::nullopt);
}

net::Response answer_wrong_token(const Context& context, const net::Request& request, std::string sentence) {
  const oauth::OAuthError error{ErrorCode::invalid_token, std::move(sentence), {}};
  return answer_unauthorized(context, request, error, error);
}

std::expected<void, net::Response> admit(const Context& context, const net::Request& request) {
  const limits::Throttle::Attempt attempt{.subject = std::nullopt,
                                          .address = limits::find_subscriber(request.remote_address)};
  const auto wait =
      context.throttles->registrations.admit(attempt, context.settings().limits.registrations, context.clock.now());
  if (!wait) return {};
  return std::unexpected(
      answer_wait(context, request, *wait, "Too many clients were registered or changed from your address."));
}

oauth::RegistrationPolicy registration_policy(const Context& context, oauth::Registrant registrant) {
  std::vector<std::string> names;
  std::ranges::transform(context.settings().scopes, std::back_inserter(names), &ScopeDescription::name);
  return {.registrant = registrant,
          .flows = context.settings().flows,
          .declared_scopes = oauth::Scope(std::move(names)),
          .id_token_algorithms = context.settings().signing_algorithms};
}

void name_client(oauth::Client& client) {
  if (client.name.empty()) client.name = client.id.value();
}

oauth::ClientSecret settle_secret(const Context& context, oauth::Client& client) {
  if (!oauth::has_secret(client.authentication_methods.front())) {
    client.secret_hash.reset();
    return {};
  }
  if (client.secret_hash) return {};
  auto secret = oauth::make_client_secret(context.ids.next<oauth::ClientSecretTag>().value, context.randomness);
  client.secret_hash = oauth::hash_client_secret(secret);
  return secret;
}

std::string format_client_information(const Context& context, const oauth::Client& client,
                                      const oauth::ClientSecret& secret, std::string_view registration_access_token) {
  json::object information = oauth::describe_client(client);
  if (!secret.empty()) {
    information["client_secret"] = secret.reveal();
    // It does not expire.
    information["client_secret_expires_at"] = 0;
  }
  if (!registration_access_token.empty()) {
    information["registration_access_token"] = registration_access_token;
    information["registration_client_uri"] =
        absolute_url(context.settings().issuer, context.paths.registration + "/" + percent_encode(client.id.value()));
  }
  return json::serialize(information);
}

}  // namespace chatelaine::provider::endpoints
