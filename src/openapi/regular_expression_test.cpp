#include "openapi/regular_expression.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chatelaine::openapi {
namespace {

/// Held against `new RegExp(pattern, 'u')`.
TEST(RegularExpression, Ecma262Section22_2_1WithTheFlagU) {
  const std::string_view good[] = {
      "",
      "^[a-z0-9-]+$",
      R"(^\d{4}-\d{2}-\d{2}$)",
      "a|b|",
      "(a)(?:b)(?<c>d)\\k<c>\\1",
      "(?=a)(?!b)(?<=c)(?<!d)",
      "a{2}b{2,}c{2,3}?d*?e+?f??",
      R"([\w.\-]+@[\w.-]+\/)",
      R"([^\]\\\b])",
      R"(\u00e9\u{1F600}\x41\cA\0\n)",
      "[ü-ÿ]😀",
      R"(\p{L}\P{Lu}\p{Script=Greek})",
      "[]",
      "[^]",
      "[--/]",
      "[-a][a-]",
  };
  for (const std::string_view pattern : good) EXPECT_TRUE(is_regular_expression(pattern)) << pattern;
  const std::string_view bad[] = {
      "(",
      ")",
      "[a",
      "a**",
      "a++",
      "*a",
      "+",
      "?",
      R"(\A\z)",
      "(?i)a",
      "(?P<a>b)",
      "(?<a>b)(?<a>c)",
      "(?>a)",
      R"(\_)",
      R"(\-)",
      R"(\ü)",
      "{",
      "}",
      "]",
      "a{2,1}",
      "a{,2}",
      "a{x}",
      R"(\1)",
      R"(\k<a>)",
      R"([\1])",
      R"([\d-z])",
      "[z-a]",
      R"(\00)",
      R"(\x4)",
      R"(\u12)",
      R"(\u{110000})",
      R"(\p{Foo})",
      R"(\pL)",
      R"(\)",
      "(?=a)*",
      "^*",
      "[b-a-z]",
      "\xff",
  };
  for (const std::string_view pattern : bad) EXPECT_FALSE(is_regular_expression(pattern)) << pattern;
  EXPECT_FALSE(is_regular_expression(std::string(100'000, '('))) << "a hostile depth";
}

}  // namespace
}  // namespace chatelaine::openapi
