#include "base/json_object_writer.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace chatelaine {
namespace {

TEST(JsonObjectWriter, WritesTheMembersInTheOrderOfTheCalls) {
  JsonObjectWriter writer;
  EXPECT_EQ(writer.add("b", "x").add("a", std::int64_t{-59}).add("t", true).add("f", false).finish(),
            R"({"b":"x","a":-59,"t":true,"f":false})");
  EXPECT_EQ(writer.finish(), "{}") << "it is empty afterwards";
}

TEST(JsonObjectWriter, Rfc8259Section7WhatMustBeEscapedIsReadBackAsItWas) {
  for (const std::string value :
       {"", "plain", "a\"b", "a\\b", "a\nb\tc", "\x01\x1f", "\xc3\xa9\xe2\x82\xac", "</script>"}) {
    const auto read = parse_json(JsonObjectWriter().add("value", value).finish());
    ASSERT_TRUE(read) << value;
    EXPECT_EQ(read->at("value").as_string(), value);
  }
}

TEST(JsonObjectWriter, WritesAListOfTexts) {
  EXPECT_EQ(JsonObjectWriter().add("aud", std::vector<std::string_view>{"a", "\"b\""}).add("x", true).finish(),
            R"({"aud":["a","\"b\""],"x":true})");
  EXPECT_EQ(JsonObjectWriter().add("aud", std::vector<std::string_view>{}).finish(), R"({"aud":[]})");
}

}  // namespace
}  // namespace chatelaine
