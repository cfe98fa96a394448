#include <gtest/gtest.h>

#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

const std::string kRedirect =
    "&redirect_uri=https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-0123456789abcdef0123456789abcdef%2Foauth%2Fcallback";
const std::string kRequest = "response_type=code&client_id=todo-plugin&scope=&state=a%2Bb" + kRedirect;

TestRequest posted(const std::string& body, const std::string& query = "") {
  return post_raw("/oauth/authorize" + query, "application/x-www-form-urlencoded", body);
}

/// OpenID Connect Core §3.1.2.1, RFC 9700 §4.12: a form of another site arrives without our Lax cookie; the GET that
/// follows has it, and 303 makes it a GET.
TEST(AuthorizePosted, OpenIdConnectCoreSection3121ARequestMayBePosted) {
  World world;
  const auto cookie = world.sign_in();
  const auto answer = world.send(posted(kRequest));
  ASSERT_EQ(answer.status, 303);
  const auto location = answer.header("Location").value_or("");
  EXPECT_EQ(location, "/oauth/authorize?" + kRequest);
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  const auto page = world.send(get(location).with("Cookie", cookie));
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(visible_text(page.body).find("Allow Todo Helper?"), std::string::npos);
}

TEST(AuthorizePosted, HoweverItIsWrittenItIsSentOnEncodedAnew) {
  World world;
  const auto answer = world.send(posted("client_id=todo-plugin&response_type=code&state=a\\\"\r\nb<" + kRedirect));
  ASSERT_EQ(answer.status, 303);
  EXPECT_EQ(answer.location_parameter("state"), "a\\\"\r\nb<");
  EXPECT_EQ(answer.header("Location").value_or("").find_first_of("\r\n\"<\\"), std::string::npos);
}

TEST(AuthorizePosted, ParametersOfTheAddressCountToo) {
  World world;
  const auto answer = world.send(posted("response_type=code" + kRedirect, "?client_id=todo-plugin"));
  ASSERT_EQ(answer.status, 303);
  EXPECT_EQ(answer.location_parameter("client_id"), "todo-plugin");
  EXPECT_EQ(world.send(posted("", "?" + kRequest)).status, 303);
}

TEST(AuthorizePosted, WhatIsWrongWithARequestIsToldAsByGet) {
  World world;
  const std::string queries[] = {
      "",
      "client_id=nobody",
      "client_id=%zz",
      kRequest + "&client_id=todo-plugin",
      kRequest + "&x=" + std::string(4096, 'x'),
      "client_id=todo-plugin&redirect_uri=https://evil.example/",
      kRequest + "&x=1&x=2",
      kRequest + "&resource=https://x.test",
      kRequest + "&response_mode=fragment&x=%",
  };
  for (const auto& query : queries) {
    SCOPED_TRACE(query.substr(0, 200));
    const auto answer = world.send(posted(query));
    const auto by_get = world.send(get("/oauth/authorize?" + query));
    EXPECT_EQ(tell(answer), tell(by_get));
    EXPECT_EQ(answer.header("Location"), by_get.header("Location"));
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_FALSE(answer.header("Access-Control-Allow-Origin"));
  }
}

TEST(AuthorizePosted, WhatIsNoRequestIsToldOnAPage) {
  const std::string go_back = " Go back, load the page again and send the form once more.";
  const WrongRequest rows[] = {
      {"another content type",
       post_json("/oauth/authorize", "{}"),
       {415, "",
        "That form could not be read What was sent is not a form." + go_back +
            " Technical details The content type must be application/x-www-form-urlencoded."}},
      {"a body over 16 KiB",
       posted(kRequest + "&x=" + std::string(17 * 1024, 'x')),
       {413, "", "That form could not be read What was sent is longer than any form here." + go_back}},
      {"RFC 6749 §3.1: a parameter in the body and in the address",
       posted(kRequest, "?client_id=todo-plugin"),
       {400, "",
        "This plugin cannot sign you in yet The link that brought you here says the same thing twice. It is the plugin "
        "author's turn: each parameter of the authorization URL may come once. Technical details Repeated parameter: "
        "client_id"}},
  };
  World world;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    EXPECT_EQ(tell(world.send(row.request)), row.told);
  }
}

}  // namespace
}  // namespace chatelaine::provider
