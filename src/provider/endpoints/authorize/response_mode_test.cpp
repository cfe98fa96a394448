#include <gtest/gtest.h>

#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

const std::string kQuery =
    "response_type=code&client_id=todo-plugin&scope=&state=a%26%22%3Cb"
    "&redirect_uri=https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-0123456789abcdef0123456789abcdef%2Foauth%2Fcallback";
const std::string kState = "a&\"<b";

/// Allows or denies what a query asks for.
TestResponse answer(World& world, const std::string& query, const std::string& decision) {
  const auto cookie = world.sign_in();
  return decide(world, cookie, world.send(get("/oauth/authorize?" + query).with("Cookie", cookie)), decision);
}

std::string redeem(World& world, const std::string& code) {
  return world
      .send(post_form("/oauth/token", {{"grant_type", "authorization_code"},
                                       {"client_id", "todo-plugin"},
                                       {"client_secret", "secret-of-todo-plugin"},
                                       {"code", code},
                                       {"redirect_uri", std::string(World::kPluginRedirect)}}))
      .member("token_type");
}

TEST(ResponseMode, AFragmentHoldsTheAnswer) {
  World world;
  const auto sent = answer(world, kQuery + "&response_mode=fragment", "allow");
  EXPECT_EQ(sent.status, 303);
  const auto location = sent.header("Location").value_or("");
  const auto start = std::string(World::kPluginRedirect) + "#code=ctl_ac_";
  ASSERT_TRUE(location.starts_with(start)) << location;
  const auto form = parse_form(std::string_view(location).substr(location.find('#') + 1));
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("state"), kState);
  EXPECT_EQ(form->get("iss"), "https://todo.example.com");
  EXPECT_EQ(redeem(world, std::string(form->get_or_empty("code"))), "bearer");
}

/// OAuth 2.0 Form Post Response Mode §2: the answer is a page that posts itself, and is never stored.
TEST(ResponseMode, AFormPostIsAPageOfOursWithTheAnswerInItsFields) {
  World world;
  const auto page = answer(world, kQuery + "&response_mode=form_post", "allow");
  EXPECT_EQ(page.status, 200);
  EXPECT_FALSE(page.header("Location"));
  EXPECT_EQ(page.header("Cache-Control"), "no-store");
  const auto policy = page.header("Content-Security-Policy").value_or("");
  EXPECT_NE(policy.find("; script-src 'self'; form-action 'self' https://chat.openai.com https:;"), std::string::npos)
      << policy;
  EXPECT_NE(page.body.find("<form method=\"post\" action=\"" + std::string(World::kPluginRedirect) + "\">"),
            std::string::npos);
  EXPECT_NE(visible_text(page.body).find("chat.openai.com"), std::string::npos);
  EXPECT_EQ(page.form_field("state"), kState);
  EXPECT_EQ(page.form_field("iss"), "https://todo.example.com");
  EXPECT_EQ(redeem(world, page.form_field("code")), "bearer");
}

TEST(ResponseMode, ARememberedConsentIsPostedTooAlsoAfterOurOwnForm) {
  World world;
  const auto cookie = world.sign_in();
  ASSERT_FALSE(obtain_code(world, cookie).empty());
  auto request = get("/oauth/authorize?" + kQuery + "&response_mode=form_post").with("Cookie", cookie);
  const auto page = world.send(request.with("Sec-Fetch-Site", "same-origin"));
  EXPECT_EQ(page.status, 200);
  EXPECT_FALSE(page.header("Refresh"));
  EXPECT_TRUE(page.form_field("code").starts_with("ctl_ac_"));

  auto in_fragment = get("/oauth/authorize?" + kQuery + "&response_mode=fragment").with("Cookie", cookie);
  const auto going_on = world.send(in_fragment.with("Sec-Fetch-Site", "same-origin"));
  EXPECT_TRUE(going_on.header("Refresh").value_or("").starts_with("0;url=" + std::string(World::kPluginRedirect) +
                                                                  "#code=ctl_ac_"));
}

TEST(ResponseMode, FaultsTravelAsTheAnswerWould) {
  World world;
  const auto denied = answer(world, kQuery + "&response_mode=form_post", "deny");
  EXPECT_EQ(denied.status, 200);
  EXPECT_EQ(denied.form_field("error"), "access_denied");
  EXPECT_EQ(denied.form_field("state"), kState);
  EXPECT_EQ(denied.form_field("iss"), "https://todo.example.com");

  const auto wrong = world.send(get("/oauth/authorize?" + kQuery + "&response_mode=form_post&resource=https://x.test"));
  EXPECT_EQ(wrong.form_field("error"), "invalid_target");

  const auto repeated = world.send(get("/oauth/authorize?" + kQuery + "&response_mode=fragment&x=1&x=2"));
  EXPECT_TRUE(repeated.header("Location")
                  .value_or("")
                  .starts_with(std::string(World::kPluginRedirect) + "#error=invalid_request"));
}

/// Which of two modes is meant cannot be known: the default answers.
TEST(ResponseMode, AModeInDoubtIsTheDefault) {
  World world;
  const auto refused =
      world.send(get("/oauth/authorize?" + kQuery + "&response_mode=fragment&response_mode=form_post"));
  const Told told{303, "invalid_request", "The parameter 'response_mode' appears more than once."};
  EXPECT_EQ(tell(refused), told);
}

TEST(ResponseMode, WhatCannotBePostedIsRefusedByRedirect) {
  World world;
  const Told told{303, "invalid_request",
                  "response_mode=form_post needs a redirect URI that begins with https:// or http://, and a state of "
                  "printable ASCII characters (RFC 6749 appendix A.5)."};
  const auto refused =
      world.send(get("/oauth/authorize?response_type=code&client_id=strict-web&redirect_uri=https://strict.example/cb"
                     "&response_mode=form_post&state=a%0Ab"));
  EXPECT_EQ(tell(refused), told);
  EXPECT_EQ(refused.location_parameter("state"), "a\nb");
}

}  // namespace
}  // namespace chatelaine::provider
