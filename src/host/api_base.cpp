#include "host/api_base.hpp"

#include <fmt/format.h>

namespace chatelaine::host {
namespace {

/// `url` without slash at the end, query and fragment.
HttpUrl trim_base(const HttpUrl& url) {
  std::string path = url.path;
  while (path.ends_with('/')) path.pop_back();
  return parse_http_url(url.origin() + path).value_or(url);
}

HttpUrl origin_of(const HttpUrl& url) { return parse_http_url(url.origin()).value_or(url); }

}  // namespace

ApiBase choose_api_base(const oauth::Manifest& manifest, const HttpUrl& manifest_url,
                        const openapi::Description& description) {
  const HttpUrl fallback = origin_of(manifest.api_url);
  if (description.servers.empty()) return {fallback, std::nullopt};
  const auto refuse_server = [&](std::string message) {
    return ApiBase{fallback, Finding{"openapi:/servers/0/url", "server_not_followed", std::move(message),
                                     "a URL on " + manifest_url.origin() + " or " + manifest.api_url.origin()}};
  };
  const auto server = resolve_url(manifest.api_url, description.servers.front());
  if (!server) {
    return refuse_server("the server's URL " + server.error() + "; calls go to " + fallback.text + " instead");
  }
  const bool is_own = server->origin() == manifest_url.origin() || server->origin() == manifest.api_url.origin();
  if (!is_own || server->has_userinfo) {
    return refuse_server(
        fmt::format("the server is on {}, neither the manifest's origin nor that of api.url; calls go "
                    "to {} instead",
                    server->origin(), fallback.text));
  }
  return {trim_base(*server), std::nullopt};
}

}  // namespace chatelaine::host
