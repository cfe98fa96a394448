#include "oauth/authorize/request.hpp"

#include <algorithm>
#include <array>

#include "oauth/authorize/redirect_difference.hpp"
#include "oauth/authorize/redirect_uri.hpp"
#include "oauth/openid/identity_scope.hpp"
#include "oauth/resource.hpp"

namespace chatelaine::oauth {
namespace {

/// What a step may look at.
struct Facts {
  const Form& query;
  const Client& client;
  const ProtectedResources& resources;
  const Flows& flows;
};
/// A step refuses, or fills in its part of the request.
using Step = Result<void> (*)(const Facts&, AuthorizationRequest&);

Result<void> check_response_type(const Facts& facts, AuthorizationRequest&) {
  const std::string_view response_type = facts.query.get_or_empty("response_type");
  if (response_type.empty())
    return refuse(ErrorCode::invalid_request, "response_type is missing: send response_type=code.");
  if (response_type == "code") return {};
  // DEVIATION RFC 6749 §3.1.1: response_type=token is refused (RFC 9700 §2.1.2).
  return refuse(ErrorCode::unsupported_response_type,
                "The response_type '" + std::string(response_type) + "' is not supported: send response_type=code.");
}

/// The target has the mode that was asked for, or the default where that cannot be followed: a difference is refused.
Result<void> check_response_mode(const Facts& facts, AuthorizationRequest& request) {
  const std::string_view mode = facts.query.get_or_empty("response_mode");
  if (mode.empty() || mode == to_string(request.target.mode)) return {};
  if (mode == to_string(ResponseMode::form_post)) {
    return refuse(ErrorCode::invalid_request,
                  "response_mode=form_post needs a redirect URI that begins with https:// or http://, and a state of "
                  "printable ASCII characters (RFC 6749 appendix A.5).");
  }
  return refuse(ErrorCode::invalid_request, "The response_mode '" + std::string(mode) +
                                                "' is not supported: send query, fragment or form_post, or leave it "
                                                "out.");
}

// OpenID Connect Core §6.1, §6.2: a server that ignored a request object would act on other parameters than were
// signed. RFC 6749 §3.1: one without a value counts as omitted.
Result<void> check_request_object(const Facts& facts, AuthorizationRequest&) {
  if (!facts.query.get_or_empty("request").empty())
    return refuse(ErrorCode::request_not_supported, "The parameter request is not supported: send plain parameters.");
  if (!facts.query.get_or_empty("request_uri").empty()) {
    return refuse(ErrorCode::request_uri_not_supported,
                  "The parameter request_uri is not supported: send plain parameters.");
  }
  return {};
}

Result<void> check_grant_type(const Facts& facts, AuthorizationRequest&) {
  if (facts.client.may_use(GrantType::authorization_code)) return {};
  return refuse(ErrorCode::unauthorized_client, "This client is not registered for the grant authorization_code.");
}

Result<void> check_pkce(const Facts& facts, AuthorizationRequest& request) {
  auto challenge = parse_code_challenge(facts.query.get("code_challenge"), facts.query.get("code_challenge_method"));
  if (!challenge) return std::unexpected(std::move(challenge.error()));
  // RFC 9700 §2.1.1, RFC 8252 §8.1: only a confidential client can be excused, whatever its registration says.
  // RFC 7636 §4.4.1: of everybody else a missing challenge is invalid_request.
  const bool is_excused = facts.client.pkce == PkcePolicy::optional && facts.client.is_confidential();
  if (!*challenge && !is_excused) {
    return refuse(ErrorCode::invalid_request,
                  "PKCE is required: send code_challenge and code_challenge_method=S256 (RFC 7636). If the client "
                  "cannot, as ChatGPT plugins cannot, have the operator register it with a secret and PKCE optional.");
  }
  request.code_challenge = std::move(*challenge);
  return {};
}

Result<void> check_scope(const Facts& facts, AuthorizationRequest& request) {
  auto scope = narrow_requested_scope(facts.query.get("scope"), facts.client.scope,
                                      identity_scope_of(facts.client, facts.flows));
  if (!scope) return std::unexpected(std::move(scope.error()));
  request.scope = std::move(*scope);
  return {};
}

/// The resources, and what of the scope means something there.
Result<void> check_resources(const Facts& facts, AuthorizationRequest& request) {
  auto target = check_target(facts.query, request.scope, facts.resources);
  if (!target) return std::unexpected(std::move(target.error()));
  request.resources = std::move(target->resources);
  request.scope = std::move(target->scope);
  return {};
}

Result<void> check_authentication(const Facts& facts, AuthorizationRequest& request) {
  auto authentication = parse_authentication_request(facts.query, facts.client.default_max_age);
  if (!authentication) return std::unexpected(std::move(authentication.error()));
  request.authentication = std::move(*authentication);
  return {};
}

constexpr std::array<Step, 8> kAuthorizationSteps{
    check_request_object, check_response_type, check_response_mode, check_grant_type,
    check_pkce,           check_scope,         check_resources,     check_authentication,
};

/// RFC 6749 §3.1: a parameter without a value counts as omitted.
bool is_redirect_uri_sent(const Form& query) { return !query.get_or_empty("redirect_uri").empty(); }

/// OAuth 2.0 Form Post Response Mode §2: a browser posts to web addresses alone, and a form's text keeps neither NUL,
/// nor a single line break, nor bytes that are no UTF-8, so that only the state of RFC 6749 appendix A.5 comes back as
/// it was.
bool can_be_posted(const ResponseTarget& target) {
  const std::string& uri = target.redirect_uri.value();
  const bool is_web = uri.starts_with("https://") || uri.starts_with("http://");
  return is_web &&
         (!target.state || std::ranges::all_of(target.state->value(), [](char c) { return c >= ' ' && c <= '~'; }));
}

/// The target with the mode that was asked for, as far as it can be followed.
// DEVIATION OAuth 2.0 Multiple Response Type Encoding Practices §2.1: the default is the query also for a response type
// whose own default would be the fragment, since all of those are refused.
ResponseTarget with_mode(ResponseTarget target, const Form& query) {
  const auto mode = parse_response_mode(query.get_or_empty("response_mode"));
  if (mode && (*mode != ResponseMode::form_post || can_be_posted(target))) target.mode = *mode;
  return target;
}

std::unexpected<UnredirectableError> refuse_on_page(UnredirectableError::Kind kind, std::string_view received = {}) {
  return std::unexpected(UnredirectableError{kind, std::string(received)});
}

// DEVIATION RFC 8252 §8.3: of a document's client the port is free on localhost too. The assistants that publish one
// listen there on whatever port is free, and nobody here could register them otherwise.
LoopbackHosts loopback_hosts_of(const Client& client) {
  return client.origin == ClientOrigin::metadata_document ? LoopbackHosts::addresses_and_localhost
                                                          : LoopbackHosts::addresses;
}

}  // namespace

std::expected<ClientId, UnredirectableError> find_client_id(const Form& query) {
  const std::string_view id = query.get_or_empty("client_id");
  if (id.empty()) return refuse_on_page(UnredirectableError::Kind::missing_client_id);
  return ClientId(std::string(id));
}

std::expected<ResponseTarget, UnredirectableError> check_redirect_uri(const Form& query, const Client& client) {
  using Kind = UnredirectableError::Kind;
  const std::string_view received = query.get_or_empty("redirect_uri");
  // RFC 6749 §3.1.2.2, §3.1.2.4: what was not registered is no place to send a browser to; the person is told here.
  if (client.redirect_uris.empty()) return refuse_on_page(Kind::no_redirect_uris, received);
  std::optional<State> state;
  if (const auto sent = query.get("state")) state = State(std::string(*sent));

  if (!is_redirect_uri_sent(query)) {
    // RFC 6749 §3.1.2.3: only where there is no choice.
    // DEVIATION OpenID Connect Core §3.1.2.1: also where openid is among the scopes; the answer can go nowhere else.
    if (client.redirect_uris.size() > 1) return refuse_on_page(Kind::missing_redirect_uri);
    return with_mode({client.redirect_uris.front(), std::move(state)}, query);
  }
  if (std::ranges::none_of(client.redirect_uris, [&](const RedirectUri& registered) {
        return is_registered_redirect_uri(received, registered, loopback_hosts_of(client));
      })) {
    return std::unexpected(UnredirectableError{Kind::unregistered_redirect_uri, std::string(received),
                                               explain_unregistered(received, client.redirect_uris)});
  }
  return with_mode({RedirectUri(std::string(received)), std::move(state)}, query);
}

std::expected<AuthorizationRequest, RedirectableError> check_authorization_request(const Form& query,
                                                                                   const Client& client,
                                                                                   const ResponseTarget& target,
                                                                                   const ProtectedResources& resources,
                                                                                   const Flows& flows) {
  const Facts facts{query, client, resources, flows};
  AuthorizationRequest request{
      .client_id = client.id, .target = target, .redirect_uri_was_sent = is_redirect_uri_sent(query)};
  for (const Step step : kAuthorizationSteps) {
    if (auto outcome = step(facts, request); !outcome)
      return std::unexpected(RedirectableError{target, std::move(outcome.error())});
  }
  return request;
}

}  // namespace chatelaine::oauth
