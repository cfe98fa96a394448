#include "openapi/path_template.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <unordered_set>

#include "base/ascii.hpp"
#include "base/form.hpp"
#include "openapi/description.hpp"

namespace chatelaine::openapi {
namespace {

/// Takes the next segment off a path that begins with a slash.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, std::min(path.find('/'), path.size()));
  path.remove_prefix(segment.size());
  return segment;
}

std::string_view trim_slash(std::string_view path, Spelling spelling) {
  if (spelling == Spelling::lenient && path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

/// A segment without the parameters behind its semicolon (RFC 3986 §3.3), which many servers take off before they
/// route.
std::string_view cut_parameters(std::string_view segment) {
  segment = segment.substr(0, segment.find(';'));
  segment = segment.substr(0, segment.find("%3b"));
  return segment.substr(0, segment.find("%3B"));
}

/// The request's segments, decoded one by one, so that an encoded slash parts nothing.
std::optional<std::vector<std::string>> split(std::string_view path, Spelling spelling) {
  std::vector<std::string> segments;
  path = trim_slash(path, spelling);
  while (path.starts_with('/')) {
    std::string_view segment = take_segment(path);
    if (spelling == Spelling::lenient) segment = cut_parameters(segment);
    auto decoded = percent_decode(segment);
    if (!decoded) return std::nullopt;
    segments.push_back(spelling == Spelling::lenient ? to_lower(*decoded) : *std::move(decoded));
  }
  if (!path.empty()) return std::nullopt;
  return segments;
}

/// Whether `text` fits a segment's template: literal parts, and `{name}`s that each stand for at least one character.
bool fits_template(std::string_view pattern, std::string_view text) {
  const std::size_t open = pattern.find('{');
  const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
  if (close == std::string_view::npos) return pattern == text;
  const std::string_view literal = pattern.substr(0, open);
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  const std::string_view rest = pattern.substr(close + 1);
  if (rest.empty()) return !text.empty();
  for (std::size_t taken = 1; taken <= text.size(); ++taken) {
    if (fits_template(rest, text.substr(taken))) return true;
  }
  return false;
}

/// Copies nothing in the usual case, a plain literal: this runs for every operation of every request.
bool fits_segment(std::string_view pattern, const std::string& text, Spelling spelling) {
  const bool is_plain = pattern.find('%') == std::string_view::npos;
  if (is_plain && spelling == Spelling::exact) return fits_template(pattern, text);
  std::string decoded = is_plain ? std::string(pattern) : percent_decode(pattern).value_or(std::string(pattern));
  return fits_template(spelling == Spelling::lenient ? to_lower(decoded) : decoded, text);
}

/// How many of a templated segment's characters are literal: `{id}:purge` tells more than `{id}`.
std::size_t count_literals(std::string_view segment) {
  std::size_t count = 0;
  while (!segment.empty()) {
    const std::size_t open = std::min(segment.find('{'), segment.size());
    count += open;
    const std::size_t close = segment.find('}', open);
    if (close == std::string_view::npos) break;
    segment.remove_prefix(close + 1);
  }
  return count;
}

/// A number a segment, so that the lesser of two fits is the more concrete: 0 for a concrete segment, else the greater
/// the fewer of its characters are literal. Nothing where the path does not fit.
std::optional<std::vector<std::size_t>> fit(std::string_view pattern, const std::vector<std::string>& path,
                                            Spelling spelling) {
  std::vector<std::size_t> shape;
  pattern = trim_slash(pattern, spelling);
  for (const std::string& text : path) {
    if (!pattern.starts_with('/')) return std::nullopt;
    const std::string_view segment = take_segment(pattern);
    if (!fits_segment(segment, text, spelling)) return std::nullopt;
    const bool is_concrete = segment.find('{') == std::string_view::npos;
    shape.push_back(is_concrete ? 0 : std::numeric_limits<std::size_t>::max() - count_literals(segment));
  }
  if (!pattern.empty()) return std::nullopt;
  return shape;
}

}  // namespace

std::vector<std::string> list_template_names(std::string_view path_template) {
  std::vector<std::string> names;
  std::unordered_set<std::string_view> known;
  for (std::size_t open = path_template.find('{'); open != std::string_view::npos;) {
    const std::size_t close = path_template.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = path_template.substr(open + 1, close - open - 1);
    if (known.insert(name).second) names.emplace_back(name);
    open = path_template.find('{', close);
  }
  return names;
}

bool has_whole_braces(std::string_view path_template) {
  std::optional<std::size_t> open;
  for (std::size_t i = 0; i < path_template.size(); ++i) {
    if (path_template[i] == '{') {
      if (open) return false;
      open = i;
    } else if (path_template[i] == '}') {
      if (!open || *open + 1 == i) return false;
      open.reset();
    }
  }
  return !open;
}

std::string cut_names(std::string_view path_template) {
  std::string cut;
  bool is_name = false;
  for (const char c : path_template) {
    if (c == '}') is_name = false;
    if (!is_name) cut += c;
    if (c == '{') is_name = true;
  }
  return cut;
}

const Operation* match_operation(const Description& description, std::string_view method, std::string_view path,
                                 Spelling spelling) {
  return match_operation(description, description.base_path, method, path, spelling);
}

const Operation* match_operation(const Description& description, std::string_view base_path, std::string_view method,
                                 std::string_view path, Spelling spelling) {
  auto segments = split(path, spelling);
  const auto base = split(base_path, spelling);
  if (!segments || !base || segments->size() < base->size()) return nullptr;
  if (!std::ranges::equal(*base, std::span(*segments).first(base->size()))) return nullptr;
  segments->erase(segments->begin(), segments->begin() + static_cast<std::ptrdiff_t>(base->size()));
  const Operation* best = nullptr;
  std::vector<std::size_t> best_fit;
  for (const Operation& operation : description.operations) {
    if (operation.method != method) continue;
    auto found = fit(operation.path, *segments, spelling);
    if (!found || (best != nullptr && !(*found < best_fit))) continue;
    best = &operation;
    best_fit = *std::move(found);
  }
  return best;
}

}  // namespace chatelaine::openapi
