#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chatelaine {

/// A character and how many bytes it takes.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;
};

/// The character that `text`, which is not empty, begins with; nothing where that is not well-formed UTF-8 (RFC 3629
/// §4).
[[nodiscard]] std::optional<CodePoint> decode_first(std::string_view text);

/// `text` with U+FFFD for each byte that belongs to no well-formed UTF-8 sequence (RFC 3629 §4): a stranger's answer
/// may be anything, JSON and pages may not.
[[nodiscard]] std::string make_valid_utf8(std::string_view text);

}  // namespace chatelaine
