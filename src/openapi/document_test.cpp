#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "openapi/description.hpp"

namespace chatelaine::openapi {
namespace {

struct ScalarRow {
  std::string_view name;
  std::string_view yaml;
  std::string_view json;
};

TEST(Document, PlainScalarsFollowTheCoreSchema) {
  const ScalarRow rows[] = {
      {"YAML 1.2 §10.3.2: null in four spellings and as nothing",
       "a: [~, null, Null, NULL]\nb:", R"({"a":[null,null,null,null],"b":null})"},
      {"YAML 1.2 §10.3.2: booleans", "[true, True, FALSE]", "[true,true,false]"},
      {"YAML 1.2, unlike 1.1: yes, no, on and off are strings", "[yes, no, on, off, y]",
       R"(["yes","no","on","off","y"])"},
      {"YAML 1.2 §10.3.2: integers", "[0, -7, +12, 0o17, 0xfF]", "[0,-7,12,15,255]"},
      {"YAML 1.2, unlike 1.1: 017 is decimal and 1_000 and 1:30 are strings", "[017, 1_000, 1:30]",
       R"([17,"1_000","1:30"])"},
      {"YAML 1.2 §10.3.2: floats", "[3.5, .5, 2., 1e3]", "[3.5E0,5E-1,2E0,1E3]"},
      {"JSON has no infinities", "[.inf, -.inf, .nan]", R"([".inf","-.inf",".nan"])"},
      {"a version of three numbers is a string", "3.0.1", R"("3.0.1")"},
      {"a date is a string", "2023-05-01", R"("2023-05-01")"},
      {"quotes make strings", R"(["1", 'true', "null"])", R"(["1","true","null"])"},
      {"a block scalar is a string", "a: |\n  one\n  two\nb: >\n  3\n", R"({"a":"one\ntwo\n","b":"3\n"})"},
      {"a tag decides", "[!!str 1, !!int 1, !mine 2]", R"(["1",1,"2"])"},
      {"a mapping's names are taken as written", "200: a\ntrue: b\n1.50: c", R"({"200":"a","true":"b","1.50":"c"})"},
      {"an alias is its value", "a: &x [1]\nb: *x", R"({"a":[1],"b":[1]})"},
      {"a merge adds what is missing", "a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}",
       R"({"a":{"x":1,"y":2},"b":{"y":3,"x":1}})"},
      {"a merge of several, the first before the others", "a: {<<: [{x: 1}, {x: 2, y: 2}], z: 3}",
       R"({"a":{"z":3,"x":1,"y":2}})"},
      {"a merge within a list, and what follows", "- {<<: {x: 1}, y: [2]}\n- 3", R"([{"y":[2],"x":1},3])"},
      {"quoted, it is a name", "a: {'<<': {x: 1}}", R"({"a":{"<<":{"x":1}}})"},
      {"a byte order mark is allowed in YAML",
       "\xEF\xBB\xBF"
       "a: 1",
       R"({"a":1})"},
      {"JSON", R"({"a": [1, "\ud83d\ude00"]})", "{\"a\":[1,\"\xF0\x9F\x98\x80\"]}"},
      {"YAML in braces", "{a: 1, b: [x]}", R"({"a":1,"b":["x"]})"},
  };
  for (const ScalarRow& row : rows) {
    SCOPED_TRACE(row.name);
    const auto read = read_document(row.yaml);
    ASSERT_TRUE(read) << read.error().path << ": " << read.error().message;
    EXPECT_EQ(json::serialize(*read), row.json);
  }
}

struct FaultRow {
  std::string_view name;
  std::string text;
  std::string_view path;
  std::string_view code;
};

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string make_billion_laughs() {
  std::string text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias + repeat(", " + alias, 9) + "]\n";
  }
  return text;
}

TEST(Document, FaultsNameTheirPlace) {
  const FaultRow rows[] = {
      {"an HTML page", "\n<!DOCTYPE html>\n<html></html>", "line 1, column 1", "html_page"},
      {"nothing", "", "line 1, column 1", "empty"},
      {"comments alone", "# nothing here\n", "line 1, column 1", "empty"},
      {"a repeated member", "a: 1\nb: 2\na: 3\n", "line 3, column 1", "repeated_member"},
      {"a repeated member, once quoted", "a: 1\n\"a\": 3\n", "line 2, column 1", "repeated_member"},
      {"a repeated member in JSON", R"({"a": 1, "a": 2})", "line 1, column 12", "bad_syntax"},
      {"a tab as indentation", "a:\n\tb: 1\n", "line 2, column 3", "bad_syntax"},
      {"a bracket that is not closed", "a: [1, 2\n", "line 2, column 1", "bad_syntax"},
      {"a list as a member's name", "? [1, 2]\n: 3\n", "line 1, column 3", "bad_member_name"},
      {"an unknown alias", "a: *nobody\n", "line 1, column 4", "bad_syntax"},
      {"an alias inside its own value", "a: &x [1, *x]\n", "line 1, column 11", "alias_cycle"},
      {"a billion laughs", make_billion_laughs(), "line 6, column 20", "too_many_aliases"},
      {"one long text a thousand times", "a: &a " + std::string(1 << 20, 'x') + "\nb: [" + repeat("*a, ", 1000) + "]",
       "line 2, column 61", "too_many_aliases"},
      {"one long name a thousand times",
       "a: &a {" + std::string(1000, 'x') + ": 1}\nb: [" + repeat("*a, ", 20'000) + "]", "line 2, column 63013",
       "too_many_aliases"},
      {"too many levels", repeat("[", 5000) + repeat("]", 5000), "line 1, column 101", "too_deep"},
      {"too many levels in JSON", repeat("{\"a\":", 5000), "line 1, column 501", "bad_syntax"},
      {"levels through aliases",
       "a: &x " + repeat("[", 60) + repeat("]", 60) + "\nb: " + repeat("[", 60) + "*x" + repeat("]", 60),
       "line 2, column 64", "too_deep"},
      {"a merge of a text", "a: {<<: x}\n", "line 1, column 9", "bad_merge"},
      {"a merge of a list with a number in it", "a: {<<: [{x: 1}, 2]}\n", "line 1, column 9", "bad_merge"},
      {"two merges", "a: {<<: {x: 1}, <<: {y: 1}}\n", "line 1, column 21", "repeated_member"},
      {"two documents", "a: 1\n---\nb: 2\n", "line 2, column 1", "several_documents"},
      {"a zero byte", std::string("a: 1\0", 5), "line 1, column 1", "bad_syntax"},
      {"Latin-1", "a: 1\nb: \xc3\xbc f\xfcr\n", "line 2, column 7", "bad_encoding"},
      {"Latin-1 in JSON", "{\"a\":\n\"f\xfcr\"}", "line 2, column 3", "bad_encoding"},
      {"a character that breaks off", "a: \xe2\x82", "line 1, column 4", "bad_encoding"},
      {"half of a pair, as CESU-8 writes it", "a: \xed\xa0\xbd", "line 1, column 4", "bad_encoding"},
      {"over 4 MiB", std::string(4 * 1024 * 1024 + 1, ' '), "line 1, column 1", "too_large"},
  };
  for (const FaultRow& row : rows) {
    SCOPED_TRACE(row.name);
    const auto read = read_document(row.text);
    ASSERT_FALSE(read) << json::serialize(*read).substr(0, 200);
    EXPECT_EQ(read.error().path, row.path);
    EXPECT_EQ(read.error().code, row.code);
    EXPECT_FALSE(read.error().message.empty());
  }
}

TEST(Document, YamlInBracesIsNoJson) {
  EXPECT_EQ(json::serialize(read_document("{a: 1, 'b': [x, ]}").value()), R"({"a":1,"b":["x"]})");
}

TEST(Document, JsonMayBeDeep) {
  const std::string text = repeat("{\"a\":", 60) + "1" + repeat("}", 60);
  EXPECT_EQ(json::serialize(read_document(text).value()), text);
}

TEST(Document, AnchorsAroundAnchorsAreRefusedQuickly) {
  std::string text;
  for (int i = 0; i < 90; ++i) text += "[&a" + std::to_string(i) + " ";
  text += "[" + repeat("1, ", 50'000) + "1]" + repeat("]", 90);
  const auto start = std::chrono::steady_clock::now();
  const auto read = read_document(text);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "too_many_aliases");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace chatelaine::openapi
