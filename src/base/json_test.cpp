#include "base/json.hpp"

#include <gtest/gtest.h>

namespace chatelaine {
namespace {

TEST(JsonTest, Rfc8259ReadsWhatItShould) {
  for (const std::string_view text : {"{}", " [1, -2.5e3, true, null, \"\\u00e9\\n\"] ", R"({"a":{"a":1},"b":{"a":1}})",
                                      "\"x\"", "0", R"([{"a":1},{"a":2}])", R"({"A":1,"a":2})"}) {
    EXPECT_TRUE(parse_json(text)) << text;
  }
  EXPECT_EQ(parse_json(R"({"a":[1,{"b":"c"}]})")->at("a").at(1).at("b"), json::value("c"));
}

struct BadRow {
  std::string_view sentence;
  std::string text;
  std::string_view told;
  std::size_t line;
  std::size_t column;
};
class UnreadableJson : public testing::TestWithParam<BadRow> {};
TEST_P(UnreadableJson, IsRefusedWithAPlaceAndAReason) {
  const auto value = parse_json(GetParam().text);
  ASSERT_FALSE(value) << GetParam().sentence;
  EXPECT_NE(value.error().message.find(GetParam().told), std::string::npos)
      << GetParam().sentence << ": " << value.error().message;
  EXPECT_EQ(value.error().line, GetParam().line) << GetParam().sentence;
  if (GetParam().column != 0) {
    EXPECT_EQ(value.error().column, GetParam().column) << GetParam().sentence;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rfc8259, UnreadableJson,
    testing::Values(
        BadRow{"nothing", "", "the text is empty", 1, 1}, BadRow{"blanks", " \n", "the text is empty", 2, 0},
        BadRow{"a byte order mark", "\xEF\xBB\xBF{}", "byte order mark", 1, 1},
        BadRow{"an HTML page", "<!doctype html>", "HTML", 1, 1},
        BadRow{"the seed's own sample", "{\n\"expires_in\": 59,\n}", "trailing comma", 3, 1},
        BadRow{"a trailing comma in an array", "[1,]", "trailing comma", 1, 4},
        BadRow{"a comment", "{\n  // x\n}", "no comments", 2, 3},
        BadRow{"single quotes", "{'a': 1}", "double quotes", 1, 2},
        BadRow{"a bracket not closed", "{\"a\": 1", "ends too early", 1, 0},
        BadRow{"a quote not closed", "{\"a", "ends too early", 1, 0}, BadRow{"text after the value", "{} {}", "", 1, 4},
        BadRow{"a repeated name", "{\"a\":1,\n\"a\":2}", "\"a\" appears twice", 2, 0},
        BadRow{"a repeated name deep inside", R"([{"x":{"a":1,"a":2}}])", "\"a\" appears twice", 1, 0},
        BadRow{"a repeated name under another spelling", R"({"a":1,"\u0061":2})", "\"a\" appears twice", 1, 0},
        BadRow{"a repeated name after an object", R"({"a":{"b":1},"a":2})", "\"a\" appears twice", 1, 0},
        BadRow{"RFC 8259 §6: a number that no double holds", "[1,\n1e400]", "a number is larger", 2, 0},
        BadRow{"and its negative", "{\"a\":-2e999999999999}", "a number is larger", 1, 0},
        BadRow{"101 levels", std::string(101, '[') + std::string(101, ']'), "100 levels", 1, 0},
        BadRow{"many levels", std::string(100'000, '['), "100 levels", 1, 0},
        BadRow{"invalid UTF-8", "\"\xff\"", "", 1, 0}, BadRow{"half a surrogate pair", R"("\ud800")", "", 1, 0},
        BadRow{"a control character", "\"a\nb\"", "", 1, 0}, BadRow{"NaN", "NaN", "", 1, 0}));

TEST(JsonTest, ThirtyTwoLevelsAreRead) { EXPECT_TRUE(parse_json(std::string(32, '[') + std::string(32, ']'))); }

TEST(JsonTest, PrettyTextKeepsTheOrderAndReadsBack) {
  const json::value value = *parse_json(R"({"b":[1,{"c":"\n"}],"a":{},"d":[]})");
  EXPECT_EQ(pretty_json(value),
            "{\n  \"b\": [\n    1,\n    {\n      \"c\": \"\\n\"\n    }\n  ],\n  \"a\": {},\n  \"d\": []\n}\n");
  EXPECT_EQ(*parse_json(pretty_json(value)), value);
}

TEST(JsonTest, FindStringTakesStringsAlone) {
  const json::object object{{"a", "x"}, {"b", 1}};
  ASSERT_NE(find_string(object, "a"), nullptr);
  EXPECT_EQ(*find_string(object, "a"), "x");
  EXPECT_EQ(find_string(object, "b"), nullptr);
  EXPECT_EQ(find_string(object, "c"), nullptr);
}

}  // namespace
}  // namespace chatelaine
