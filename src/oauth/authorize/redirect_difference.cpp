#include "oauth/authorize/redirect_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/form.hpp"
#include "base/uri.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::oauth {
namespace {

/// The redirect URIs of one GPT differ in their host alone: the browser's decides which one it sends.
constexpr std::array<std::string_view, 2> kChatGptHosts{"chat.openai.com", "chatgpt.com"};
constexpr std::size_t kMostNamed = 5;

bool is_chatgpt_host(std::string_view host) { return std::ranges::find(kChatGptHosts, host) != kChatGptHosts.end(); }

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  return lower;
}

std::string explain_segment(std::string_view host, std::string_view came, std::string_view expected) {
  constexpr std::size_t kLongest = 100;
  if (came.size() > kLongest || expected.size() > kLongest) return "They differ in one part of their path.";
  if (is_chatgpt_host(host) && came.starts_with("g-") && expected.starts_with("g-")) {
    return fmt::format("The GPT was saved again and its id changed from {} to {}: have the new address registered.",
                       expected, came);
  }
  return fmt::format("They differ in one part of their path: {} came, {} was expected.", came, expected);
}

/// Where all but the paths is the same.
std::string explain_path(const HttpUrl& came, const HttpUrl& expected) {
  const auto ours = split_path(came.path);
  const auto theirs = split_path(expected.path);
  if (ours.size() != theirs.size()) return "";
  std::optional<std::size_t> differing;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i] == theirs[i]) continue;
    if (differing) return "";
    differing = i;
  }
  return differing ? explain_segment(came.host, ours[*differing], theirs[*differing]) : "";
}

std::string explain_origin(const HttpUrl& came, const HttpUrl& expected) {
  if (is_chatgpt_host(came.host) && is_chatgpt_host(expected.host))
    return "A GPT comes back to chat.openai.com or to chatgpt.com, as its user's browser has it: register both.";
  if (came.scheme != expected.scheme && came.host == expected.host)
    return fmt::format("They differ in their scheme: {} came, {} was expected.", came.scheme, expected.scheme);
  if (came.host == expected.host) {
    return fmt::format("They differ in their port: {} came, {} was expected.", came.port, expected.port);
  }
  return fmt::format("They differ in their host: {} came, {} was expected.", came.authority(), expected.authority());
}

std::string explain_urls(const HttpUrl& came, const HttpUrl& expected) {
  if (came.has_query != expected.has_query || came.query != expected.query)
    return came.path == expected.path ? "They differ in their query." : "";
  if (came.origin() == expected.origin()) return explain_path(came, expected);
  return came.path == expected.path ? explain_origin(came, expected) : "";
}

}  // namespace

std::string explain_redirect_difference(std::string_view came, std::string_view expected) {
  if (came == expected) return "";
  if (std::string(came) + "/" == expected || came == std::string(expected) + "/")
    return "They differ in the slash at their end.";
  if (lower_case(came) == lower_case(expected)) return "They differ in capital and small letters.";
  if (const auto decoded = percent_decode(came); decoded && *decoded == expected)
    return "What came is percent-encoded once too often.";
  const auto ours = parse_http_url(came);
  const auto theirs = parse_http_url(expected);
  return ours && theirs ? explain_urls(*ours, *theirs) : "";
}

std::string explain_unregistered(std::string_view came, std::span<const RedirectUri> registered) {
  std::string text = fmt::format("The request came with redirect_uri {}, and the client has registered",
                                 show_parameter("redirect_uri", came));
  if (registered.empty()) return text + " none.";
  const char* separator = " ";
  for (const RedirectUri& uri : registered.first(std::min(registered.size(), kMostNamed))) {
    text += separator + show_parameter("redirect_uri", uri.value());
    separator = ", ";
  }
  if (registered.size() > kMostNamed) text += fmt::format(" and {} more", registered.size() - kMostNamed);
  text += '.';
  for (const RedirectUri& uri : registered) {
    const std::string difference = explain_redirect_difference(came, uri.value());
    if (!difference.empty()) return text.append(" ").append(difference);
  }
  return text;
}

}  // namespace chatelaine::oauth
