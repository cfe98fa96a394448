#include <algorithm>

#include "base/uri.hpp"
#include "oauth/openid/identity_scope.hpp"
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

std::vector<std::string> metadata_paths(const std::string& base) {
  const std::string oauth = "/.well-known/oauth-authorization-server";
  const std::string openid = "/.well-known/openid-configuration";
  if (base.empty()) return {oauth, openid};
  return {oauth, openid, oauth + base, openid + base, base + oauth, base + openid};
}

/// Each once. MCP (authorization, release 2026-07-28) also has clients look at the root, whatever the resource's path.
std::vector<std::string> protected_resource_metadata_paths(const ProviderSettings& settings) {
  std::vector<std::string> paths;
  const auto add = [&paths](std::string path) {
    if (std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
  };
  for (const auto& spelling : settings.resources.own().spellings()) {
    if (auto path = oauth::protected_resource_metadata_path(spelling)) add(*std::move(path));
  }
  add(std::string(oauth::kProtectedResourceMetadataRoot));
  return paths;
}

}  // namespace

std::string describe_scope(const ProviderSettings& settings, const std::string& name) {
  const auto found = std::ranges::find(settings.scopes, name, &ScopeDescription::name);
  if (found != settings.scopes.end() && !found->sentence.empty()) return found->sentence;
  const auto known = std::ranges::find(oauth::kIdentityScopes, name, &oauth::IdentityScope::name);
  return known == oauth::kIdentityScopes.end() ? name : std::string(known->sentence);
}

std::string describe_operation(const ProviderSettings& settings, const std::string& id) {
  const auto found = settings.operations.find(id);
  return found == settings.operations.end() ? id : found->second;
}

ProviderPaths make_paths(const ProviderSettings& settings) {
  const std::string base = issuer_path(settings.issuer);
  return {.authorize = base + "/oauth/authorize",
          .pushed_authorization_request = base + "/oauth/par",
          .consent = settings.page_prefix + "/consent",
          .device_authorization = base + "/oauth/device_authorization",
          .device = settings.page_prefix + "/device",
          .device_consent = settings.page_prefix + "/device/consent",
          .token = base + "/oauth/token",
          .registration = base + "/oauth/register",
          .client_configuration = base + "/oauth/register/{client_id}",
          .revoke = base + "/oauth/revoke",
          .introspect = base + "/oauth/introspect",
          .jwks = base + "/oauth/jwks",
          .userinfo = base + "/oauth/userinfo",
          .logout = base + "/oauth/logout",
          .logout_confirmation = base + "/oauth/logout/confirmation",
          .metadata = metadata_paths(base),
          .protected_resource_metadata = protected_resource_metadata_paths(settings),
          .manifest = "/.well-known/ai-plugin.json",
          .openai_apps_challenge = "/.well-known/openai-apps-challenge",
          .openapi = "/.well-known/openapi.yaml",
          .health = base + "/healthz",
          .readiness = base + "/readyz"};
}

std::string absolute_url(const oauth::Issuer& issuer, std::string_view path) {
  const auto url = parse_http_url(issuer.value());
  return (url ? url->origin() : issuer.value()) + std::string(path);
}

}  // namespace chatelaine::provider
