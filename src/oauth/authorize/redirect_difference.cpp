#include "oauth/authorize/redirect_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <ranges>
#include <utility>
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

/// What may have slipped, the smaller slip first.
enum class Slip : std::uint8_t { spelling, query, scheme, port, gpt_host, path, gpt, host };

struct Difference {
  Slip slip;
  std::string sentence;
};

constexpr const char* kTwoGptHosts =
    "A GPT comes back to chat.openai.com or to chatgpt.com, as its user's browser has it: register both.";

/// THREATS N47: who makes an address out of a token must not find it told.
Difference explain_segment(std::string_view host, std::string_view came, std::string_view expected) {
  constexpr std::size_t kLongest = 100;
  if (came.size() > kLongest || expected.size() > kLongest)
    return {Slip::path, "They differ in one part of their path."};
  const std::string ours = hide_tokens(came);
  const std::string theirs = hide_tokens(expected);
  if (is_chatgpt_host(host) && came.starts_with("g-") && expected.starts_with("g-")) {
    return {Slip::gpt,
            fmt::format("The GPT was saved again and its id changed from {} to {}: have the new address registered.",
                        theirs, ours)};
  }
  return {Slip::path, fmt::format("They differ in one part of their path: {} came, {} was expected.", ours, theirs)};
}

/// Where all but the paths is the same.
std::optional<Difference> explain_path(const HttpUrl& came, const HttpUrl& expected) {
  const auto ours = split_path(came.path);
  const auto theirs = split_path(expected.path);
  if (ours.size() != theirs.size()) return std::nullopt;
  std::optional<std::size_t> differing;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i] == theirs[i]) continue;
    if (differing) return std::nullopt;
    differing = i;
  }
  if (!differing) return std::nullopt;
  return explain_segment(came.host, ours[*differing], theirs[*differing]);
}

/// Where scheme or port are not the same, and the hosts are as good as the same.
Difference explain_scheme_or_port(const HttpUrl& came, const HttpUrl& expected) {
  if (came.scheme != expected.scheme) {
    return {Slip::scheme,
            fmt::format("They differ in their scheme: {} came, {} was expected.", came.scheme, expected.scheme)};
  }
  return {Slip::port, fmt::format("They differ in their port: {} came, {} was expected.", came.port, expected.port)};
}

Difference explain_host(const HttpUrl& came, const HttpUrl& expected) {
  const bool is_same_scheme = came.scheme == expected.scheme;
  return {Slip::host, fmt::format("They differ in their host: {} came, {} was expected.",
                                  is_same_scheme ? came.authority() : came.origin(),
                                  is_same_scheme ? expected.authority() : expected.origin())};
}

std::optional<Difference> explain_urls(const HttpUrl& came, const HttpUrl& expected) {
  const bool is_same_path = came.path == expected.path;
  if (came.has_query != expected.has_query || came.query != expected.query)
    return is_same_path ? std::optional(Difference{Slip::query, "They differ in their query."}) : std::nullopt;
  const bool is_same_host = came.host == expected.host;
  const bool is_other_gpt_host = !is_same_host && is_chatgpt_host(came.host) && is_chatgpt_host(expected.host);
  if (!is_same_host && !is_other_gpt_host)
    return is_same_path ? std::optional(explain_host(came, expected)) : std::nullopt;
  std::optional<Difference> difference;
  const bool is_same_way = came.scheme == expected.scheme && came.port == expected.port;
  if (!is_same_way) {
    if (!is_same_path) return std::nullopt;
    difference = explain_scheme_or_port(came, expected);
  } else if (!is_same_path) {
    difference = explain_path(came, expected);
    if (!difference) return std::nullopt;
  }
  if (!is_other_gpt_host) return difference;
  if (!difference) return Difference{Slip::gpt_host, kTwoGptHosts};
  difference->sentence.append(" ").append(kTwoGptHosts);
  return difference;
}

std::optional<Difference> explain(std::string_view came, std::string_view expected) {
  if (came == expected) return std::nullopt;
  if (std::string(came) + "/" == expected || came == std::string(expected) + "/")
    return Difference{Slip::spelling, "They differ in the slash at their end."};
  if (lower_case(came) == lower_case(expected))
    return Difference{Slip::spelling, "They differ in capital and small letters."};
  if (const auto decoded = percent_decode(came); decoded && *decoded == expected)
    return Difference{Slip::spelling, "What came is percent-encoded once too often."};
  const auto ours = parse_http_url(came);
  const auto theirs = parse_http_url(expected);
  return ours && theirs ? explain_urls(*ours, *theirs) : std::nullopt;
}

/// How many characters stand between what both begin with and what both end with.
std::size_t count_differing(std::string_view one, std::string_view other) {
  if (one.size() < other.size()) std::swap(one, other);
  const auto begin = std::ranges::mismatch(one, other).in2 - other.begin();
  other.remove_prefix(static_cast<std::size_t>(begin));
  const auto end = std::ranges::mismatch(one | std::views::reverse, other | std::views::reverse).in2;
  return one.size() - static_cast<std::size_t>(begin + (end - other.rbegin()));
}

/// Of the differences that are a slip, the smallest.
std::optional<Difference> explain_nearest(std::string_view came, std::span<const RedirectUri> registered) {
  std::optional<Difference> nearest;
  std::pair<Slip, std::size_t> least;
  for (const RedirectUri& uri : registered) {
    auto difference = explain(came, uri.value());
    if (!difference) continue;
    const std::pair size{difference->slip, count_differing(came, uri.value())};
    if (nearest && size >= least) continue;
    least = size;
    nearest = std::move(difference);
  }
  return nearest;
}

}  // namespace

std::string explain_redirect_difference(std::string_view came, std::string_view expected) {
  auto difference = explain(came, expected);
  return difference ? std::move(difference->sentence) : "";
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
  const auto nearest = explain_nearest(came, registered);
  return nearest ? text.append(" ").append(nearest->sentence) : text;
}

}  // namespace chatelaine::oauth
