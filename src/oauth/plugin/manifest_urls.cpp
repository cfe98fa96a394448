#include "oauth/plugin/manifest_urls.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/form.hpp"
#include "base/host_kind.hpp"

namespace chatelaine::oauth {
namespace {

void refuse_host(const HttpUrl& url, std::string_view path, HostKind kind, ManifestFindings& findings) {
  const std::string expected = "the public domain name of a server that the assistant's host can reach";
  if (kind == HostKind::loopback) {
    findings.fault(path, "loopback_host",
                   fmt::format("{} points to {}, which is the host's own machine: a plugin cannot live on localhost",
                               path, url.host),
                   expected);
  } else {
    findings.fault(path, "private_host",
                   fmt::format("{} points to {}, which is not a public name or address", path, url.host), expected);
  }
}

bool check_scheme_and_host(const HttpUrl& url, std::string_view path, const ManifestContext& context,
                           ManifestFindings& findings) {
  const HostKind kind = find_host_kind(url.host);
  const bool is_local = kind == HostKind::loopback && context.allow_loopback;
  if (kind != HostKind::global && !is_local) {
    refuse_host(url, path, kind, findings);
    return false;
  }
  if (url.scheme == "http" && !is_local) {
    findings.fault(path, "not_https",
                   fmt::format("{} is http: codes, secrets and tokens would travel in the clear", path),
                   "a URL that starts with https://");
    return false;
  }
  return true;
}

bool check_parts(const HttpUrl& url, std::string_view path, ManifestFindings& findings) {
  bool good = true;
  if (url.has_userinfo) {
    findings.fault(path, "userinfo_in_url", fmt::format("{} carries a user name before the host", path),
                   "a URL without user:password@");
    good = false;
  }
  if (url.has_fragment) {
    // RFC 6749 §3.1 and §3.2: an endpoint's URI must not have a fragment.
    findings.fault(path, "fragment_in_url", fmt::format("{} has a fragment (#{})", path, url.fragment),
                   "a URL without #…");
    good = false;
  }
  return good;
}

/// The path's last segment in lower case, without a final slash and a file's ending: `token` of `/oauth2/Token.php/`.
std::string last_segment(const HttpUrl& url) {
  std::string_view path = url.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  path = path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  std::string segment = to_lower(path.substr(0, path.find('.')));
  std::erase_if(segment, [](char c) { return c == '-' || c == '_'; });
  return segment;
}

bool looks_like_token_endpoint(const HttpUrl& url) {
  static constexpr std::string_view kNames[] = {"token",    "tokens",      "oauthtoken", "oauth2token",
                                                "gettoken", "accesstoken", "authtoken"};
  return std::ranges::find(kNames, last_segment(url)) != std::end(kNames);
}

bool looks_like_authorization_endpoint(const HttpUrl& url) {
  static constexpr std::string_view kNames[] = {"authorize", "authorise", "authorization", "oauthauthorize",
                                                "oauth2authorize"};
  return std::ranges::find(kNames, last_segment(url)) != std::end(kNames);
}

}  // namespace

std::optional<HttpUrl> check_endpoint(std::string_view reference, std::string_view path, UrlForm form,
                                      const ManifestContext& context, ManifestFindings& findings) {
  const std::string expected = form == UrlForm::relative_too
                                   ? "an https URL, or a path such as /openapi.yaml on the manifest's own domain"
                                   : "an https URL such as https://example.com/oauth/authorize";
  if (reference.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    findings.fault(path, "empty", fmt::format("{} is empty", path), expected);
    return std::nullopt;
  }
  const auto url =
      form == UrlForm::relative_too ? resolve_url(context.manifest_url, reference) : parse_http_url(reference);
  if (!url) {
    findings.fault(path, "bad_url", fmt::format("{} {}", path, url.error()), expected);
    return std::nullopt;
  }
  const bool parts_are_good = check_parts(*url, path, findings);
  if (!check_scheme_and_host(*url, path, context, findings) || !parts_are_good) return std::nullopt;
  return *url;
}

std::optional<std::string> check_link(std::string_view reference, std::string_view path, const ManifestContext& context,
                                      ManifestFindings& findings) {
  const std::string expected = "an absolute https URL";
  if (reference.empty()) {
    findings.warning(path, "empty", fmt::format("{} is empty", path), expected);
    return std::string();
  }
  if (reference.starts_with("data:")) {
    findings.fault(path, "data_url", fmt::format("{} is a data: URL, which hosts do not show", path), expected);
    return std::nullopt;
  }
  const auto absolute = parse_http_url(reference);
  const auto url = absolute ? absolute : resolve_url(context.manifest_url, reference);
  if (!url) {
    findings.fault(path, "bad_url", fmt::format("{} {}", path, url.error()), expected);
    return std::nullopt;
  }
  if (!absolute) {
    findings.warning(path, "relative_url", fmt::format("{} is relative: not every host resolves it", path), expected);
  } else if (url->scheme == "http" && !(context.allow_loopback && is_loopback_host(url->host))) {
    findings.warning(path, "not_https", fmt::format("{} is http: pages served over https do not show it", path),
                     expected);
  }
  return url->text;
}

void check_roles(const HttpUrl& client_url, const HttpUrl& authorization_url, ManifestFindings& findings) {
  const bool client_is_token = looks_like_token_endpoint(client_url);
  const bool token_is_authorize = looks_like_authorization_endpoint(authorization_url);
  const std::string expected = "client_url: where users sign in; authorization_url: where codes become tokens";
  if (client_is_token && token_is_authorize) {
    findings.fault("auth.client_url", "swapped_urls",
                   "client_url and authorization_url are swapped: despite its name, authorization_url is the token "
                   "endpoint and client_url is the page where users sign in",
                   expected);
  } else if (client_is_token) {
    findings.fault(
        "auth.client_url", "swapped_urls",
        "auth.client_url ends like a token endpoint, but it is the page where users sign in; the token endpoint "
        "belongs into auth.authorization_url",
        expected);
  } else if (token_is_authorize) {
    findings.warning("auth.authorization_url", "token_url_looks_like_authorize",
                     "auth.authorization_url ends like an authorization endpoint, but codes are exchanged there",
                     expected);
  }
}

}  // namespace chatelaine::oauth
