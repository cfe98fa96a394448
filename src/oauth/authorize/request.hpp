#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/form.hpp"
#include "oauth/authorize/response_mode.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/flows.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/openid/authentication_request.hpp"
#include "oauth/pkce.hpp"
#include "oauth/protected_resource.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// A fault that must not be sent to a redirect URI, because the client or the URI is not proven (RFC 6749 §4.1.2.1):
/// shown to the plugin's author as a page.
struct UnredirectableError {
  enum class Kind {
    query_too_long,
    malformed_query,
    repeated_parameter,
    missing_client_id,
    unknown_client,
    unusable_client_document,
    missing_redirect_uri,
    unregistered_redirect_uri,
    no_redirect_uris,
    unusable_request_uri
  };
  Kind kind;
  /// What came: the redirect URI, or the parameter's name.
  std::string received;
  /// What is wrong with a client's document, for whoever reads the page; how a redirect URI differs from those that are
  /// registered, for the operator alone. Otherwise the kind says it all.
  std::string reason;
};

/// Where an answer goes once client and redirect URI are proven.
struct ResponseTarget {
  RedirectUri redirect_uri;
  std::optional<State> state;  ///< present even when it came empty
  ResponseMode mode = ResponseMode::query;
};

/// A fault that the client learns by redirect.
struct RedirectableError {
  ResponseTarget target;
  OAuthError error;
};

/// A valid authorization request (RFC 6749 §4.1.1).
struct AuthorizationRequest {
  ClientId client_id;
  ResponseTarget target;
  /// Whether the request named the URI; then the token request must repeat it (RFC 6749 §4.1.3).
  bool redirect_uri_was_sent = true;
  Scope scope;
  /// Identifiers (RFC 8707 §2.1).
  std::vector<Resource> resources;
  std::optional<CodeChallenge> code_challenge;
  AuthenticationRequest authentication;
};

/// First step: which client a query claims, so that its facts can be loaded.
[[nodiscard]] std::expected<ClientId, UnredirectableError> find_client_id(const Form& query);

/// Second step: where the answer goes. Exact comparison; a loopback URI (127.0.0.1, [::1]) may differ in its port alone
/// (RFC 8252 §7.3). An absent redirect_uri is taken from a client with exactly one. A response_mode that cannot be
/// followed counts as the default here, so that the third step's refusal reaches the client.
[[nodiscard]] std::expected<ResponseTarget, UnredirectableError> check_redirect_uri(const Form& query,
                                                                                    const Client& client);

/// Third step: everything else, as a list of checks (response_type, response_mode, grant type, PKCE, scope, resources,
/// what OpenID Connect adds), each in request.cpp. `resources` are those that tokens can be for; without `flows.openid`
/// there are no identity scopes.
[[nodiscard]] std::expected<AuthorizationRequest, RedirectableError> check_authorization_request(
    const Form& query, const Client& client, const ResponseTarget& target, const ProtectedResources& resources,
    const Flows& flows);

}  // namespace chatelaine::oauth
