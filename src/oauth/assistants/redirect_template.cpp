#include "oauth/assistants/redirect_template.hpp"

#include <algorithm>

#include "base/uri.hpp"
#include "oauth/authorize/redirect_uri.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kPort = "port";
constexpr std::string_view kHost = "host";
constexpr std::string_view kLoopbackPort =
    "must have {port} behind a loopback address: http://127.0.0.1:{port}/callback";

bool is_lower_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// RFC 3986 §2.3.
bool is_unreserved(char c) {
  return is_lower_letter(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// RFC 1123 §2.1: letters, digits and hyphens, which do not stand at the ends.
bool is_label(std::string_view label) {
  constexpr std::size_t kLongest = 63;
  return !label.empty() && label.size() <= kLongest && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_lower_letter(c) || is_digit(c) || c == '-'; });
}

/// A host name in the one spelling that browsers send. They take a host for an IPv4 address whose last label is a
/// number, also a hexadecimal one: 127.1, 2130706433 and 0x7f.1 are 127.0.0.1 to them.
bool is_host_name(std::string_view host) {
  constexpr std::size_t kLongest = 253;
  if (host.size() > kLongest) return false;
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.starts_with("0x") || std::ranges::all_of(last, is_digit)) return false;
  while (true) {
    const std::size_t end = std::min(host.find('.'), host.size());
    if (!is_label(host.substr(0, end))) return false;
    if (end == host.size()) return true;
    host.remove_prefix(end + 1);
  }
}

/// As a URL of https has it: without the port that goes without saying.
bool is_port(std::string_view port) {
  constexpr std::size_t kMostDigits = 5;
  return !port.empty() && port.front() != '0' && std::ranges::all_of(port, is_digit) && port.size() <= kMostDigits &&
         (port.size() < kMostDigits || port <= "65535") && port != "443";
}

/// A host name, and a port where there is one.
bool is_https_authority(std::string_view authority) {
  const std::size_t colon = std::min(authority.find(':'), authority.size());
  return is_host_name(authority.substr(0, colon)) &&
         (colon == authority.size() || is_port(authority.substr(colon + 1)));
}

std::unexpected<std::string> refuse_template(std::string_view reason) { return std::unexpected(std::string(reason)); }

/// Segments of unreserved characters, none of which is a dot segment (RFC 3986 §3.3), and none but the last empty.
bool has_plain_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  while (true) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    const bool is_last = end == path.size();
    if (segment == "." || segment == ".." || !std::ranges::all_of(segment, is_unreserved)) return false;
    if (is_last) return true;
    if (segment.empty()) return false;
    path.remove_prefix(end + 1);
  }
}

/// Where the `{…}` of a text stands.
struct Placeholder {
  std::size_t begin;
  std::size_t end;
  std::string name;
};
/// Nothing where the text has none.
std::expected<std::optional<Placeholder>, std::string> find_placeholder(std::string_view text) {
  const std::size_t begin = text.find_first_of("{}");
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t close = text.find('}', begin);
  if (text[begin] != '{' || close == std::string_view::npos ||
      text.find_first_of("{}", close + 1) != std::string_view::npos)
    return refuse_template("must have one part in braces at most, such as {id}");
  const std::string_view name = text.substr(begin + 1, close - begin - 1);
  if (name.empty() || !std::ranges::all_of(name, [](char c) { return is_lower_letter(c) || c == '_'; }))
    return refuse_template("must name its open part in small letters, such as {id}");
  return Placeholder{begin, close + 1, std::string(name)};
}

}  // namespace

std::expected<RedirectTemplate, std::string> RedirectTemplate::split(std::string_view text) {
  auto placeholder = find_placeholder(text);
  if (!placeholder) return std::unexpected(std::move(placeholder).error());
  RedirectTemplate parts;
  parts.text_ = parts.before_ = text;
  if (!*placeholder) return parts;
  const auto& [begin, end, name] = **placeholder;
  parts.placeholder_ = name;
  parts.before_ = text.substr(0, begin);
  parts.after_ = text.substr(end);
  parts.open_ = name == kPort ? Open::port : name == kHost ? Open::host : Open::segment;
  if (parts.open_ == Open::port) {
    if (!parts.before_.ends_with(':')) return refuse_template(kLoopbackPort);
    parts.before_.pop_back();
  }
  return parts;
}

std::string_view RedirectTemplate::stand_in() const {
  switch (open_) {
    case Open::nothing:
      return "";
    case Open::segment:
      return "x";
    case Open::port:
      return "1";
    case Open::host:
      return "a.example";
  }
  return "";
}

std::expected<void, std::string> RedirectTemplate::check_place(std::size_t origin_size) const {
  switch (open_) {
    case Open::nothing:
      return {};
    case Open::segment:
      if (before_.size() > origin_size) return {};
      return refuse_template("must have its open part in the path; {port} and {host} alone stand before it");
    case Open::port:
      if (may_stand(stand_in())) return {};
      return refuse_template(kLoopbackPort);
    case Open::host:
      if (before_ == kHttps && after_.starts_with('/')) return {};
      return refuse_template("must have {host} as its whole host: https://{host}/callback");
  }
  return {};
}

std::expected<RedirectTemplate, std::string> RedirectTemplate::parse(std::string_view text) {
  auto parsed = split(text);
  if (!parsed) return parsed;
  // With something in the open part it must keep the rules that hold for every redirect URI.
  const std::string sample = parsed->put_in(parsed->stand_in());
  if (const auto checked = check_redirect_uri_registration(sample); !checked)
    return refuse_template("must be a redirect URI that a client could register: https, or http on loopback");
  const auto url = parse_http_url(sample);
  if (url)
    if (auto placed = parsed->check_place(url->origin().size()); !placed)
      return std::unexpected(std::move(placed).error());
  // One spelling alone: what is compared as bytes must be what browsers send.
  const auto is_plain_host = [](const HttpUrl& read) { return read.scheme == "http" || is_host_name(read.host); };
  if (!url || url->has_query || url->has_fragment || sample != url->origin() + url->path ||
      !has_plain_path(url->path) || !is_plain_host(*url))
    return refuse_template(
        "must be written as browsers write it, with a name for its host, or http and a loopback address, and a path "
        "of letters, digits, \"-\", \".\", \"_\" and \"~\", without query or fragment");
  return parsed;
}

std::string RedirectTemplate::put_in(std::string_view value) const {
  const std::string_view colon = open_ == Open::port && !value.empty() ? ":" : "";
  return before_ + std::string(colon) + std::string(value) + after_;
}

bool RedirectTemplate::may_stand(std::string_view value) const {
  switch (open_) {
    case Open::nothing:
      return value.empty();
    case Open::segment: {
      if (value.empty() || !std::ranges::all_of(value, is_unreserved)) return false;
      // A segment that is nothing but dots would be resolved to another path.
      const std::size_t begin = before_.rfind('/') + 1;
      const std::string segment =
          before_.substr(begin) + std::string(value) + after_.substr(0, std::min(after_.find('/'), after_.size()));
      return segment != "." && segment != "..";
    }
    case Open::port:
      // RFC 8252 §7.3: the rule by which requests are judged says what a port is, and that it may be missing.
      return is_registered_redirect_uri(put_in(value), RedirectUri(before_ + after_),
                                        LoopbackHosts::addresses_and_localhost);
    case Open::host:
      return is_https_authority(value);
  }
  return false;
}

std::optional<std::string> RedirectTemplate::match(std::string_view uri) const {
  if (open_ == Open::nothing) return uri == before_ ? std::optional<std::string>("") : std::nullopt;
  if (uri.size() < before_.size() + after_.size() || !uri.starts_with(before_) || !uri.ends_with(after_))
    return std::nullopt;
  std::string_view value = uri.substr(before_.size(), uri.size() - before_.size() - after_.size());
  if (open_ == Open::port && !value.empty()) {
    if (!value.starts_with(':') || value.size() == 1) return std::nullopt;
    value.remove_prefix(1);
  }
  if (!may_stand(value)) return std::nullopt;
  return std::string(value);
}

std::optional<RedirectUri> RedirectTemplate::fill(std::string_view value) const {
  if (open_ == Open::nothing || value.empty() || !may_stand(value)) return std::nullopt;
  // One rule for every redirect URI that a client has, its length among them.
  auto uri = check_redirect_uri_registration(put_in(value));
  if (!uri) return std::nullopt;
  return std::move(*uri);
}

std::optional<RedirectUri> RedirectTemplate::complete() const {
  if (open_ == Open::nothing) return RedirectUri(text_);
  RedirectUri portless(before_ + after_);
  if (open_ == Open::port && is_registered_redirect_uri(put_in("1"), portless)) return portless;
  return std::nullopt;
}

}  // namespace chatelaine::oauth
