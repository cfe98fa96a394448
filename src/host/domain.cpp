#include "host/domain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/host_kind.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;

constexpr std::string_view kManifestPath = "/.well-known/ai-plugin.json";

std::string trim_and_lower(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  return to_lower(text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1));
}

Outcome<void> check_host(std::string_view host, const HostSettings& settings) {
  if (is_loopback_host(host) && settings.allow_local) return {};
  const HostKind kind = find_host_kind(host);
  if (kind == HostKind::loopback) {
    return refuse(Kind::forbidden,
                  "A plugin cannot be installed from localhost: give the public domain where it is hosted. (For "
                  "development, a host that is configured with allow_local takes loopback addresses.)");
  }
  if (kind == HostKind::private_network) {
    return refuse(
        Kind::forbidden,
        fmt::format("\"{}\" is a private or reserved address, or a name that only a local network knows: give "
                    "the public domain where it is hosted.",
                    host));
  }
  if (host.find(':') != std::string_view::npos) return {};
  const bool is_plain = std::ranges::all_of(
      host, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
  if (!is_plain || host.ends_with('.') || host.starts_with('.') || host.find("..") != std::string_view::npos) {
    return refuse(Kind::bad_request,
                  "The domain must be a host name such as example.com, in ASCII (xn--… for others).");
  }
  return {};
}

}  // namespace

Outcome<PluginDomain> parse_plugin_domain(std::string_view text, const HostSettings& settings) {
  const std::string domain = trim_and_lower(text);
  if (domain.empty()) return refuse(Kind::bad_request, "Give the domain where the plugin is hosted: example.com.");
  if (domain.find_first_of("/?#@\\") != std::string::npos) {
    return refuse(
        Kind::bad_request,
        "Give the domain alone, such as example.com or example.com:8443: without https:// and without a path.");
  }
  const auto url = parse_http_url("https://" + domain);
  if (!url) return refuse(Kind::bad_request, "This is not a domain: it " + url.error() + ".");
  if (auto checked = check_host(url->host, settings); !checked) return std::unexpected(checked.error());

  const std::string_view scheme = is_loopback_host(url->host) ? "http://" : "https://";
  const auto own = parse_http_url(fmt::format("{}{}", scheme, domain));
  if (!own) return refuse(Kind::bad_request, "This is not a domain: it " + own.error() + ".");
  auto manifest_url = parse_http_url(fmt::format("{}{}", own->origin(), kManifestPath));
  if (!manifest_url) return refuse(Kind::bad_request, "This is not a domain: it " + manifest_url.error() + ".");
  return PluginDomain{own->authority(), std::move(*manifest_url)};
}

}  // namespace chatelaine::host
