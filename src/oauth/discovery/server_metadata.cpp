#include "oauth/discovery/server_metadata.hpp"

#include <boost/json/array.hpp>

#include "oauth/authorize/response_mode.hpp"

namespace chatelaine::oauth {
namespace {

boost::json::array to_array(const std::vector<std::string>& texts) {
  return boost::json::array(texts.begin(), texts.end());
}

template <class Words>
boost::json::array names_of(const Words& words) {
  boost::json::array names;
  for (const auto word : words) names.emplace_back(to_string(word));
  return names;
}

/// RFC 7662 §2.1: who introspects must authenticate, which `none` does not.
boost::json::array names_of_secret_methods() {
  boost::json::array names;
  for (const auto method : kAuthenticationMethods) {
    if (method != AuthenticationMethod::none) names.emplace_back(to_string(method));
  }
  return names;
}

/// What a client needs to know before it sends a browser. RFC 8414 §3.2: `response_types_supported` without elements
/// would be left out, too.
void add_authorization(boost::json::object& document, const ServerMetadata& metadata) {
  document["authorization_endpoint"] = metadata.authorization_endpoint;
  document["response_types_supported"] = boost::json::array{"code"};
  document["response_modes_supported"] = names_of(kResponseModes);
  document["code_challenge_methods_supported"] = boost::json::array{"S256"};
  document["authorization_response_iss_parameter_supported"] = true;
}

}  // namespace

boost::json::object to_json(const ServerMetadata& metadata) {
  const Flows& flows = metadata.flows;
  const boost::json::array every_method = names_of(kAuthenticationMethods);
  boost::json::object document{{"issuer", metadata.issuer.value()},
                               {"token_endpoint", metadata.token_endpoint},
                               {"token_endpoint_auth_methods_supported", every_method},
                               {"grant_types_supported", names_of(flows.grant_types())},
                               {"jwks_uri", metadata.jwks_uri}};
  // RFC 8414 §3.2: a list without elements is left out.
  if (!metadata.scopes_supported.empty()) document["scopes_supported"] = to_array(metadata.scopes_supported);
  if (flows.authorization_code) add_authorization(document, metadata);
  if (flows.takes_pushed_requests()) {
    document["pushed_authorization_request_endpoint"] = metadata.pushed_authorization_request_endpoint;
  }
  if (flows.require_pushed_requests) document["require_pushed_authorization_requests"] = true;
  if (flows.revocation) {
    document["revocation_endpoint"] = metadata.revocation_endpoint;
    document["revocation_endpoint_auth_methods_supported"] = every_method;
  }
  if (flows.introspection) {
    document["introspection_endpoint"] = metadata.introspection_endpoint;
    document["introspection_endpoint_auth_methods_supported"] = names_of_secret_methods();
  }
  return document;
}

}  // namespace chatelaine::oauth
