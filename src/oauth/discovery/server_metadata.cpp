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

}  // namespace

boost::json::object to_json(const ServerMetadata& metadata) {
  const boost::json::array every_method = names_of(kAuthenticationMethods);
  boost::json::object document{
      {"issuer", metadata.issuer.value()},
      {"authorization_endpoint", metadata.authorization_endpoint},
      {"pushed_authorization_request_endpoint", metadata.pushed_authorization_request_endpoint},
      {"token_endpoint", metadata.token_endpoint},
      {"jwks_uri", metadata.jwks_uri},
      {"response_types_supported", boost::json::array{"code"}},
      {"response_modes_supported", names_of(kResponseModes)},
      {"grant_types_supported", names_of(kGrantTypes)},
      {"token_endpoint_auth_methods_supported", every_method},
      {"revocation_endpoint", metadata.revocation_endpoint},
      {"revocation_endpoint_auth_methods_supported", every_method},
      {"introspection_endpoint", metadata.introspection_endpoint},
      {"introspection_endpoint_auth_methods_supported", names_of_secret_methods()},
      {"code_challenge_methods_supported", boost::json::array{"S256"}},
      {"authorization_response_iss_parameter_supported", true}};
  // RFC 8414 §3.2: a list without elements is left out.
  if (!metadata.scopes_supported.empty()) document["scopes_supported"] = to_array(metadata.scopes_supported);
  return document;
}

}  // namespace chatelaine::oauth
