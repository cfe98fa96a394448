#include "openapi/value_check.hpp"

#include <gtest/gtest.h>

#include "openapi/value_equality.hpp"

namespace chatelaine::openapi {
namespace {

json::value parse(std::string_view text) { return parse_json(text).value(); }

std::string check(std::string_view schema, const json::value& value) {
  std::string told;
  for (const Fault& fault : check_value(parse(schema).as_object(), value))
    told += fault.path + ": " + fault.message + " (expected: " + fault.expected + ")\n";
  return told;
}

struct Row {
  std::string_view sentence;
  std::string_view schema;
  std::string_view value;
  /// Empty: it fits.
  std::string_view faults;
};

void check_all(std::span<const Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(check(row.schema, parse(row.value)), row.faults) << row.sentence;
}

TEST(ValueCheck, JsonSchemaValidationSection6_1AnyValue) {
  const Row rows[] = {
      {"1.0 is a whole number", R"({"type":"integer"})", "1.0", ""},
      {"one of two types", R"({"type":["string","null"]})", "null", ""},
      {"enum: 1 is 1.0", R"({"enum":[1,2]})", "1.0", ""},
      {"enum", R"({"enum":[1,"a"]})", R"({"a":1})",
       ": an object is not among what is allowed (expected: one of 1, \"a\")\n"},
      {"const", R"({"const":"a"})", R"("b")", ": \"b\" is not what must stand here (expected: \"a\")\n"},
      {"const: the order of members does not count", R"({"const":{"a":1,"b":[2.0]}})", R"({"b":[2],"a":1.0})", ""},
      {"const: null is something", R"({"const":null})", "0", ": 0 is not what must stand here (expected: null)\n"},
      {"keywords that are not checked", R"({"pattern":"^a","format":"date","not":{},"if":{},"then":false})", R"("b")",
       ""},
  };
  check_all(rows);
}

TEST(ValueCheck, JsonSchemaValidationSection6_2Numbers) {
  const Row rows[] = {
      {"minimum", R"({"minimum":1})", "0.5", ": 0.5 is too small (expected: at least 1)\n"},
      {"minimum itself is in", R"({"minimum":1})", "1.0", ""},
      {"maximum", R"({"maximum":1.5})", "2", ": 2 is too large (expected: at most 1.5)\n"},
      {"maximum itself is in", R"({"maximum":1.5})", "1.5", ""},
      {"exclusiveMinimum", R"({"exclusiveMinimum":1})", "1", ": 1 is too small (expected: more than 1)\n"},
      {"exclusiveMaximum", R"({"exclusiveMaximum":1})", "1.0", ": 1 is too large (expected: less than 1)\n"},
      {"numbers beyond 2^53 are told apart", R"({"maximum":9007199254740992})", "9007199254740993",
       ": 9007199254740993 is too large (expected: at most 9007199254740992)\n"},
      {"with and without a sign", R"({"minimum":18446744073709551615})", "-1",
       ": -1 is too small (expected: at least 18446744073709551615)\n"},
      {"multipleOf", R"({"multipleOf":5})", "-10.0", ""},
      {"no multiple", R"({"multipleOf":5})", "7.5", ": 7.5 is between two multiples (expected: a multiple of 5)\n"},
      {"a fraction's multiples are left to others", R"({"multipleOf":0.01})", "0.015", ""},
      {"what is no number has no bounds", R"({"minimum":1,"multipleOf":5})", R"("0")", ""},
  };
  check_all(rows);
}

TEST(ValueCheck, JsonSchemaValidationSection6_3To6_5HowMuch) {
  const Row rows[] = {
      {"minLength", R"({"minLength":2})", R"("a")", ": this has 1 character (expected: at least 2 characters)\n"},
      {"§6.3.1: characters are Unicode's", R"({"maxLength":2})", R"("ü😀")", ""},
      {"maxLength", R"({"maxLength":1})", R"("ü😀")", ": this has 2 characters (expected: at most 1 character)\n"},
      {"minItems", R"({"minItems":1})", "[]", ": this has 0 elements (expected: at least 1 element)\n"},
      {"maxItems", R"({"maxItems":1})", "[1,2]", ": this has 2 elements (expected: at most 1 element)\n"},
      {"minProperties", R"({"minProperties":1})", "{}", ": this has 0 members (expected: at least 1 member)\n"},
      {"maxProperties", R"({"maxProperties":0})", R"({"a":1})", ": this has 1 member (expected: at most 0 members)\n"},
      {"uniqueItems: 1 is 1.0, whatever order members have", R"({"uniqueItems":true})",
       R"([1,"1",1.0,{"a":1,"b":2},{"b":2.0,"a":1}])",
       "/2: this stands in the list before (expected: each element once)\n"
       "/4: this stands in the list before (expected: each element once)\n"},
      {"they may be repeated", R"({"uniqueItems":false})", "[1,1]", ""},
      {"each of its own kind has its own bounds", R"({"minLength":9,"minItems":9,"minProperties":9})", "1", ""},
  };
  check_all(rows);
}

TEST(ValueCheck, JsonSchemaCoreSection10_3ListsAndObjects) {
  const Row rows[] = {
      {"additionalProperties with a schema", R"({"properties":{"a":{}},"additionalProperties":{"type":"integer"}})",
       R"({"a":"x","b":1,"c":"x"})", "/c: this is a string (expected: a whole number)\n"},
      {"beside patternProperties nobody knows", R"({"patternProperties":{"^a":{}},"additionalProperties":false})",
       R"({"b":1})", ""},
      {"a member that may not be", R"({"properties":{"a":false}})", R"({"a":1})",
       "/a: nothing may stand here (expected: nothing)\n"},
      {"prefixItems, and items behind", R"({"prefixItems":[{"type":"string"}],"items":{"type":"integer"}})",
       R"([1,2,"x"])", "/0: this is a number (expected: a string)\n/2: this is a string (expected: a whole number)\n"},
      {"prefixItems alone", R"({"prefixItems":[{"type":"string"}]})", R"(["x",2])", ""},
      {"nothing behind", R"({"prefixItems":[true],"items":false})", "[1,2]",
       "/1: nothing may stand here (expected: nothing)\n"},
  };
  check_all(rows);
}

TEST(ValueCheck, JsonSchemaCoreSection10_2Combinations) {
  constexpr std::string_view kPets =
      R"({"anyOf":[{"$ref":"#/$defs/Cat"},{"title":"A dog","type":"object","required":["barks"]},{"type":"null"}],)"
      R"("$defs":{"Cat":{"type":"object","required":["lives"],"properties":{"lives":{"minimum":1}}}}})";
  const Row rows[] = {
      {"allOf: each", R"({"allOf":[{"type":"integer"},{"minimum":5},{"maximum":3}]})", "4",
       ": 4 is too small (expected: at least 5)\n: 4 is too large (expected: at most 3)\n"},
      {"allOf: a part that is closed leaves the others their members",
       R"({"allOf":[{"properties":{"a":{}},"additionalProperties":false},{"properties":{"b":{"properties":{"c":{}},)"
       R"("additionalProperties":false}}}]})",
       R"({"a":1,"b":{"d":1}})", "/b/d: there is nothing of this name (expected: one of c)\n"},
      {"anyOf: one", kPets, R"({"barks":true})", ""},
      {"anyOf: several", kPets, R"({"barks":true,"lives":9})", ""},
      {"anyOf: none", kPets, R"({"lives":0})",
       ": this fits none of 3 forms (expected: one of them: Cat, A dog, null)\n"},
      {"anyOf: none of its type", kPets, "7",
       ": this fits none of 3 forms (expected: one of them: Cat, A dog, null)\n"},
      {"anyOf: the only form of its type says what is wrong",
       R"({"anyOf":[{"type":"null"},{"type":"object","properties":{"a":{"minimum":1}}}]})", R"({"a":0})",
       "/a: 0 is too small (expected: at least 1)\n"},
      {"oneOf: one", R"({"oneOf":[{"type":"string"},{"type":"integer"}]})", "7", ""},
      {"oneOf: none", R"({"oneOf":[{"type":"string"},{"type":"integer"}]})", "true",
       ": this fits none of 2 forms (expected: one of them: a string, a whole number)\n"},
      {"oneOf: several", R"({"oneOf":[{"type":"number"},{"type":"integer"},{"type":"string"}]})", "7",
       ": this fits 2 of 3 forms (expected: one of them alone: a number, a whole number, a string)\n"},
      {"oneOf: a pattern may tell them apart",
       R"({"oneOf":[{"type":"string","pattern":"^a"},{"type":"string","pattern":"^b"}]})", R"("a")", ""},
      {"oneOf: so may one deep within",
       R"({"oneOf":[{"type":"array","items":{"format":"date"}},{"type":"array","items":{"type":"string"}}]})",
       R"(["x"])", ""},
      {"oneOf: a member that no form names tells nothing",
       R"({"oneOf":[{"type":"object"},{"type":"object","properties":{"a":{"type":"integer"}}}]})", R"({"a":1})", ""},
      {"oneOf: nor does a form that says nothing", R"({"oneOf":[{},{"title":"A"},{"type":"integer"}]})", "1", ""},
      {"oneOf: nor an empty list", R"({"oneOf":[{"items":{"type":"integer"}},{"items":{"type":"string"}}]})", "[]", ""},
      {"forms of forms", R"({"oneOf":[{"anyOf":[{"type":"integer"},{"pattern":"a"}]},{"type":"integer"}]})", "1",
       ": this fits 2 of 2 forms (expected: one of them alone: a value, a whole number)\n"},
  };
  check_all(rows);
}

/// However a schema comes back to itself, it is looked at for so long.
TEST(ValueCheck, EndsInEverySchema) {
  const std::string_view schemas[] = {
      R"({"$ref":"#/$defs/A","$defs":{"A":{"$ref":"#/$defs/A"}}})",
      R"({"$ref":"#/$defs/A","$defs":{"A":{"allOf":[{"$ref":"#/$defs/A"}]}}})",
      R"({"$ref":"#/$defs/A","$defs":{"A":{"oneOf":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/A"}]}}})",
      R"({"anyOf":[{"$ref":"#/$defs/A"},false],"$defs":{"A":{"allOf":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/A"}]}}})",
      R"({"$ref":"#/$defs/Nowhere"})",
  };
  for (const std::string_view schema : schemas) EXPECT_EQ(check(schema, 7), "") << schema;
}

TEST(ValueCheck, UniqueElementsAreComparedForSoLong) {
  json::array list;
  for (int i = 0; i < 3'000; ++i) list.emplace_back(std::string(10'000, 'x') + std::to_string(i));
  list.push_back(list.back());
  EXPECT_EQ(check(R"({"uniqueItems":true})", list), "");
  list.push_back(list.front());
  list.insert(list.begin(), list.front());
  EXPECT_EQ(check(R"({"uniqueItems":true})", list),
            "/1: this stands in the list before (expected: each element once)\n");
}

TEST(ValueCheck, APartFitsWithTheDefinitionsOfTheWhole) {
  const json::object root = parse(R"({"$defs":{"A":{"type":["string","null"]}}})").as_object();
  EXPECT_TRUE(fits(root, parse(R"({"$ref":"#/$defs/A"})"), nullptr));
  EXPECT_FALSE(fits(root, parse(R"({"$ref":"#/$defs/A"})"), 7));
  EXPECT_FALSE(fits(root, false, nullptr));
}

TEST(ValueCheck, EqualValuesHaveOneText) {
  const std::pair<std::string_view, std::string_view> equal[] = {
      {"1", "1.0"}, {"0", "-0.0"}, {"18446744073709551615", "18446744073709551615"}, {"1e30", "1e30"}, {"1e3", "1000"}};
  for (const auto& [a, b] : equal) {
    EXPECT_TRUE(are_equal(parse(a), parse(b))) << a;
    EXPECT_EQ(write_canonical(parse(a)), write_canonical(parse(b)));
  }
  const std::pair<std::string_view, std::string_view> different[] = {
      {"1", "\"1\""},
      {"9007199254740993", "9007199254740992.0"},
      {"[1,2]", "[2,1]"},
      {"{}", "[]"},
      {R"({"a":1})", R"({"b":1})"},
      {"null", "false"},
      {"18446744073709551615", "18446744073709551616.0"}};
  for (const auto& [a, b] : different) {
    EXPECT_FALSE(are_equal(parse(a), parse(b))) << a;
    EXPECT_NE(write_canonical(parse(a)), write_canonical(parse(b)));
  }
}

}  // namespace
}  // namespace chatelaine::openapi
