#include "oauth/discovery/server_metadata.hpp"

#include <boost/json/array.hpp>

#include "crypto/signature_algorithm.hpp"
#include "oauth/authorize/response_mode.hpp"
#include "oauth/openid/authentication_request.hpp"
#include "oauth/openid/claims.hpp"
#include "oauth/openid/id_token.hpp"
#include "oauth/openid/identity_scope.hpp"

namespace chatelaine::oauth {
namespace {

/// The identity scopes first, if there are any here, then the API's.
boost::json::array list_scopes(const ServerMetadata& metadata) {
  boost::json::array names;
  if (metadata.flows.takes_openid())
    for (const auto& scope : kIdentityScopes)
      if (scope.name != "offline_access" || metadata.flows.refresh_token) names.emplace_back(scope.name);
  names.insert(names.end(), metadata.scopes_supported.begin(), metadata.scopes_supported.end());
  return names;
}

template <class Words>
boost::json::array names_of(const Words& words) {
  boost::json::array names;
  for (const auto word : words) names.emplace_back(to_string(word));
  return names;
}

/// RFC 7662 §2.1: who introspects must authenticate, which `none` does not.
boost::json::array names_of_proving_methods() {
  boost::json::array names;
  for (const auto method : kAuthenticationMethods) {
    if (method != AuthenticationMethod::none) names.emplace_back(to_string(method));
  }
  return names;
}

/// How clients authenticate at an endpoint. RFC 8414 §2: private_key_jwt goes with the algorithms that we take.
void add_authentication(boost::json::object& document, const std::string& endpoint, const boost::json::array& methods) {
  document[endpoint + "_auth_methods_supported"] = methods;
  document[endpoint + "_auth_signing_alg_values_supported"] = names_of(crypto::kSignatureAlgorithms);
}

/// What a client needs to know before it sends a browser.
// DEVIATION RFC 8414 §2: without the authorization endpoint there is no `response_types_supported`, which would have no
// elements, and such a list is left out (RFC 8414 §3.2).
// DEVIATION OpenID Connect Core §15.2, OpenID Connect Discovery §3: code is all there is, also for clients that
// register themselves, since the other response types show tokens to the browser (RFC 9700 §2.1.2). Requests that must
// not be changed are pushed (RFC 9126), not fetched from a request_uri of the client.
void add_authorization(boost::json::object& document, const ServerMetadata& metadata) {
  document["authorization_endpoint"] = metadata.authorization_endpoint;
  document["response_types_supported"] = boost::json::array{"code"};
  document["response_modes_supported"] = names_of(kResponseModes);
  document["code_challenge_methods_supported"] = boost::json::array{"S256"};
  document["authorization_response_iss_parameter_supported"] = true;
}

/// OpenID Connect Discovery §3, RP-Initiated Logout §2.1.
void add_openid(boost::json::object& document, const ServerMetadata& metadata) {
  document["userinfo_endpoint"] = metadata.userinfo_endpoint;
  document["end_session_endpoint"] = metadata.end_session_endpoint;
  document["subject_types_supported"] = boost::json::array{"public"};
  // DEVIATION OpenID Connect Core §15.1, OpenID Connect Discovery §3, RFC 9068 §2.1: RS256 is there by default, but an
  // operator whose clients all take ES256 may do without keys for it.
  document["id_token_signing_alg_values_supported"] = names_of(metadata.id_token_algorithms);
  document["claims_supported"] = boost::json::array(kClaims.begin(), kClaims.end());
  document["acr_values_supported"] = boost::json::array{kPasswordAcr};
  document["prompt_values_supported"] = names_of(kPrompts);
  // What is not said of the last of these would count as true.
  document["claims_parameter_supported"] = false;
  document["request_parameter_supported"] = false;
  document["request_uri_parameter_supported"] = false;
}

}  // namespace

boost::json::object to_json(const ServerMetadata& metadata) {
  const Flows& flows = metadata.flows;
  const boost::json::array every_method = names_of(kAuthenticationMethods);
  boost::json::object document{{"issuer", metadata.issuer.value()},
                               {"token_endpoint", metadata.token_endpoint},
                               {"grant_types_supported", names_of(flows.grant_types())},
                               {"jwks_uri", metadata.jwks_uri}};
  add_authentication(document, "token_endpoint", every_method);
  // RFC 8414 §3.2: a list without elements is left out.
  if (auto scopes = list_scopes(metadata); !scopes.empty()) document["scopes_supported"] = std::move(scopes);
  if (flows.authorization_code) add_authorization(document, metadata);
  if (flows.takes_openid()) add_openid(document, metadata);
  if (flows.takes_pushed_requests()) {
    document["pushed_authorization_request_endpoint"] = metadata.pushed_authorization_request_endpoint;
  }
  // draft-ietf-oauth-client-id-metadata-document-03 §6; clients look for `none` beside it, which is among the methods.
  if (flows.takes_document_clients()) document["client_id_metadata_document_supported"] = true;
  if (flows.require_pushed_requests) document["require_pushed_authorization_requests"] = true;
  if (!metadata.registration_endpoint.empty()) document["registration_endpoint"] = metadata.registration_endpoint;
  // RFC 8628 §4.
  if (flows.device_code) document["device_authorization_endpoint"] = metadata.device_authorization_endpoint;
  if (flows.revocation) {
    document["revocation_endpoint"] = metadata.revocation_endpoint;
    add_authentication(document, "revocation_endpoint", every_method);
  }
  if (flows.introspection) {
    document["introspection_endpoint"] = metadata.introspection_endpoint;
    add_authentication(document, "introspection_endpoint", names_of_proving_methods());
  }
  return document;
}

}  // namespace chatelaine::oauth
