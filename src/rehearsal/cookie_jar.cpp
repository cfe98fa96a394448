#include "rehearsal/cookie_jar.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace chatelaine::rehearsal {
namespace {

constexpr std::size_t kMostCookies = 64;
constexpr std::size_t kMostBytes = 8 * 1024;

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Takes the text up to `;` off the front.
std::string_view take_part(std::string_view& text) {
  const std::size_t end = text.find(';');
  const std::string_view part = trim(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

/// RFC 6265 §5.1.4: up to, but not including, the last slash.
std::string default_path(std::string_view path) {
  const std::size_t last = path.rfind('/');
  return last == std::string_view::npos || last == 0 ? "/" : std::string(path.substr(0, last));
}

bool matches(std::string_view path, std::string_view cookie_path) {
  if (path.empty()) path = "/";
  if (!path.starts_with(cookie_path)) return false;
  return path.size() == cookie_path.size() || cookie_path.ends_with('/') || path[cookie_path.size()] == '/';
}

}  // namespace

void CookieJar::take(const std::vector<net::Header>& headers, std::string_view path) {
  for (const net::Header& header : headers)
    if (to_lower(header.name) == "set-cookie" && header.value.size() <= kMostBytes) take_one(header.value, path);
}

void CookieJar::take_one(std::string_view header, std::string_view path) {
  const std::string_view pair = take_part(header);
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos || equals == 0) return;
  Cookie cookie{std::string(trim(pair.substr(0, equals))), std::string(trim(pair.substr(equals + 1))),
                default_path(path)};
  bool is_removed = false;
  while (!header.empty()) {
    const std::string_view attribute = take_part(header);
    const std::size_t sign = attribute.find('=');
    const std::string name = to_lower(trim(attribute.substr(0, sign)));
    const std::string_view value =
        sign == std::string_view::npos ? std::string_view() : trim(attribute.substr(sign + 1));
    if (name == "path" && value.starts_with('/')) cookie.path = value;
    // What ends by a date ended long ago or will not end during a sign-in.
    if (name == "max-age") is_removed = value.starts_with('-') || value == "0";
    if (name == "expires") is_removed = is_removed || value.find("1970") != std::string_view::npos;
  }
  std::erase_if(cookies_, [&](const Cookie& kept) { return kept.name == cookie.name && kept.path == cookie.path; });
  if (!is_removed && cookies_.size() < kMostCookies) cookies_.push_back(std::move(cookie));
}

std::string CookieJar::header_for(std::string_view path) const {
  std::string header;
  for (const Cookie& cookie : cookies_)
    if (matches(path, cookie.path)) header += (header.empty() ? "" : "; ") + cookie.name + '=' + cookie.value;
  return header;
}

}  // namespace chatelaine::rehearsal
