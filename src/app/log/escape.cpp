#include "app/log/escape.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "base/utf8.hpp"

namespace chatelaine::app {
namespace {

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
