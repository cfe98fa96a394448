#include "gateway/shown_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace chatelaine::gateway {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode: the C0 and C1 controls (tab and the ends of lines are looked at before), Default_Ignorable_Code_Point, which
// has the zero-width characters, the marks of direction, the variation selectors and the tags, and the separators of
// lines and paragraphs.
constexpr std::array kInvisible{
    Range{0x0000, 0x001f},   Range{0x007f, 0x009f},   Range{0x00ad, 0x00ad},   Range{0x034f, 0x034f},
    Range{0x061c, 0x061c},   Range{0x115f, 0x1160},   Range{0x17b4, 0x17b5},   Range{0x180b, 0x180f},
    Range{0x200b, 0x200f},   Range{0x2028, 0x202e},   Range{0x2060, 0x206f},   Range{0x3164, 0x3164},
    Range{0xfe00, 0xfe0f},   Range{0xfeff, 0xfeff},   Range{0xffa0, 0xffa0},   Range{0xfff0, 0xfffb},
    Range{0x1bca0, 0x1bca3}, Range{0x1d173, 0x1d17a}, Range{0xe0000, 0xe0fff},
};

bool is_invisible(char32_t character) {
  return std::ranges::any_of(
      kInvisible, [character](const Range& range) { return character >= range.first && character <= range.last; });
}

void append_escape(std::string& shown, char32_t character) {
  const auto number = static_cast<std::uint32_t>(character);
  shown += number <= 0xffff ? fmt::format("\\u{:04x}", number) : fmt::format("\\u{{{:x}}}", number);
}

}  // namespace

std::string make_visible(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto character = decode_first(text);
    const std::size_t size = character ? character->size : 1;
    const bool ends_line = text.front() == '\n' || text.starts_with("\r\n");
    if (!character) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (ends_line || text.front() == '\t' || !is_invisible(character->value)) {
      shown += text.substr(0, size);
    } else {
      append_escape(shown, character->value);
    }
    text.remove_prefix(size);
  }
  return shown;
}

}  // namespace chatelaine::gateway
