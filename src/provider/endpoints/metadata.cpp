#include <algorithm>

#include "base/json.hpp"
#include "oauth/discovery/server_metadata.hpp"
#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider::endpoints {
namespace {

oauth::ServerMetadata describe_server(const Context& context) {
  const auto& settings = context.settings();
  const auto url = [&](const std::string& path) { return absolute_url(settings.issuer, path); };
  oauth::ServerMetadata metadata{
      // RFC 8414 §3.3, OpenID Connect Discovery §4.3: what tokens have as iss, and where the document was asked for.
      .issuer = settings.issuer,
      .flows = settings.flows,
      .authorization_endpoint = url(context.paths.authorize),
      .pushed_authorization_request_endpoint = url(context.paths.pushed_authorization_request),
      .token_endpoint = url(context.paths.token),
      .registration_endpoint =
          settings.registration.mode == oauth::RegistrationMode::off ? "" : url(context.paths.registration),
      .device_authorization_endpoint = url(context.paths.device_authorization),
      .revocation_endpoint = url(context.paths.revoke),
      .introspection_endpoint = url(context.paths.introspect),
      .jwks_uri = url(context.paths.jwks),
      .userinfo_endpoint = url(context.paths.userinfo),
      .end_session_endpoint = url(context.paths.logout),
      .id_token_algorithms = settings.signing_algorithms,
      .scopes_supported = {}};
  std::ranges::transform(settings.scopes, std::back_inserter(metadata.scopes_supported), &ScopeDescription::name);
  return metadata;
}

}  // namespace

Task<net::Response> metadata(const Context& context, const net::Request&) {
  // RFC 8414 §3.2, OpenID Connect Discovery §4.2: 200, and JSON.
  auto response = net::make_json_response(200, json::serialize(oauth::to_json(describe_server(context))));
  response.add_header("Cache-Control", "public, max-age=300");
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
