#include "openapi/path_template.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/form.hpp"
#include "openapi/description.hpp"

namespace chatelaine::openapi {
namespace {

std::string fold(std::string_view text, Spelling spelling) {
  std::string out(text);
  if (spelling == Spelling::lenient) {
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  return out;
}

/// The path's segments, decoded one by one, so that an encoded slash parts nothing.
std::optional<std::vector<std::string>> split(std::string_view path, Spelling spelling) {
  if (!path.starts_with('/')) return std::nullopt;
  if (spelling == Spelling::lenient && path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::size_t length = std::min(path.find('/'), path.size());
    auto decoded = percent_decode(path.substr(0, length));
    if (!decoded) return std::nullopt;
    segments.push_back(fold(*decoded, spelling));
    path.remove_prefix(length);
  }
  return segments;
}

/// Whether `text` fits a segment's template: literal parts, and `{name}`s that each stand for at least one character.
bool fits_segment(std::string_view pattern, std::string_view text) {
  const std::size_t open = pattern.find('{');
  const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
  if (close == std::string_view::npos) return pattern == text;
  const std::string_view literal = pattern.substr(0, open);
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  const std::string_view rest = pattern.substr(close + 1);
  if (rest.empty()) return !text.empty();
  for (std::size_t taken = 1; taken <= text.size(); ++taken) {
    if (fits_segment(rest, text.substr(taken))) return true;
  }
  return false;
}

bool has_template(std::string_view segment) { return segment.find('{') != std::string_view::npos; }

/// Which segments are templated, or nothing where the path does not fit; a lesser value is more concrete.
std::optional<std::vector<bool>> fit(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::vector<bool> templated;
  templated.reserve(pattern.size());
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!fits_segment(pattern[i], path[i])) return std::nullopt;
    templated.push_back(has_template(pattern[i]));
  }
  return templated;
}

}  // namespace

std::vector<std::string> list_template_names(std::string_view path_template) {
  std::vector<std::string> names;
  for (std::size_t open = path_template.find('{'); open != std::string_view::npos;
       open = path_template.find('{', open + 1)) {
    const std::size_t close = path_template.find('}', open);
    if (close == std::string_view::npos) break;
    std::string name(path_template.substr(open + 1, close - open - 1));
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

const Operation* match_operation(const Description& description, std::string_view method, std::string_view path,
                                 Spelling spelling) {
  const auto segments = split(path, spelling);
  if (!segments) return nullptr;
  const Operation* best = nullptr;
  std::vector<bool> best_fit;
  for (const Operation& operation : description.operations) {
    if (operation.method != method) continue;
    const auto pattern = split(operation.path, spelling);
    if (!pattern) continue;
    auto found = fit(*pattern, *segments);
    if (!found || (best != nullptr && !(*found < best_fit))) continue;
    best = &operation;
    best_fit = *std::move(found);
  }
  return best;
}

}  // namespace chatelaine::openapi
