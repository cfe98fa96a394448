#pragma once

#include <set>
#include <string>
#include <string_view>

namespace chatelaine::openapi {

/// What a model's API takes for the name of a tool or of an argument: letters, digits, `_` and `-` (an argument: also
/// `.`), at most 64 of them. What has nothing of that is called `fallback`.
[[nodiscard]] std::string make_tool_name(std::string_view text, std::string_view fallback);
[[nodiscard]] std::string make_argument_name(std::string_view text, std::string_view fallback);

/// Names that were given already.
class GivenNames {
 public:
  [[nodiscard]] bool has(std::string_view name) const { return names_.contains(name); }
  /// The first of the two that is free, else the second with a number behind it, and within 64 characters.
  [[nodiscard]] std::string give(const std::string& wish, const std::string& otherwise);

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace chatelaine::openapi
