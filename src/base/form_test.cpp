#include "base/form.hpp"

#include <gtest/gtest.h>

namespace chatelaine {
namespace {

struct GoodRow {
  std::string_view sentence;
  std::string_view text;
  std::string encoded;
};
class ReadableForms : public testing::TestWithParam<GoodRow> {};
TEST_P(ReadableForms, AreRead) {
  const auto form = parse_form(GetParam().text);
  ASSERT_TRUE(form) << GetParam().sentence;
  EXPECT_EQ(encode_form(*form), GetParam().encoded) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(UrlSection51, ReadableForms,
                         testing::Values(GoodRow{"nothing", "", ""}, GoodRow{"one field", "a=b", "a=b"},
                                         GoodRow{"an empty value", "scope=", "scope="},
                                         GoodRow{"no equals sign", "a", "a="},
                                         GoodRow{"an equals sign in the value", "a=b=c", "a=b%3Dc"},
                                         GoodRow{"a plus is a blank", "a+b=c+d", "a%20b=c%20d"},
                                         GoodRow{"an encoded plus is a plus", "a=%2B", "a=%2B"},
                                         GoodRow{"an encoded character at the end", "a%41", "aA="},
                                         GoodRow{"an encoded value at the end", "a=%41", "a=A"},
                                         GoodRow{"hex digits of both cases", "a=%c3%A9", "a=%C3%A9"},
                                         GoodRow{"an encoded ampersand", "a=%26b%3D", "a=%26b%3D"},
                                         GoodRow{"a NUL", "a=%00", "a=%00"}, GoodRow{"empty pairs", "&&a=b&", "a=b"},
                                         GoodRow{"an empty name", "=b", "=b"}));

struct BadRow {
  std::string_view sentence;
  std::string text;
  FormError::Kind kind;
  std::string_view parameter;
};
class UnreadableForms : public testing::TestWithParam<BadRow> {};
TEST_P(UnreadableForms, AreRefused) {
  const auto form = parse_form(GetParam().text);
  ASSERT_FALSE(form) << GetParam().sentence;
  EXPECT_EQ(form.error().kind, GetParam().kind) << GetParam().sentence;
  EXPECT_EQ(form.error().parameter, GetParam().parameter) << GetParam().sentence;
}
using Kind = FormError::Kind;
std::string fields(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "p" + std::to_string(i) + "=&";
  return text;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section31, UnreadableForms,
    testing::Values(BadRow{"a repeated name", "a=1&b=2&a=1", Kind::repeated_parameter, "a"},
                    BadRow{"a repeated name under another spelling", "ab=1&%61b=2", Kind::repeated_parameter, "ab"},
                    BadRow{"a repeated name without value", "a&a", Kind::repeated_parameter, "a"},
                    BadRow{"% at the end", "a=%", Kind::bad_percent_encoding, "a"},
                    BadRow{"one digit at the end", "a=%4", Kind::bad_percent_encoding, "a"},
                    BadRow{"one digit before the next field", "a=%4&b=1", Kind::bad_percent_encoding, "a"},
                    BadRow{"no hex digits", "a=%zz", Kind::bad_percent_encoding, "a"},
                    BadRow{"a sign is no digit", "a=%+1", Kind::bad_percent_encoding, "a"},
                    BadRow{"in the name", "%4=1", Kind::bad_percent_encoding, "%4"},
                    BadRow{"129 fields", fields(129), Kind::too_many_parameters, ""}));

TEST(FormTest, TakesOneHundredAndTwentyEightFields) { EXPECT_TRUE(parse_form(fields(128))); }

TEST(FormTest, AbsentAndEmptyDiffer) {
  const Form form = *parse_form("a=");
  EXPECT_EQ(form.get("a"), "");
  EXPECT_FALSE(form.get("b"));
  EXPECT_EQ(form.get_or_empty("b"), "");
}

TEST(FormTest, SetReplacesOrAdds) {
  Form form = *parse_form("a=1");
  form.set("a", "2");
  form.set("b", "3");
  EXPECT_EQ(encode_form(form), "a=2&b=3");
}

TEST(FormTest, RepeatedNamesCanBeKept) { EXPECT_EQ(encode_form(*parse_form_fields("a=1&a=2")), "a=1&a=2"); }

TEST(PercentTest, DecodesAndKeepsPluses) {
  EXPECT_EQ(percent_decode("a+b%2Bc%20"), "a+b+c ");
  for (const std::string_view bad : {"%", "a%", "%1", "%g0", "%0g"}) EXPECT_FALSE(percent_decode(bad)) << bad;
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(every)), every);
  EXPECT_EQ(percent_encode("aZ09-._~ /"), "aZ09-._~%20%2F");
}

/// RFC 8707 §2: the one name that its reader lets come again, however it is spelled, and no other.
TEST(FormTest, OneNameMayComeAgainWhereItsReaderSaysSo) {
  const auto form = parse_form("a=1&r=x&%72=y&r=x&r", "r");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get_all("r"), (std::vector<std::string_view>{"x", "y", "x", ""}));
  EXPECT_EQ(form->get("r"), "x");
  EXPECT_EQ(form->get_all("a"), std::vector<std::string_view>{"1"});
  EXPECT_TRUE(form->get_all("b").empty());
  EXPECT_EQ(encode_form(*form), "a=1&r=x&r=y&r=x&r=");
  for (const char* text : {"a=1&r=x&a=2", "r=x&=1&=2"}) EXPECT_FALSE(parse_form(text, "r")) << text;
  EXPECT_FALSE(parse_form("r=x&r=y"));
  EXPECT_FALSE(parse_form("=x&=y")) << "no name is not the empty name";
}

}  // namespace
}  // namespace chatelaine
