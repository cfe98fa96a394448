#include <algorithm>
#include <string>

#include "pages/page.hpp"

namespace chatelaine::pages {
namespace {

bool is_source_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._:/+").find(c) != std::string_view::npos;
}

// CSP 3 §2.3.1 knows no IPv6 address as a host, so that only the scheme can be said of one.
std::string to_source(const std::string& target) {
  const auto bracket = target.find("://[");
  return bracket == std::string::npos ? target : target.substr(0, bracket + 1);
}

bool is_source(const std::string& source) {
  return source.find(':') != std::string::npos && std::ranges::all_of(source, is_source_character);
}

std::string content_security_policy(const PagePolicy& policy) {
  std::string text = "default-src 'none'; style-src 'self'; img-src 'self'; ";
  if (policy.scripts == Scripts::own) text += "script-src 'self'; ";
  text += "form-action 'self'";
  for (const std::string& target : policy.form_targets) {
    const std::string source = to_source(target);
    if (is_source(source)) text += " " + source;
  }
  return text + "; frame-ancestors 'none'; base-uri 'none'";
}

}  // namespace

// RFC 9700 §4.16, RFC 6749 §10.13: no page of ours is framed by anybody.
// DEVIATION RFC 9700 §4.16: no operator can allow it to an origin either: assistants open a window or a tab, and what
// cannot be allowed is not allowed by mistake.
void add_page_headers(net::Response& response, const PagePolicy& policy) {
  response.add_header("Content-Security-Policy", content_security_policy(policy))
      .add_header("X-Frame-Options", "DENY")
      .add_header("X-Content-Type-Options", "nosniff")
      .add_header("Referrer-Policy", "strict-origin")
      .add_header("Cross-Origin-Opener-Policy", "same-origin")
      .add_header("Cross-Origin-Resource-Policy", "same-origin")
      .add_header("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  net::forbid_storing(response);
}

}  // namespace chatelaine::pages
