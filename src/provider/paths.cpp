#include "base/uri.hpp"
#include "provider/provider.hpp"

namespace chatelaine::provider {
namespace {

/// The issuer's path without a slash at its end: "" or "/tenant".
std::string issuer_path(const oauth::Issuer& issuer) {
  const auto url = parse_http_url(issuer.value());
  std::string path = url ? url->path : std::string();
  while (path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

ProviderPaths make_paths(const ProviderSettings& settings) {
  const std::string base = issuer_path(settings.issuer);
  const std::string metadata = "/.well-known/oauth-authorization-server";
  return {.authorize = base + "/oauth/authorize",
          .pushed_authorization_request = base + "/oauth/par",
          .consent = settings.page_prefix + "/consent",
          .token = base + "/oauth/token",
          .revoke = base + "/oauth/revoke",
          .introspect = base + "/oauth/introspect",
          .jwks = base + "/oauth/jwks",
          .metadata = metadata,
          .path_metadata = metadata + base,
          .manifest = "/.well-known/ai-plugin.json",
          .openapi = "/.well-known/openapi.yaml",
          .health = base + "/healthz",
          .readiness = base + "/readyz"};
}

std::string absolute_url(const oauth::Issuer& issuer, std::string_view path) {
  const auto url = parse_http_url(issuer.value());
  return (url ? url->origin() : issuer.value()) + std::string(path);
}

}  // namespace chatelaine::provider
