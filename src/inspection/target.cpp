#include "inspection/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/host_kind.hpp"
#include "oauth/content_type.hpp"

namespace chatelaine::inspection {
namespace {

/// Of a document's own URL, that of the server that it speaks of; else its path as it is.
std::string find_server_path(std::string_view path) {
  constexpr std::string_view kWellKnown = "/.well-known/";
  // RFC 8414 §3.1, §5, RFC 9728 §3.1: put between host and path, so that the path goes on behind them.
  static constexpr std::array<std::string_view, 3> kInserted{"oauth-authorization-server", "openid-configuration",
                                                             "oauth-protected-resource"};
  const std::size_t start = path.find(kWellKnown);
  if (start == std::string_view::npos) return std::string(path);
  const std::string_view name = path.substr(start + kWellKnown.size());
  for (const std::string_view inserted : kInserted)
    if (start == 0 && name.starts_with(inserted) && name.substr(inserted.size()).starts_with('/'))
      return std::string(name.substr(inserted.size()));
  return std::string(path.substr(0, start));
}

}  // namespace

bool is_root(const HttpUrl& url) { return url.path.empty() || url.path == "/"; }

std::expected<Target, std::string> parse_target(std::string_view text) {
  const std::string_view trimmed = oauth::trim_blanks(text);
  std::string written(trimmed);
  if (trimmed.find("://") == std::string_view::npos) {
    const auto guessed = parse_http_url(fmt::format("https://{}", trimmed));
    const bool is_local = guessed && is_loopback_host(guessed->host);
    written = fmt::format("{}://{}", is_local ? "http" : "https", trimmed);
  }
  auto url = parse_http_url(written);
  if (!url) return std::unexpected(fmt::format("\"{}\" {}", trimmed, url.error()));
  if (url->has_userinfo) return std::unexpected("the URL has a user name in it: the doctor does not sign in");
  if (url->has_fragment) return std::unexpected("the URL has a fragment (#…), which no server sees");
  const std::string path = find_server_path(url->path);
  const std::string query = url->has_query && path == url->path ? '?' + url->query : std::string();
  // RFC 3986 §6.2.2.1, §6.2.3: what a person types in capitals, or with the default port, is the same URL, and servers
  // compare texts.
  url = parse_http_url(url->origin() + path + query);
  if (!url) return std::unexpected(fmt::format("\"{}\" {}", trimmed, url.error()));
  const auto addresses =
      is_loopback_host(url->host) ? net::AddressPolicy::public_and_loopback : net::AddressPolicy::public_only;
  return Target{*std::move(url), addresses};
}

Finding judge_scheme(const HttpUrl& url) {
  if (url.scheme == "https") return find_good(Check::https, fmt::format("{} is https", url.text));
  if (is_loopback_host(url.host))
    return find_good(Check::https, fmt::format("{} is loopback, where http is enough", url.text));
  return find_fault(Check::https,
                    fmt::format("{} is http: codes, secrets and tokens would travel in the clear", url.text));
}

Target make_secure(Target target) {
  if (target.url.scheme == "https" || is_loopback_host(target.url.host)) return target;
  auto secure = parse_http_url("https" + target.url.text.substr(target.url.scheme.size()));
  if (secure) target.url = *std::move(secure);
  return target;
}

std::string_view find_flaw(const HttpUrl& url, net::AddressPolicy addresses) {
  switch (find_host_kind(url.host)) {
    case HostKind::loopback:
      return addresses == net::AddressPolicy::public_and_loopback
                 ? ""
                 : "leads to loopback, which is another machine for each who asks";
    case HostKind::private_network:
      return "leads into a private network, where assistants are not";
    case HostKind::global:
      break;
  }
  return url.scheme == "https" ? "" : "is http: what is sent there travels in the clear";
}

std::string find_root_domain(std::string_view host) {
  static constexpr std::array<std::string_view, 10> kSecondLevels{"ac",  "co", "com", "edu", "go",
                                                                  "gov", "ne", "net", "or",  "org"};
  const bool is_address = host.find(':') != std::string_view::npos ||
                          std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (is_address) return std::string(host);
  const std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return std::string(host);
  const std::size_t second = host.rfind('.', last - 1);
  if (second == std::string_view::npos) return std::string(host);
  const std::string_view level = host.substr(second + 1, last - second - 1);
  const bool is_country = host.size() - last - 1 == 2;
  if (!is_country || std::ranges::find(kSecondLevels, level) == kSecondLevels.end() || second == 0)
    return std::string(host.substr(second + 1));
  const std::size_t third = host.rfind('.', second - 1);
  return std::string(host.substr(third == std::string_view::npos ? 0 : third + 1));
}

}  // namespace chatelaine::inspection
