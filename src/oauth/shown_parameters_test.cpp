#include "oauth/shown_parameters.hpp"

#include <gtest/gtest.h>

namespace chatelaine::oauth {
namespace {

struct Row {
  const char* sentence;
  const char* name;
  std::string value;
  std::string shown;
};

const Row kRows[] = {
    {"what is public is shown", "grant_type", "authorization_code", "authorization_code"},
    {"a code is not", "code", "abc", "(3 characters)"},
    {"nor what is not known", "x-mine", "hidden", "(6 characters)"},
    {"a secret that came empty is told from one that is missing", "client_secret", "", "(empty)"},
    {"state proves whose browser it is", "state", "s3cret", "(6 characters)"},
    {"request_uri opens a request, whoever made it", "request_uri", "urn:x:abc", "(9 characters)"},
    {"login_hint is a person's", "login_hint", "ada@example.com", "(15 characters)"},
    {"a secret in the wrong field is none the less one", "client_id", "ctl_cs_0123456789", "(17 characters)"},
    {"and in the middle of another", "scope", "read ctl_rt_x", "read (8 characters)"},
    {"a redirect URI loses what its query says", "redirect_uri", "https://a.example/cb?token=x",
     "https://a.example/cb?…"},
    {"and its user information", "redirect_uri", "https://u:p@a.example/cb", "(a URI with user information)"},
    {"of whatever scheme, and whatever its port", "redirect_uri", "myapp://u:p@x/", "(a URI with user information)"},
    {"a document's URL too", "client_id", "https://a.example/c?key=1", "https://a.example/c?…"},
    {"a JWT is a token", "resource", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "(36 characters)"},
    {"and so is what the cut leaves of one", "scope", std::string(296, 'a') + "ctl_rt_x",
     std::string(296, 'a') + "(4 characters)… (304 characters)"},
    {"a long value is cut", "scope", std::string(400, 'a'), std::string(300, 'a') + "… (400 characters)"},
};

/// THREATS N47.
TEST(ShownParameters, SecretsAreNot) {
  for (const Row& row : kRows) EXPECT_EQ(show_parameter(row.name, row.value), row.shown) << row.sentence;
}

TEST(ShownParameters, AreBounded) {
  Form form;
  for (int i = 0; i < 100; ++i) form.add("n" + std::to_string(i), "v");
  EXPECT_EQ(show_parameters(form).size(), 30U);
}

TEST(ShownParameters, ABodyThatIsReadAsAFormByMistakeIsNoName) {
  for (const std::string name : {R"({"refresh_token":"ctl_rt_x"})", "ctl_rt_abc", "eyJhbGci", "a b"}) {
    Form form;
    form.add(name, "");
    EXPECT_EQ(show_parameters(form)[0].name, describe_secret(name));
  }
}

TEST(ShownParameters, TokensAreHiddenInSentences) {
  EXPECT_EQ(hide_tokens("The parameter 'ctl_rt_abc' came twice, as eyJh.eyJz.x did."),
            "The parameter '(10 characters)' came twice, as (11 characters) did.");
  EXPECT_EQ(hide_tokens("ctl_actl_b eyJ"), "(10 characters) (3 characters)");
}

TEST(ShownParameters, TheLinkOfASignInIsTheSameOnTheWayBack) {
  const auto link = [](std::string_view query) { return authorization_link(*parse_form(query)); };
  const auto first = link("client_id=c&redirect_uri=https%3A%2F%2Fa.example%2F&state=1&scope=a");
  EXPECT_EQ(first.size(), 20U);
  EXPECT_EQ(first, link("scope=a&state=1&redirect_uri=https:%2F%2Fa.example%2F&client_id=c&asked_at=5.x"));
  EXPECT_NE(first, link("client_id=c&redirect_uri=https%3A%2F%2Fa.example%2F&state=2&scope=a"));
  EXPECT_EQ(link("state=1"), "");
  EXPECT_NE(link("client_id=c&request_uri=urn:1"), link("client_id=c&request_uri=urn:2"));
  EXPECT_EQ(link("client_id=c&redirect_uri=https:%2F%2Fa.example%2F"), "") << "another sign-in would have the same";
}

}  // namespace
}  // namespace chatelaine::oauth
