#include "base/uri.hpp"

#include "oauth/authorize/redirect_uri.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

bool is_printable(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
  }
  return true;
}

}  // namespace

/// A URL: its origin is a URL with the same host and port, so that two readers cannot differ on where it leads. And a
/// redirect URI: what may be registered is itself alone.
void check_uri(std::string_view bytes) {
  if (const auto url = parse_http_url(bytes)) {
    require(url->text == bytes && !url->host.empty() && (url->scheme == "http" || url->scheme == "https"));
    const auto origin = parse_http_url(url->origin());
    require(origin && origin->host == url->host && origin->port == url->port && origin->scheme == url->scheme);
    require(origin->origin() == url->origin() && origin->path.empty() && !origin->has_userinfo);
  }
  static const HttpUrl base = parse_http_url("https://a.example/b/c?d").value();
  if (const auto resolved = resolve_url(base, bytes)) require(!resolved->host.empty());
  if (const auto redirect = oauth::check_redirect_uri_registration(bytes)) {
    require(redirect->value() == bytes && is_printable(bytes) && bytes.find('#') == std::string_view::npos);
    require(oauth::is_registered_redirect_uri(bytes, *redirect));
    require(!oauth::is_registered_redirect_uri(std::string(bytes) + "x", *redirect));
  }
}

}  // namespace chatelaine::fuzz
