#include "base/uri.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <charconv>

#include "base/ascii.hpp"

namespace chatelaine {
namespace {

namespace urls = boost::urls;

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

/// `scheme:` `//` authority, and what follows it; an empty scheme where the text is not of this form.
struct Split {
  std::string_view scheme;
  std::string_view authority;
  std::string_view rest;
};
Split split_at_authority(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.substr(colon + 1, 2) != "//") return {};
  const std::size_t start = colon + 3;
  const std::size_t end = std::min(text.find_first_of("/?#", start), text.size());
  return {text.substr(0, colon + 1), text.substr(start, end - start), text.substr(end)};
}

bool is_host_name(std::string_view host) {
  // RFC 3986 §3.2.2: reg-name, here without percent-encoding.
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=";
  return !host.empty() && std::ranges::all_of(host, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || kOthers.find(c) != std::string_view::npos;
  });
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || rest != end || port == 0) return std::nullopt;
  return port;
}

/// Reads RFC 3986 §3.2's authority into `url`. By hand: Boost.URL 1.81 takes the host of
/// `http://127.0.0.1.evil.example` for `127.0.0.1`, and wraps a port above 65535.
std::expected<void, std::string> read_authority(std::string_view authority, HttpUrl& url) {
  const std::size_t at = authority.rfind('@');
  url.has_userinfo = at != std::string_view::npos;
  if (url.has_userinfo) {
    if (authority.find('@') != at || !urls::parse_uri("http://" + std::string(authority.substr(0, at + 1)) + "h"))
      return std::unexpected("is not an absolute URL such as https://example.com/path");
    authority.remove_prefix(at + 1);
  }
  const bool is_bracketed = authority.starts_with('[');
  const std::size_t host_end =
      is_bracketed ? std::min(authority.find(']'), authority.size()) : std::min(authority.find(':'), authority.size());
  url.host = to_lower(authority.substr(is_bracketed ? 1 : 0, host_end - (is_bracketed ? 1 : 0)));
  std::string_view port = authority.substr(std::min(host_end + (is_bracketed ? 1 : 0), authority.size()));
  if (is_bracketed && (host_end == authority.size() || !urls::parse_ipv6_address(url.host)))
    return std::unexpected("has a bracketed host that is no IPv6 address");
  if (url.host.empty()) return std::unexpected("names no host");
  if (url.host.find('%') != std::string::npos) return std::unexpected("has a percent-encoded host name");
  if (!is_bracketed && !is_host_name(url.host)) return std::unexpected("has a host name with a forbidden character");
  if (!port.empty() && port.front() != ':') return std::unexpected("has text between its host and its port");
  if (!port.empty()) port.remove_prefix(1);
  url.has_port = !port.empty();
  const auto number = url.has_port ? parse_port(port) : default_port(url.scheme);
  if (!number) return std::unexpected("has a port that is not between 1 and 65535");
  url.port = *number;
  return {};
}

/// Whether Boost.URL cut a host short and took its end for the path.
bool is_misread(const urls::url_view& view) {
  return view.has_authority() && !view.encoded_path().empty() && !view.encoded_path().starts_with('/');
}

}  // namespace

std::string HttpUrl::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : '[' + host + ']';
  if (port != default_port(scheme)) out += ':' + std::to_string(port);
  return out;
}

std::string HttpUrl::origin() const { return scheme + "://" + authority(); }

std::expected<HttpUrl, std::string> parse_http_url(std::string_view text) {
  const Split split = split_at_authority(text);
  // The parsed view points into this.
  const std::string with_plain_host = std::string(split.scheme) + "//h" + std::string(split.rest);
  const auto parsed = urls::parse_uri(with_plain_host);
  if (split.scheme.empty() || !parsed)
    return std::unexpected("is not an absolute URL such as https://example.com/path");
  const urls::url_view& view = *parsed;
  HttpUrl url;
  url.text = text;
  url.scheme = to_lower(view.scheme());
  if (url.scheme != "http" && url.scheme != "https")
    return std::unexpected("must start with https:// (or http:// on loopback)");
  if (auto read = read_authority(split.authority, url); !read) return std::unexpected(std::move(read.error()));
  url.path = std::string(view.encoded_path());
  url.has_query = view.has_query();
  url.query = std::string(view.encoded_query());
  url.has_fragment = view.has_fragment();
  url.fragment = std::string(view.encoded_fragment());
  return url;
}

bool is_absolute_uri(std::string_view text) {
  const auto parsed = urls::parse_absolute_uri(text);
  if (!parsed) return false;
  const std::string scheme = to_lower(parsed->scheme());
  return (scheme != "http" && scheme != "https") || parse_http_url(text);
}

std::expected<HttpUrl, std::string> resolve_url(const HttpUrl& base, std::string_view reference) {
  const auto parsed = urls::parse_uri_reference(reference);
  if (!parsed) return std::unexpected("is neither a URL nor a relative reference");
  const auto base_view = urls::parse_uri(base.text);
  if (!base_view || is_misread(*base_view) || is_misread(*parsed)) return std::unexpected("cannot be resolved");
  urls::url resolved;
  if (!urls::resolve(*base_view, *parsed, resolved)) return std::unexpected("cannot be resolved");
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

}  // namespace chatelaine
