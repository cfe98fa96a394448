#include "oauth/clients/registration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.hpp"
#include "base/uri.hpp"
#include "crypto/jwk_set.hpp"
#include "oauth/clients/authentication.hpp"
#include "oauth/clients/registration_members.hpp"
#include "oauth/clients/registration_values.hpp"
#include "oauth/openid/identity_scope.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::oauth {
namespace {

bool has(const ClientMetadata& metadata, GrantType type) {
  return std::ranges::find(metadata.grant_types, type) != metadata.grant_types.end();
}

/// Whether a person allows it, or has allowed it, each time that a grant of that type begins.
bool is_consented_to(GrantType type) {
  switch (type) {
    case GrantType::authorization_code:
    case GrantType::refresh_token:
    case GrantType::device_code:
      return true;
    case GrantType::client_credentials:
      return false;
  }
  std::unreachable();
}

/// RFC 7591 §2, §2.1: authorization_code where nothing is said, and the response type that goes with it. What is
/// switched off here is left out, which the answer tells (§3.2.1): an assistant that could renew its access can do
/// without.
Result<void> settle_grant_types(const RequestedMetadata& requested, const Flows& flows, ClientMetadata& metadata) {
  metadata.grant_types = requested.grant_types;
  if (metadata.grant_types.empty()) metadata.grant_types = {GrantType::authorization_code};
  std::erase_if(metadata.grant_types, [&](GrantType type) { return !flows.takes(type); });
  if (metadata.grant_types.empty()) return refuse_member("grant_types", "names none that is switched on here");
  if (requested.names_code_response && !has(metadata, GrantType::authorization_code))
    return refuse_member("response_types", "names code, which needs authorization_code among grant_types");
  const bool is_refresh_alone =
      std::ranges::all_of(metadata.grant_types, [](GrantType type) { return type == GrantType::refresh_token; });
  if (is_refresh_alone)
    return refuse_member("grant_types", "names refresh_token alone: it needs a grant that a refresh token comes from");
  return {};
}

Result<void> check_grant_types(const ClientMetadata& metadata, Registrant registrant) {
  if (registrant == Registrant::stranger) {
    const auto unasked = std::ranges::find_if_not(metadata.grant_types, is_consented_to);
    if (unasked != metadata.grant_types.end()) {
      return refuse_member("grant_types", fmt::format("names {}, which no person consents to: it is for clients that "
                                                      "register with an initial access token",
                                                      to_string(*unasked)));
    }
  }
  // RFC 6749 §4.4.
  if (metadata.authentication_method == AuthenticationMethod::none && has(metadata, GrantType::client_credentials))
    return refuse_member("grant_types", "names client_credentials, which needs a client that authenticates");
  return {};
}

/// OpenID Connect Dynamic Client Registration §2.
// DEVIATION OpenID Connect Dynamic Client Registration §2: a client that names no application_type is not held to be a
// web client, since the assistants of today leave it out and redirect to loopback; RFC 8252's rules hold for it alone.
// DEVIATION OpenID Connect Dynamic Client Registration §2: a native client may redirect to https too, which its
// platform can claim for it (RFC 8252 §7.2); Visual Studio Code registers both kinds at once.
Result<void> check_application_type(const ClientMetadata& metadata) {
  if (metadata.description.application_type != ApplicationType::web) return {};
  for (const RedirectUri& uri : metadata.redirect_uris) {
    const auto url = parse_http_url(uri.value());
    if (url && url->scheme == "https" && !is_loopback_host(url->host)) continue;
    return refuse(ErrorCode::invalid_redirect_uri,
                  fmt::format("The redirect URI {} is not one of a web client, which must be https and not on this "
                              "machine: register it with application_type native, or without.",
                              quote_uri(uri.value())));
  }
  return {};
}

Result<void> check_redirect_uris(const ClientMetadata& metadata) {
  if (has(metadata, GrantType::authorization_code) && metadata.redirect_uris.empty()) {
    return refuse(ErrorCode::invalid_redirect_uri,
                  "redirect_uris is missing: the grant type authorization_code needs at least one.");
  }
  return check_application_type(metadata);
}

/// RFC 7591 §2: the server's own set where a client names none. What is unknown here is left out of what the client
/// gets, which the answer tells it (§3.2.1): assistants ask for scopes of other servers too.
void settle_scope(const std::optional<Scope>& requested, const RegistrationPolicy& policy, ClientMetadata& metadata) {
  const Scope identity = policy.flows.takes_openid() ? identity_scope() : Scope();
  const Scope all = policy.declared_scopes.united_with(identity);
  const Scope known = requested ? requested->intersected_with(all) : Scope();
  const Scope& given = known.empty() ? all : known;
  metadata.scope = given.without(identity);
  metadata.openid = !given.intersected_with(identity).empty();
}

/// RFC 7591 §2: jwks and jwks_uri do not stand together; RFC 7523 §2.2: who signs for itself has a key.
Result<void> check_keys(const ClientMetadata& metadata) {
  if (!metadata.jwks.empty() && !metadata.jwks_uri.empty())
    return refuse_member("jwks", "and jwks_uri are both there: send one of them");
  if (metadata.authentication_method != AuthenticationMethod::private_key_jwt || !metadata.jwks_uri.empty()) return {};
  if (metadata.jwks.empty())
    return refuse_member("token_endpoint_auth_method", "is private_key_jwt, which needs jwks or jwks_uri");
  const auto set = crypto::parse_jwk_set(metadata.jwks);
  if (!set || set->keys.empty())
    return refuse_member("jwks", "holds no key that could verify a signature here, and private_key_jwt needs one");
  return {};
}

/// A client that registers another would never get an ID token.
// DEVIATION OpenID Connect Dynamic Client Registration §2: who names no algorithm gets ES256, which every server has.
Result<void> check_id_token_algorithm(const ClientMetadata& metadata, const RegistrationPolicy& policy) {
  const std::string_view name = crypto::to_string(metadata.id_token_algorithm);
  const auto found = find_choice("id_token_signed_response_alg", name, policy.id_token_algorithms);
  if (!found) return std::unexpected(found.error());
  return {};
}

/// RFC 9126 §6: such a client could not begin anything.
Result<void> check_pushed_requests(const ClientMetadata& metadata, const Flows& flows) {
  if (metadata.requires_pushed_requests && !flows.takes_pushed_requests())
    return refuse_member("require_pushed_authorization_requests", "cannot be: this server takes no pushed requests");
  return {};
}

json::array names_of(const std::vector<RedirectUri>& uris) {
  json::array names;
  for (const RedirectUri& uri : uris) names.emplace_back(uri.value());
  return names;
}

/// Members of RFC 7592 §3 and RFC 7591 §3.2.1 that the server alone says.
constexpr std::array<std::string_view, 4> kOnlySaidByServer{"registration_access_token", "registration_client_uri",
                                                            "client_secret_expires_at", "client_id_issued_at"};

}  // namespace

Result<ClientMetadata> check_registration(const boost::json::object& request, const RegistrationPolicy& policy) {
  auto requested = read_requested_metadata(request);
  if (!requested) return std::unexpected(std::move(requested.error()));
  ClientMetadata metadata = std::move(requested->metadata);
  metadata.authentication_method = requested->authentication_method.value_or(AuthenticationMethod::client_secret_basic);
  settle_scope(requested->scope, policy, metadata);
  for (const auto& checked :
       {settle_grant_types(*requested, policy.flows, metadata), check_grant_types(metadata, policy.registrant),
        check_redirect_uris(metadata), check_keys(metadata), check_id_token_algorithm(metadata, policy),
        check_pushed_requests(metadata, policy.flows)}) {
    if (!checked) return std::unexpected(checked.error());
  }
  return metadata;
}

Result<void> check_update(const boost::json::object& request, const Client& client) {
  for (const std::string_view name : kOnlySaidByServer) {
    if (request.contains(name)) return refuse_member(name, "is the server's to say: leave it out of an update");
  }
  const json::string* id = find_string(request, "client_id");
  if (id == nullptr || *id != client.id.value())
    return refuse_member("client_id", "must be the client's own in an update");
  const json::value* secret = request.if_contains("client_secret");
  if (secret == nullptr || secret->is_null()) return {};
  const json::string* text = secret->if_string();
  const crypto::Sha256 presented = hash_client_secret(ClientSecret(text == nullptr ? std::string_view() : *text));
  if (!client.secret_hash || !crypto::equal_in_constant_time(presented, *client.secret_hash))
    return refuse_member("client_secret", "is not the client's: it cannot be chosen, and may be left out");
  return {};
}

Registrant registrant_of(const Client& client) {
  return std::ranges::all_of(client.grant_types, is_consented_to) ? Registrant::stranger : Registrant::token_holder;
}

bool has_secret(AuthenticationMethod method) {
  switch (method) {
    case AuthenticationMethod::none:
    case AuthenticationMethod::private_key_jwt:
      return false;
    case AuthenticationMethod::client_secret_basic:
    case AuthenticationMethod::client_secret_post:
      return true;
  }
  std::unreachable();
}

void apply_metadata(const ClientMetadata& metadata, Client& client) {
  client.name = metadata.name;
  client.authentication_methods = {metadata.authentication_method};
  client.redirect_uris = metadata.redirect_uris;
  client.grant_types = metadata.grant_types;
  client.scope = metadata.scope;
  client.openid = metadata.openid;
  client.jwks = metadata.jwks;
  client.jwks_uri = metadata.jwks_uri;
  client.id_token_algorithm = metadata.id_token_algorithm;
  client.requires_pushed_requests = metadata.requires_pushed_requests;
  client.post_logout_redirect_uris = metadata.post_logout_redirect_uris;
  client.default_max_age = metadata.default_max_age;
  client.description = metadata.description;
}

boost::json::object describe_metadata(const Client& client) {
  json::array grant_types;
  for (const GrantType type : client.grant_types) grant_types.emplace_back(to_string(type));
  json::array response_types;
  if (client.may_use(GrantType::authorization_code)) response_types.emplace_back("code");
  json::object object;
  if (!client.name.empty()) object["client_name"] = client.name;
  object["redirect_uris"] = names_of(client.redirect_uris);
  object["token_endpoint_auth_method"] = to_string(client.authentication_methods.front());
  object["grant_types"] = std::move(grant_types);
  object["response_types"] = std::move(response_types);
  const Scope scope = client.openid ? client.scope.united_with(identity_scope()) : client.scope;
  if (!scope.empty()) object["scope"] = scope.to_string();
  // Kept as the text that json::serialize made.
  if (!client.jwks.empty()) object["jwks"] = parse_json(client.jwks).value_or(json::value());
  if (!client.jwks_uri.empty()) object["jwks_uri"] = client.jwks_uri;
  object["id_token_signed_response_alg"] = crypto::to_string(client.id_token_algorithm);
  if (client.requires_pushed_requests) object["require_pushed_authorization_requests"] = true;
  if (!client.post_logout_redirect_uris.empty())
    object["post_logout_redirect_uris"] = names_of(client.post_logout_redirect_uris);
  if (client.default_max_age) object["default_max_age"] = client.default_max_age->count();
  for (const auto& member : to_json(client.description)) object.insert(member);
  return object;
}

boost::json::object describe_client(const Client& client) {
  json::object object{{"client_id", client.id.value()}, {"client_id_issued_at", to_numeric_date(client.created_at)}};
  for (const auto& member : describe_metadata(client)) object.insert(member);
  return object;
}

crypto::Sha256 digest_metadata(const ClientMetadata& metadata) {
  Client client;
  apply_metadata(metadata, client);
  return crypto::sha256(json::serialize(describe_metadata(client)));
}

bool is_registration_token_of(const Client* client, const Handle& presented) {
  const crypto::Sha256 hash = presented.hash();
  const auto is_right = [&](const std::optional<crypto::Sha256>& expected) {
    return crypto::equal_in_constant_time(hash, expected.value_or(crypto::Sha256{})) && expected.has_value();
  };
  const Client nobody;
  const Client& asked = client != nullptr ? *client : nobody;
  const bool is_current = is_right(asked.registration_token_hash);
  const bool is_replaced = is_right(asked.replaced_registration_token_hash);
  return is_current || is_replaced;
}

}  // namespace chatelaine::oauth
