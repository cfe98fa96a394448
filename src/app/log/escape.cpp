#include "app/log/escape.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

namespace chatelaine::app {
namespace {

struct CodePoint {
  char32_t value;
  std::size_t size;
};

/// The code point that `text` begins with; nothing where it is not UTF-8 (RFC 3629 §4).
std::optional<CodePoint> decode_first(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return std::nullopt;
  char32_t value = lead & (0xff >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    value = (value << 6) | (byte(i) & 0x3f);
  }
  const bool is_overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (is_overlong || is_surrogate || value > 0x10ffff) return std::nullopt;
  return CodePoint{value, size};
}

/// Controls, line and paragraph separators, and the marks that turn the writing direction (Unicode TR 36 §2.3).
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 || c == 0x200e || c == 0x200f ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

std::string write_control(char32_t c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return c <= 0xff ? fmt::format("\\x{:02x}", static_cast<std::uint32_t>(c))
                       : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
  }
}

std::string escape(std::string_view value, std::string_view also) {
  std::string escaped;
  while (!value.empty()) {
    const auto point = decode_first(value);
    if (!point) {
      escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(value.front()));
      value.remove_prefix(1);
      continue;
    }
    if (is_control(point->value)) {
      escaped += write_control(point->value);
    } else {
      if (also.find(value.front()) != std::string_view::npos) escaped += '\\';
      escaped += value.substr(0, point->size);
    }
    value.remove_prefix(point->size);
  }
  return escaped;
}

}  // namespace

std::string escape_controls(std::string_view value) { return escape(value, ""); }

std::string escape_value(std::string_view value) {
  std::string escaped = escape(value, "\"\\");
  const bool is_plain = !value.empty() && escaped == value && value.find_first_of(" =") == std::string_view::npos;
  return is_plain ? escaped : '"' + escaped + '"';
}

}  // namespace chatelaine::app
