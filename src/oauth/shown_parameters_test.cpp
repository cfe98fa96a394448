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
    {"and its user information", "redirect_uri", "https://u:p@a.example/cb", "https://…@a.example/cb"},
    {"of whatever scheme, and whatever its port", "redirect_uri", "myapp://u:p@x/", "myapp://…@x/"},
    {"also without a host", "redirect_uri", "com.example.app:/cb?token=x", "com.example.app:/cb?…"},
    {"and what is none", "redirect_uri", "cb?token=x y", "cb?…"},
    {"its fragment too", "redirect_uri", "https://a.example/cb#access_token=x", "https://a.example/cb#…"},
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

/// THREATS N47: whoever wrote the sentence.
TEST(ShownParameters, UrisInSentencesLoseWhatTheirQueriesSay) {
  const std::pair<const char*, const char*> rows[] = {
      {"It came to https://a.example/cb?x=1&y=https://b.example, but not 'myapp:/b?x=1'.",
       "It came to https://a.example/cb?…, but not 'myapp:/b?…'."},
      {"received=https://u:p@a.example/?t=ctl_at_x&s=y", "received=https://…@a.example/?…"},
      {"https://a.example/ctl_at_x/b#c. Then", "https://a.example/(8 characters)/b#…. Then"},
      {"Is it https://a.example/? Then (http://[::1]:80/a?b)", "Is it https://a.example/? Then (http://[::1]:80/a?…)"},
      {"\"https://a.example/?a\" and <https://a.example/?b>", "\"https://a.example/?…\" and <https://a.example/?…>"},
      {"https://a.example/?… https://a.example/?...", "https://a.example/?… https://a.example/?..."},
      {"nothing: /to/hide? :/ a://", "nothing: /to/hide? :/ a://"},
      {"ctl_at_x", "(8 characters)"},
      {"", ""},
  };
  for (const auto& [text, shown] : rows) EXPECT_EQ(show_text(text), shown);
}

/// RFC 6749 §5.2: in the characters of an error_description.
TEST(ShownParameters, AUriIsQuotedToItsClient) {
  EXPECT_EQ(quote_uri("https://u:p@a.example/ctl_at_x?y=z#a"), "'https://...@a.example/(8 characters)?...'");
  EXPECT_EQ(quote_uri("a b?c d"), "'a b?...'");
  EXPECT_EQ(quote_uri(""), "''");
  EXPECT_EQ(quote_uri("https://a.example/" + std::string(500, 'a')).size(), 202U);
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
