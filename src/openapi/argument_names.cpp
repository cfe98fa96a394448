#include "openapi/argument_names.hpp"

#include <algorithm>

namespace chatelaine::openapi {
namespace {

constexpr std::size_t kLongest = 64;

/// Runs of other characters become one `_`, and none at the ends.
std::string make_name(std::string_view text, std::string_view more, std::string_view fallback) {
  std::string name;
  for (const char c : text) {
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                         more.find(c) != std::string_view::npos;
    if (is_kept)
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
    if (name.size() == kLongest) break;
  }
  // What stood at the end was no part of the name, unless the author wrote it.
  if (name.ends_with('_') && !text.ends_with('_')) name.pop_back();
  return name.empty() ? std::string(fallback) : name;
}

}  // namespace

std::string make_tool_name(std::string_view text, std::string_view fallback) { return make_name(text, "-", fallback); }

std::string make_argument_name(std::string_view text, std::string_view fallback) {
  return make_name(text, "-.", fallback);
}

std::string GivenNames::give(const std::string& wish, const std::string& otherwise) {
  for (const std::string& name : {wish, otherwise}) {
    const std::string cut = name.substr(0, kLongest);
    if (names_.insert(cut).second) return cut;
  }
  for (int i = 2;; ++i) {
    const std::string suffix = "_" + std::to_string(i);
    std::string name = otherwise.substr(0, kLongest - suffix.size()) + suffix;
    if (names_.insert(name).second) return name;
  }
}

}  // namespace chatelaine::openapi
