#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace chatelaine {

/// An absolute http or https URL in its parts; `text` is what was parsed, byte for byte.
struct HttpUrl {
  std::string text;
  std::string scheme;  ///< "http" or "https", lower case
  std::string host;    ///< lower case, an IPv6 address without its brackets
  std::uint16_t port = 0;
  bool has_port = false;  ///< whether the text named the port
  std::string path;       ///< still percent-encoded; may be empty
  std::string query;      ///< without the `?`, still percent-encoded
  bool has_query = false;
  std::string fragment;
  bool has_fragment = false;
  bool has_userinfo = false;

  /// `scheme://host[:port]` as browsers serialise it: the default port left out.
  [[nodiscard]] std::string origin() const;
  /// `host[:port]`, an IPv6 address in brackets, the default port left out.
  [[nodiscard]] std::string authority() const;
};

/// The error is a sentence: "is not an absolute URL", "must be http or https", ….
[[nodiscard]] std::expected<HttpUrl, std::string> parse_http_url(std::string_view text);

/// RFC 3986 §4.3: a URI of any scheme, without a fragment; one of http or https is a URL that `parse_http_url` reads.
[[nodiscard]] bool is_absolute_uri(std::string_view text);

/// RFC 3986 §5: `reference` seen from `base`.
[[nodiscard]] std::expected<HttpUrl, std::string> resolve_url(const HttpUrl& base, std::string_view reference);

/// `url` with `fields` (already encoded, `a=b&c=d`) added to its query, whether it had one or not; a fragment stays
/// last.
[[nodiscard]] std::string append_query(std::string_view url, std::string_view fields);

/// "localhost", 127.0.0.0/8 or ::1, by spelling (RFC 8252 §7.3); no resolution.
[[nodiscard]] bool is_loopback_host(std::string_view host);

}  // namespace chatelaine
