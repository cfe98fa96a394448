#include "net/freshness.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.hpp"

namespace chatelaine::net {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

/// RFC 9111 §1.2.2: delta-seconds; what does not fit is as good as for ever.
std::optional<milliseconds> parse_seconds(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  constexpr std::int64_t kForEver = 2'147'483'648;
  std::int64_t count = kForEver;
  if (text.size() <= 10) std::from_chars(text.data(), text.data() + text.size(), count);
  return seconds(std::min(count, kForEver));
}

struct Directives {
  bool forbids_keeping = false;
  std::optional<milliseconds> max_age;
};
Directives read_directives(std::string_view text) {
  Directives found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view directive = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = std::min(directive.find('='), directive.size());
    const std::string name = to_lower(directive.substr(0, equals));
    if (name == "no-store" || name == "no-cache") found.forbids_keeping = true;
    if (name != "max-age") continue;
    std::string_view value = directive.substr(std::min(equals + 1, directive.size()));
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    // RFC 9111 §4.2.1: what is not valid is taken for stale.
    found.max_age = parse_seconds(value).value_or(milliseconds(0));
  }
  return found;
}

}  // namespace

milliseconds find_freshness(const FetchedDocument& answer, const FreshnessBounds& bounds) {
  const Directives directives = read_directives(answer.header("Cache-Control"));
  if (directives.forbids_keeping) return bounds.least;
  if (!directives.max_age) return bounds.otherwise;
  const milliseconds age = parse_seconds(trim(answer.header("Age"))).value_or(milliseconds(0));
  return std::clamp(*directives.max_age - age, bounds.least, bounds.most);
}

}  // namespace chatelaine::net
