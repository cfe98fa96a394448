#include "gateway/shown_text.hpp"

#include <gtest/gtest.h>

namespace chatelaine::gateway {
namespace {

TEST(MakeVisible, EscapesWhatAPageWouldNotShow) {
  struct Row {
    std::string_view name;
    std::string_view text;
    std::string_view shown;
  };
  const Row rows[] = {
      {"plain text, in whatever script", "5 € für Ωμέγα, 漢字, עברית", "5 € für Ωμέγα, 漢字, עברית"},
      {"the ends of lines, and tabs", "a\tb\nc\r\nd", "a\tb\nc\r\nd"},
      {"a carriage return that would write over its line", "a\rb", "a\\u000db"},
      {"a terminal's escape", "\x1b[2J", "\\u001b[2J"},
      {"DEL and C1", "\x7f\xc2\x9b", "\\u007f\\u009b"},
      {"right-to-left override",
       "gpj.\xe2\x80\xae"
       "exe",
       "gpj.\\u202eexe"},
      {"isolates",
       "\xe2\x81\xa6"
       "a\xe2\x81\xa9",
       "\\u2066a\\u2069"},
      {"marks of direction", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u200e\\u200f\\u061c"},
      {"zero-width space, non-joiner and joiner",
       "a\xe2\x80\x8b"
       "b\xe2\x80\x8c\xe2\x80\x8d",
       "a\\u200bb\\u200c\\u200d"},
      {"byte order mark and word joiner", "\xef\xbb\xbf\xe2\x81\xa0", "\\ufeff\\u2060"},
      {"soft hyphen and Hangul fillers", "\xc2\xad\xe3\x85\xa4", "\\u00ad\\u3164"},
      {"line and paragraph separators", "\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"},
      {"variation selectors, which can carry a text", "\xef\xb8\x8f\xf3\xa0\x84\x80", "\\ufe0f\\u{e0100}"},
      {"tags, which can carry another", "\xf3\xa0\x81\x81", "\\u{e0041}"},
      {"what is no UTF-8", "a\xff\xc0\xaf\xe2\x80", "a\\xff\\xc0\\xaf\\xe2\\x80"},
      {"NUL", std::string_view("a\0b", 3), "a\\u0000b"},
      {"a backslash stays what it is", "\\u202e", "\\u202e"},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) EXPECT_EQ(make_visible(row.text), row.shown) << row.name;
}

}  // namespace
}  // namespace chatelaine::gateway
