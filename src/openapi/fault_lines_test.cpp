#include "openapi/fault_lines.hpp"

#include <gtest/gtest.h>

namespace chatelaine::openapi {
namespace {

struct Row {
  std::string_view sentence;
  std::string_view text;
  std::string_view path;
  std::size_t line;
};

TEST(FaultLines, APointerLeadsToALine) {
  const Row rows[] = {
      {"the document", "\n\na: 1\n", "", 3},
      {"a member, by its name", "a:\n  b:\n    c: 1\n", "/a/b", 2},
      {"a name with a slash and a tilde", "a:\n  /x/{y}:\n    c~d: 1\n", "/a/~1x~1{y}/c~0d", 3},
      {"an element", "a:\n  - 1\n  - b: 2\n", "/a/1", 3},
      {"a member of an element", "a:\n  - 1\n  - b: 2\n    c: 3\n", "/a/1/c", 4},
      {"behind lists and mappings", "a: [[1], {b: [2]}]\nc:\n  - d\n", "/c/0", 3},
      {"what is missing stands where it should", "a:\n  b: 1\nc: 2\n", "/a/x/y", 1},
      {"what an alias stands for", "a: &x\n  b: 1\nc: *x\n", "/c/b", 3},
      {"an empty value", "a:\nb:\n", "/b", 2},
      {"a name in quotes, and a number", "\"a\":\n  200:\n    b: 1\n", "/a/200/b", 3},
      {"JSON", "{\n \"a\": {\n\t\"b\":[\n1,\n2]}}", "/a/b/1", 5},
      {"JSON with a surrogate pair", "{\"t\": \"\\ud83d\\ude00\",\n\"a\": 1}", "/a", 2},
      {"a fault of the text itself", "a: 1\n", "line 3, column 1", 0},
  };
  for (const Row& row : rows) {
    std::vector<Fault> faults{{std::string(row.path), "", "", ""}};
    add_lines(row.text, faults);
    EXPECT_EQ(faults[0].line, row.line) << row.sentence;
  }
}

TEST(FaultLines, AFaultAsASentence) {
  EXPECT_EQ(to_sentence({"/a", "c", "it is so", "else", 7}), "line 7, /a: it is so (expected: else)");
  EXPECT_EQ(to_sentence({"", "c", "it is so", "else", 1}), "line 1: it is so (expected: else)");
  EXPECT_EQ(to_sentence({"line 3, column 1", "c", "it is so", "else"}), "line 3, column 1: it is so (expected: else)");
}

}  // namespace
}  // namespace chatelaine::openapi
