#include "oauth/authorize/redirect_uri.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/uri.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::oauth {
namespace {

std::unexpected<OAuthError> refuse_uri(std::string_view text, std::string_view reason) {
  return refuse(ErrorCode::invalid_request, "The redirect URI " + quote_uri(text) + " " + std::string(reason) + ".");
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// RFC 3986 §3.1; empty where there is none.
std::string_view find_scheme(std::string_view text) {
  const std::string_view scheme = text.substr(0, std::min(text.find(':'), text.size()));
  const auto is_scheme_character = [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  };
  if (scheme.size() == text.size() || scheme.empty() || !is_letter(scheme.front()) ||
      !std::ranges::all_of(scheme, is_scheme_character)) {
    return {};
  }
  return scheme;
}

Result<void> check_web_uri(std::string_view text) {
  const auto url = parse_http_url(text);
  if (!url) return refuse_uri(text, url.error());
  if (url->has_userinfo) return refuse_uri(text, "must not hold a user name or password");
  if (url->host.find('*') != std::string::npos)
    return refuse_uri(text, "holds a wildcard: it is compared byte for byte, so register each one");
  // RFC 9700 §2.6: no code travels unencrypted.
  if (url->scheme == "http" && !is_loopback_host(url->host))
    return refuse_uri(text, "must be https; http is for loopback addresses");
  return {};
}

/// What remains of a loopback URI without its port; nothing where it is none.
struct WithoutPort {
  std::string_view origin;
  std::string_view rest;
  friend bool operator==(const WithoutPort&, const WithoutPort&) = default;
};
std::optional<WithoutPort> take_off_loopback_port(std::string_view uri, LoopbackHosts hosts) {
  constexpr std::array<std::string_view, 3> kOrigins{"http://127.0.0.1", "http://[::1]", "http://localhost"};
  const auto origin =
      std::ranges::find_if(kOrigins, [&](std::string_view candidate) { return uri.starts_with(candidate); });
  if (origin == kOrigins.end()) return std::nullopt;
  if (*origin == kOrigins.back() && hosts == LoopbackHosts::addresses) return std::nullopt;
  std::string_view rest = uri.substr(origin->size());
  if (rest.starts_with(':')) {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789", 1), rest.size()) - 1;
    if (digits == 0 || digits > 5 || rest[1] == '0') return std::nullopt;
    if (digits == 5 && rest.substr(1, 5) > "65535") return std::nullopt;
    rest.remove_prefix(1 + digits);
  }
  // Anything else after the address would make it another host or a user name: 127.0.0.1.evil, 127.0.0.1:80@evil.
  if (!rest.empty() && rest.front() != '/' && rest.front() != '?') return std::nullopt;
  return WithoutPort{*origin, rest};
}

}  // namespace

Result<RedirectUri> check_redirect_uri_registration(std::string_view text) {
  constexpr std::size_t kLongest = 2000;
  if (text.empty()) return refuse(ErrorCode::invalid_request, "A redirect URI must not be empty.");
  if (text.size() > kLongest) return refuse_uri(text, "is longer than 2000 characters");
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '\\' && c != '"'; }))
    return refuse_uri(text, "holds white space or a character that a URI cannot hold");
  if (text.find('#') != std::string_view::npos) return refuse_uri(text, "must not have a fragment");
  const std::string_view scheme = find_scheme(text);
  if (scheme.empty()) return refuse_uri(text, "is not absolute: it must begin with https://");
  if (scheme == "https" || scheme == "http") {
    if (auto checked = check_web_uri(text); !checked) return std::unexpected(std::move(checked.error()));
    return RedirectUri(std::string(text));
  }
  // RFC 8252 §7.1: a reversed domain name. This also keeps out javascript:, data: and file:.
  if (scheme.find('.') == std::string_view::npos)
    return refuse_uri(text, "must begin with https://, or with a private-use scheme such as com.example.app:/");
  return RedirectUri(std::string(text));
}

bool is_registered_redirect_uri(std::string_view received, const RedirectUri& registered, LoopbackHosts hosts) {
  if (received == registered.value()) return true;
  const auto received_parts = take_off_loopback_port(received, hosts);
  return received_parts && received_parts == take_off_loopback_port(registered.value(), hosts);
}

}  // namespace chatelaine::oauth
