#include "oauth/assistants/redirect_template.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

#include "oauth/authorize/redirect_uri.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

/// A URL as its authority and the segments of its path, by nothing but slashes.
struct Parts {
  std::string_view scheme;
  std::string_view authority;
  std::vector<std::string_view> segments;
};

Parts split(std::string_view url) {
  Parts parts;
  parts.scheme = url.substr(0, url.find("://"));
  url.remove_prefix(parts.scheme.size() + 3);
  parts.authority = url.substr(0, url.find('/'));
  url.remove_prefix(parts.authority.size());
  while (!url.empty()) {
    url.remove_prefix(1);
    parts.segments.push_back(url.substr(0, url.find('/')));
    url.remove_prefix(parts.segments.back().size());
  }
  return parts;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

bool has_same_segment(std::string_view expected, std::string_view segment) {
  const std::size_t open = expected.find('{');
  if (open == std::string_view::npos) return segment == expected;
  const std::string_view before = expected.substr(0, open);
  const std::string_view after = expected.substr(expected.find('}') + 1);
  return segment != "." && segment != ".." && segment.size() > before.size() + after.size() &&
         segment.starts_with(before) && segment.ends_with(after) && std::ranges::all_of(segment, is_unreserved);
}

/// Whether the text is one of the numbers of ports, as they are written.
bool is_port(std::string_view text) {
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && port <= 65535 && port != 0 && text == std::to_string(port);
}

/// Names between dots, of which the last is no number.
bool is_host_name(std::string_view host) {
  std::size_t label_size = 0;
  char before = '.';
  for (const char c : host) {
    const bool is_alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!is_alphanumeric && c != '-' && c != '.') return false;
    if ((c == '.' || c == '-') && before == '.') return false;
    if (c == '.' && before == '-') return false;
    label_size = c == '.' ? 0 : label_size + 1;
    if (label_size > 63) return false;
    before = c;
  }
  if (host.empty() || host.size() > 253 || before == '.' || before == '-') return false;
  const std::string last(host.substr(host.find_last_of('.') + 1));
  return last.find_first_not_of("0123456789") != std::string::npos && last.rfind("0x", 0) != 0;
}

bool has_same_authority(std::string_view expected, std::string_view authority) {
  if (expected == "{host}") {
    const std::size_t colon = authority.find(':');
    if (colon == std::string_view::npos) return is_host_name(authority);
    const std::string_view port = authority.substr(colon + 1);
    return is_host_name(authority.substr(0, colon)) && is_port(port) && port != "443";
  }
  constexpr std::string_view kOpenPort = ":{port}";
  if (!expected.ends_with(kOpenPort)) return authority == expected;
  const std::string_view host = expected.substr(0, expected.size() - kOpenPort.size());
  if (!authority.starts_with(host)) return false;
  const std::string_view rest = authority.substr(host.size());
  return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
}

/// The same question answered the long way, part by part, and by no parser of ours.
bool fits(std::string_view text, std::string_view uri) {
  if (uri.find("://") == std::string_view::npos) return false;
  const Parts expected = split(text);
  const Parts parts = split(uri);
  return parts.scheme == expected.scheme && has_same_authority(expected.authority, parts.authority) &&
         std::ranges::equal(expected.segments, parts.segments, has_same_segment);
}

/// What stands before the path of a template is what browsers make of it, too.
bool has_plain_authority(std::string_view text) {
  const Parts parts = split(text);
  if (parts.scheme != "https" || parts.authority == "{host}") return true;
  return is_host_name(parts.authority.substr(0, parts.authority.find(':')));
}

}  // namespace

/// A template, a line break, a URI: what fits is what has the template's scheme, host, port and segments, and can be
/// made of it again.
void check_redirect_template(std::string_view bytes) {
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  const auto parsed = oauth::RedirectTemplate::parse(bytes.substr(0, end));
  if (!parsed) return;
  require(has_plain_authority(parsed->text()));
  const std::string_view uri = bytes.substr(std::min(end + 1, bytes.size()));
  const auto value = parsed->match(uri);
  require(value.has_value() == fits(parsed->text(), uri));
  if (const auto complete = parsed->complete()) require(parsed->match(complete->value()).has_value());
  if (!value || value->empty()) return;
  const auto filled = parsed->fill(*value);
  require(filled.has_value() == oauth::check_redirect_uri_registration(uri).has_value());
  require(!filled || filled->value() == uri);
}

}  // namespace chatelaine::fuzz
