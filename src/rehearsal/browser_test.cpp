#include "rehearsal/browser.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "rehearsal/api_caller.hpp"
#include "rehearsal/at_once.hpp"
#include "rehearsal/internet_for_test.hpp"
#include "rehearsal/profile_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

constexpr std::string_view kSignIn =
    "<form method=post action=/in><input name=u><input name=p type=password><button>Sign in</button></form>";

std::string sign_in_at(Internet& internet) {
  const auto profile = plugin_profile();
  const UsedRedirect redirect{&profile.redirects.front(), oauth::RedirectUri("https://chat.example/cb")};
  const Server server;
  const Client client;
  const SignIn person{"me", Password("secret")};
  Browser browser(internet, *parse_http_url("https://a.example/authorize"), redirect.uri);
  const auto result =
      block_on(sign_in(browser, "https://a.example/authorize", person, {profile, server, client}, redirect));
  return result ? *result : std::string(result.error().code) + ": " + result.error().seen;
}

TEST(SignIn, GoesThroughPagesWithTheirCookiesAndStopsBeforeTheAssistant) {
  std::string cookie;
  Internet internet([&](const inspection::Question& question) {
    if (question.method == "GET") return answer_with(200, {{"Set-Cookie", "s=1; Path=/"}}, std::string(kSignIn));
    for (const net::Header& header : question.headers)
      if (header.name == "Cookie") cookie = header.value;
    EXPECT_EQ(question.body, "u=me&p=secret");
    return answer_with(303, {{"Location", "https://chat.example/cb?code=1&state=2"}}, "");
  });
  EXPECT_EQ(sign_in_at(internet), "https://chat.example/cb?code=1&state=2");
  EXPECT_EQ(cookie, "s=1");
  EXPECT_EQ(internet.asked.size(), 2U);
}

/// The password is meant for one origin.
TEST(SignIn, NeverLeavesTheOriginOfTheAuthorizationEndpoint) {
  struct Row {
    std::string_view sentence;
    net::FetchedDocument answer;
    std::string_view seen;
  };
  for (const Row& row : {
           Row{"a redirect", answer_with(302, {{"Location", "https://evil.example/in"}}, ""),
               "sign_in: the sign-in leads on to \"https://evil.example\", and the password is meant for "
               "https://a.example alone"},
           Row{"something that begins like the redirect URI",
               answer_with(302, {{"Location", "https://chat.example/cb.evil.example"}}, ""),
               "sign_in: the sign-in leads on to \"https://chat.example\", and the password is meant for "
               "https://a.example alone"},
           Row{"a form",
               answer_with(200, {},
                           "<form method=post action=https://evil.example/><input name=p type=password></form>"),
               "sign_in: the sign-in leads on to \"https://evil.example\", and the password is meant for "
               "https://a.example alone"},
           Row{"to itself", answer_with(302, {{"Location", "/authorize"}}, ""),
               "sign_in: the sign-in is redirected more than 10 times"},
           Row{"an error", answer_with(400, {}, "<p>redirect_uri is unknown"),
               "redirect_uri: the authorization endpoint answers with status 400 where it should show its sign-in, for "
               "the redirect URI https://chat.example/cb. It says: \"redirect_uri is unknown\"."},
       }) {
    Internet internet([&](const inspection::Question&) { return row.answer; });
    EXPECT_EQ(sign_in_at(internet), row.seen) << row.sentence;
    for (const std::string& asked : internet.asked) EXPECT_TRUE(asked.starts_with("GET https://a.example/")) << asked;
  }
}

TEST(AtOnce, BringsTheAnswersInTheOrderOfTheQuestions) {
  Internet internet([](const inspection::Question& question) { return answer_with(200, {}, question.body); });
  std::vector<inspection::Question> questions(3);
  for (std::size_t i = 0; i < questions.size(); ++i) questions[i].body = std::to_string(i);
  const auto visits = block_on(visit_at_once(internet, std::move(questions)));
  ASSERT_EQ(visits.size(), 3U);
  for (std::size_t i = 0; i < visits.size(); ++i) EXPECT_EQ(visits[i].answer->body, std::to_string(i));
}

TEST(SafeCall, IsAGetThatNeedsNothing) {
  const HttpUrl base = *parse_http_url("https://a.example/docs/openapi.yaml");
  const auto find = [&](std::string_view description) { return find_safe_call(description, base).value_or("none"); };
  EXPECT_EQ(
      find(
          "openapi: 3.0.0\nservers: [{url: /v1/}]\npaths:\n  /a: {post: {}}\n  /b/{id}: {get: {}}\n  /c: {get: "
          "{parameters: [{name: q, in: query, required: true}]}}\n  /d: {get: {parameters: [{name: q, in: query}]}}\n"),
      "https://a.example/v1/d");
  EXPECT_EQ(find("openapi: 3.0.0\npaths:\n  /a: {get: {}}\n"), "https://a.example/a");
  EXPECT_EQ(find("openapi: 3.0.0\npaths:\n  /a: {post: {}}\n"), "none");
  EXPECT_EQ(find("<html>"), "none");
}

}  // namespace
}  // namespace chatelaine::rehearsal
