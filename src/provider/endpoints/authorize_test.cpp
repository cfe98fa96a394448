#include <gtest/gtest.h>

#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

constexpr const char* kPlugin = "response_type=code&client_id=todo-plugin&scope=";
const std::string kRedirect =
    "&redirect_uri=https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-0123456789abcdef0123456789abcdef%2Foauth%2Fcallback";

TestResponse authorize(World& world, const std::string& query, const std::string& cookie = "") {
  auto request = get("/oauth/authorize?" + query);
  if (!cookie.empty()) request.with("Cookie", cookie);
  return world.send(request);
}

/// A request that may not be answered by redirect, and what its page must say.
struct OnPage {
  const char* sentence;
  std::string query;
  const char* said;
};

/// RFC 6749 §4.1.2.1: nothing is redirected before client and redirect URI are proven.
TEST(Authorize, UnprovenRequestsGetAPage) {
  World world;
  const std::vector<OnPage> rows{
      {"no parameters at all", "", "client_id=…"},
      {"a missing client_id", "response_type=code" + kRedirect, "client_id=…"},
      {"an unknown client", "response_type=code&client_id=nobody" + kRedirect, "Received client_id: nobody"},
      {"an unknown client's name is data", "client_id=%3Cscript%3Ealert(1)%3C/script%3E", "<script>alert(1)</script>"},
      {"a repeated client_id", std::string(kPlugin) + kRedirect + "&client_id=worker", "Repeated parameter: client_id"},
      {"a repeated redirect_uri", std::string(kPlugin) + kRedirect + kRedirect, "Repeated parameter: redirect_uri"},
      {"a repeated state", std::string(kPlugin) + kRedirect + "&state=a&state=b", "Repeated parameter: state"},
      {"a stray percent sign", "client_id=%zz", "two hexadecimal digits"},
      {"a foreign redirect_uri", std::string(kPlugin) + "&redirect_uri=https://evil.example/cb",
       "Received redirect_uri: https://evil.example/cb"},
      {"a redirect_uri with a slash too many", std::string(kPlugin) + kRedirect + "%2F",
       "`chatelaine client update todo-plugin --redirect-uri URI`"},
      {"no redirect_uri where there are two", "response_type=code&client_id=strict-web", "redirect_uri=…"},
      {"a client without redirect URIs", "response_type=code&client_id=newcomer&redirect_uri=https://new.example/",
       "`chatelaine client update newcomer --redirect-uri URI`"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    const auto answer = authorize(world, row.query);
    EXPECT_EQ(answer.status, 400);
    EXPECT_FALSE(answer.header("Location"));
    EXPECT_NE(visible_text(answer.body).find(row.said), std::string::npos) << visible_text(answer.body);
    EXPECT_EQ(answer.body.find("<script>alert"), std::string::npos);
    // What is registered stays the operator's business.
    EXPECT_EQ(answer.body.find("strict.example"), std::string::npos);
    EXPECT_NE(answer.header("Content-Security-Policy").value_or("").find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_FALSE(answer.header("Access-Control-Allow-Origin"));
  }
}

/// A request whose fault the client learns by redirect.
struct ByRedirect {
  const char* sentence;
  std::string query;
  const char* error;
};

TEST(Authorize, ProvenRequestsLearnTheirFaultByRedirect) {
  World world;
  const std::string strict = "client_id=strict-web&redirect_uri=https://strict.example/cb&state=s%20%2B%26%C3%A9";
  const std::string challenge = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  const std::vector<ByRedirect> rows{
      {"a missing response_type", strict + challenge + "&code_challenge_method=S256", "invalid_request"},
      {"RFC 9700 §2.1.2: response_type=token", strict + "&response_type=token", "unsupported_response_type"},
      {"RFC 7636 §4.4.1: PKCE required", strict + "&response_type=code", "invalid_request"},
      {"RFC 7636 §4.4.1: plain is refused", strict + challenge + "&response_type=code&code_challenge_method=plain",
       "invalid_request"},
      {"RFC 6749 §3.3: an unknown scope",
       strict + challenge + "&response_type=code&code_challenge_method=S256&scope=lists:burn", "invalid_scope"},
      {"RFC 8707 §2: a foreign resource",
       strict + challenge + "&response_type=code&code_challenge_method=S256&resource=https://other.example",
       "invalid_target"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    const auto answer = authorize(world, row.query);
    EXPECT_EQ(answer.status, 303);
    EXPECT_TRUE(answer.header("Location").value_or("").starts_with("https://strict.example/cb?"));
    EXPECT_EQ(answer.location_parameter("error"), row.error);
    EXPECT_FALSE(answer.location_parameter("error_description").empty());
    EXPECT_EQ(answer.location_parameter("state"), "s +&\xC3\xA9");
    EXPECT_EQ(answer.location_parameter("iss"), "https://todo.example.com");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  }
}

TEST(Authorize, SignedOutLeadsToSignInAndBack) {
  World world;
  const auto answer = authorize(world, kPlugin + kRedirect);
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.location_parameter("return_to"), "/oauth/authorize?" + (kPlugin + kRedirect));
}

TEST(Authorize, AsksOnceAndRemembers) {
  World world;
  const auto cookie = world.sign_in();
  const auto page = authorize(world, kPlugin + kRedirect, cookie);
  EXPECT_EQ(page.status, 200);
  const auto words = visible_text(page.body);
  for (const char* said : {"Todo Helper", "chat.openai.com", "read your lists", "add to your lists", "delete lists"}) {
    EXPECT_NE(words.find(said), std::string::npos) << said;
  }
  EXPECT_NE(page.header("Content-Security-Policy").value_or("").find("https://chat.openai.com"), std::string::npos);

  EXPECT_FALSE(obtain_code(world, cookie).empty());
  const auto again = authorize(world, kPlugin + kRedirect, cookie);
  EXPECT_EQ(again.status, 303);
  EXPECT_TRUE(again.location_parameter("code").starts_with("ctl_ac_"));
  EXPECT_EQ(again.location_parameter("iss"), "https://todo.example.com");
  EXPECT_EQ(again.header("Location")->find("state="), std::string::npos);
}

TEST(Authorize, ARememberedConsentAfterOurOwnFormGoesOnByRefresh) {
  World world;
  const auto cookie = world.sign_in();
  ASSERT_FALSE(obtain_code(world, cookie).empty());
  auto request = get("/oauth/authorize?" + (kPlugin + kRedirect)).with("Cookie", cookie);
  const auto answer = world.send(request.with("Sec-Fetch-Site", "same-origin"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.header("Location"));
  EXPECT_TRUE(answer.header("Refresh").value_or("").starts_with("0;url=https://chat.openai.com/"));
}

TEST(Authorize, AGrownScopeIsAskedAgain) {
  World world;
  const auto cookie = world.sign_in();
  const std::string narrow = "response_type=code&client_id=todo-plugin&scope=lists:read" + kRedirect;
  const auto page = authorize(world, narrow, cookie);
  auto allow = post_form(
      "/consent",
      {{"form_token", page.form_field("form_token")}, {"request", page.form_field("request")}, {"decision", "allow"}});
  ASSERT_EQ(world.send(allow.with("Cookie", cookie)).status, 303);
  EXPECT_EQ(authorize(world, narrow, cookie).status, 303);
  EXPECT_EQ(authorize(world, kPlugin + kRedirect, cookie).status, 200);
}

TEST(Authorize, ALoopbackRedirectAlwaysAsks) {
  World world;
  const auto cookie = world.sign_in();
  const std::string query =
      "response_type=code&client_id=desktop-app&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback"
      "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
  for (int i = 0; i < 2; ++i) {
    const auto page = authorize(world, query, cookie);
    ASSERT_EQ(page.status, 200);
    auto allow = post_form("/consent", {{"form_token", page.form_field("form_token")},
                                        {"request", page.form_field("request")},
                                        {"decision", "allow"}});
    EXPECT_EQ(world.send(allow.with("Cookie", cookie)).status, 303);
  }
}

TEST(Authorize, PostIs405WithAllow) {
  World world;
  const auto answer = world.send(post_form("/oauth/authorize", {}));
  EXPECT_EQ(answer.status, 405);
  EXPECT_NE(answer.header("Allow").value_or("").find("GET"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::provider
