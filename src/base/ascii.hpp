#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace chatelaine {

/// `text` with A–Z made a–z and nothing else changed, whatever the locale: for names that a protocol compares without
/// case.
[[nodiscard]] inline std::string to_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// As `to_lower`, the other way.
[[nodiscard]] inline std::string to_upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

}  // namespace chatelaine
