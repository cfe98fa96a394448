#include "oauth/authorize/query.hpp"

#include <gtest/gtest.h>

namespace chatelaine::oauth {
namespace {

using Kind = UnredirectableError::Kind;

const std::string kProven = "client_id=a&redirect_uri=https%3A%2F%2Fa.example%2F";

TEST(AuthorizationQueryTest, AReadableOneIsItsForm) {
  const auto query = read_authorization_query(kProven + "&state=a\\b&scope=");
  ASSERT_TRUE(query);
  EXPECT_FALSE(query->fault);
  EXPECT_EQ(encode_form(query->form), kProven + "&state=a%5Cb&scope=");
}

/// What is wrong elsewhere, what the client hears of it, and what is left to answer with.
struct ToldByRedirect {
  std::string_view sentence;
  std::string rest;
  std::string_view description;
  std::string left;
};
class ToldByRedirects : public testing::TestWithParam<ToldByRedirect> {};
TEST_P(ToldByRedirects, KeepWhatTheAnswerNeeds) {
  const auto query = read_authorization_query(kProven + GetParam().rest);
  ASSERT_TRUE(query) << GetParam().sentence;
  ASSERT_TRUE(query->fault) << GetParam().sentence;
  EXPECT_EQ(query->fault->code, ErrorCode::invalid_request) << GetParam().sentence;
  EXPECT_EQ(query->fault->description, GetParam().description) << GetParam().sentence;
  EXPECT_EQ(encode_form(query->form), GetParam().left) << GetParam().sentence;
}
std::string many_parameters() {
  std::string rest;
  for (int i = 0; i < 127; ++i) rest += "&p" + std::to_string(i) + "=";
  return rest;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section4121, ToldByRedirects,
    testing::Values(
        ToldByRedirect{"a repeated scope", "&scope=a&scope=b&state=s", "The parameter 'scope' appears more than once.",
                       kProven + "&state=s"},
        ToldByRedirect{"a scope repeated under another spelling", "&scope=a&s%63ope=b",
                       "The parameter 'scope' appears more than once.", kProven},
        ToldByRedirect{"a repeated state is none", "&state=a&state=b", "The parameter 'state' appears more than once.",
                       kProven},
        ToldByRedirect{"a state that does not decode is none", "&state=%zz",
                       "The parameter 'state' holds a % that two hexadecimal digits do not follow.", kProven},
        ToldByRedirect{"a stray % elsewhere", "&scope=%&state=s",
                       "The parameter 'scope' holds a % that two hexadecimal digits do not follow.",
                       kProven + "&state=s"},
        ToldByRedirect{"a stray % in a name", "&%=x&state=",
                       "A parameter holds a % that two hexadecimal digits do not follow.", kProven + "&state="},
        ToldByRedirect{"the response_mode is kept", "&scope=a&scope=b&response_mode=fragment",
                       "The parameter 'scope' appears more than once.", kProven + "&response_mode=fragment"},
        ToldByRedirect{"RFC 9126 §4: the pushed request is still the one", "&scope=a&scope=b&request_uri=urn%3Ax",
                       "The parameter 'scope' appears more than once.", kProven + "&request_uri=urn%3Ax"},
        ToldByRedirect{"a repeated response_mode is none", "&response_mode=fragment&response_mode=query",
                       "The parameter 'response_mode' appears more than once.", kProven},
        ToldByRedirect{"129 parameters", many_parameters(), "The request holds more than 128 parameters.", kProven}));

struct ToldOnPage {
  std::string_view sentence;
  std::string query;
  Kind kind;
  std::string_view received;
};
class ToldOnPages : public testing::TestWithParam<ToldOnPage> {};
TEST_P(ToldOnPages, LeadNowhere) {
  const auto query = read_authorization_query(GetParam().query);
  ASSERT_FALSE(query) << GetParam().sentence;
  EXPECT_EQ(query.error().kind, GetParam().kind) << GetParam().sentence;
  EXPECT_EQ(query.error().received, GetParam().received) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section4121, ToldOnPages,
    testing::Values(
        ToldOnPage{"a repeated client_id", kProven + "&client_id=a", Kind::repeated_parameter, "client_id"},
        ToldOnPage{"a repeated redirect_uri", kProven + "&redirect_uri=x", Kind::repeated_parameter, "redirect_uri"},
        ToldOnPage{"a redirect_uri repeated under another spelling, and a repeated scope first",
                   "scope=&scope=&" + kProven + "&redirect%5furi=x", Kind::repeated_parameter, "redirect_uri"},
        ToldOnPage{"a redirect_uri repeated without a readable value", kProven + "&redirect_uri=%zz",
                   Kind::repeated_parameter, "redirect_uri"},
        ToldOnPage{"a client_id that does not decode", "client_id=%zz", Kind::malformed_query, "client_id"},
        ToldOnPage{"a redirect_uri that does not decode", "client_id=a&redirect_uri=%", Kind::malformed_query,
                   "redirect_uri"},
        ToldOnPage{"no client_id", "scope=a&scope=b", Kind::repeated_parameter, "scope"},
        ToldOnPage{"a byte too many", kProven + "&state=" + std::string(4096 - kProven.size() - 6, 's'),
                   Kind::query_too_long, ""},
        ToldOnPage{"too long once it is percent-encoded", kProven + "&state=" + std::string(1400, '\\'),
                   Kind::query_too_long, ""},
        ToldOnPage{"too long, and unreadable", std::string(4097, '%'), Kind::query_too_long, ""}));

TEST(AuthorizationQueryTest, TheLongestIsRead) {
  const auto query = read_authorization_query(kProven + "&state=" + std::string(4096 - kProven.size() - 7, 's'));
  ASSERT_TRUE(query);
  EXPECT_FALSE(query->fault);
}

}  // namespace
}  // namespace chatelaine::oauth
