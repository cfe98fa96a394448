#include "base/uri.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <cctype>

namespace chatelaine {
namespace {

namespace urls = boost::urls;

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

std::string_view last_two_labels(std::string_view host) {
  const std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  const std::size_t before = host.rfind('.', last - 1);
  return before == std::string_view::npos ? host : host.substr(before + 1);
}

}  // namespace

std::string HttpUrl::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : '[' + host + ']';
  if (port != default_port(scheme)) out += ':' + std::to_string(port);
  return out;
}

std::string HttpUrl::origin() const { return scheme + "://" + authority(); }

std::expected<HttpUrl, std::string> parse_http_url(std::string_view text) {
  const auto parsed = urls::parse_uri(text);
  if (!parsed) return std::unexpected("is not an absolute URL such as https://example.com/path");
  const urls::url_view view = *parsed;
  HttpUrl url;
  url.text = text;
  url.scheme = to_lower(view.scheme());
  if (url.scheme != "http" && url.scheme != "https")
    return std::unexpected("must start with https:// (or http:// on loopback)");
  if (!view.has_authority() || view.encoded_host().empty()) return std::unexpected("names no host");
  url.host =
      to_lower(view.host_type() == urls::host_type::ipv6 ? view.host_address() : std::string(view.encoded_host()));
  if (url.host.find('%') != std::string::npos) return std::unexpected("has a percent-encoded host name");
  url.has_port = view.has_port() && !view.port().empty();
  url.port = url.has_port ? view.port_number() : default_port(url.scheme);
  if (url.has_port && url.port == 0) return std::unexpected("has a port that is not between 1 and 65535");
  url.path = std::string(view.encoded_path());
  url.has_query = view.has_query();
  url.query = std::string(view.encoded_query());
  url.has_fragment = view.has_fragment();
  url.fragment = std::string(view.encoded_fragment());
  url.has_userinfo = view.has_userinfo();
  return url;
}

std::expected<HttpUrl, std::string> resolve_url(const HttpUrl& base, std::string_view reference) {
  const auto parsed = urls::parse_uri_reference(reference);
  if (!parsed) return std::unexpected("is neither a URL nor a relative reference");
  urls::url resolved;
  if (!urls::resolve(urls::url_view(base.text), *parsed, resolved)) return std::unexpected("cannot be resolved");
  return parse_http_url(std::string_view(resolved.data(), resolved.size()));
}

std::string append_query(std::string_view url, std::string_view fields) {
  const std::size_t hash = std::min(url.find('#'), url.size());
  std::string out(url.substr(0, hash));
  if (!fields.empty()) {
    const std::size_t question = out.find('?');
    if (question == std::string::npos) {
      out += '?';
    } else if (out.back() != '?' && out.back() != '&') {
      out += '&';
    }
    out += fields;
  }
  out += url.substr(hash);
  return out;
}

bool is_loopback_host(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  const auto address = urls::parse_ipv4_address(host);
  return address && address->to_bytes()[0] == 127;
}

bool is_same_site_hint(std::string_view a, std::string_view b) { return last_two_labels(a) == last_two_labels(b); }

}  // namespace chatelaine
