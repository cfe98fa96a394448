#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

const std::string kQuery =
    "response_type=code&client_id=todo-plugin&scope=&state=a%2Bb"
    "&redirect_uri=https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-0123456789abcdef0123456789abcdef%2Foauth%2Fcallback";

/// A signed-in browser that looks at the consent page.
struct Visit {
  World world;
  std::string cookie = world.sign_in();
  TestResponse page = world.send(get("/oauth/authorize?" + kQuery).with("Cookie", cookie));

  TestResponse decide(const std::string& decision) { return post(decision, kQuery, page.form_field("form_token")); }
  TestResponse post(const std::string& decision, const std::string& query, const std::string& form_token) {
    auto request = post_form("/consent", {{"form_token", form_token}, {"request", query}, {"decision", decision}});
    return world.send(request.with("Cookie", cookie));
  }
};

TEST(Consent, AllowGivesACodeWithStateAndIssuer) {
  Visit visit;
  const auto answer = visit.decide("allow");
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(answer.location_parameter("code").starts_with("ctl_ac_"));
  EXPECT_EQ(answer.location_parameter("state"), "a+b");
  EXPECT_EQ(answer.location_parameter("iss"), "https://todo.example.com");
}

TEST(Consent, DenyIsAccessDeniedAndRemembersNothing) {
  Visit visit;
  const auto answer = visit.decide("deny");
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.location_parameter("error"), "access_denied");
  EXPECT_EQ(answer.location_parameter("state"), "a+b");
  EXPECT_EQ(answer.location_parameter("code"), "");
  EXPECT_TRUE(block_on(visit.world.storage().consents().list_consents(visit.world.ada())).empty());
}

struct WrongForm {
  const char* sentence;
  std::function<TestResponse(Visit&)> post;
  int status;
};

TEST(Consent, WrongForms) {
  const std::vector<WrongForm> rows{
      {"no form token", [](Visit& visit) { return visit.post("allow", kQuery, ""); }, 403},
      {"a form token of another request",
       [](Visit& visit) { return visit.post("allow", kQuery + "&scope2=x", visit.page.form_field("form_token")); },
       403},
      {"a form that another site posted",
       [](Visit& visit) {
         auto request = post_form(
             "/consent",
             {{"form_token", visit.page.form_field("form_token")}, {"request", kQuery}, {"decision", "allow"}});
         return visit.world.send(request.with("Cookie", visit.cookie).with("Origin", "https://evil.example"));
       },
       403},
      {"no decision", [](Visit& visit) { return visit.decide(""); }, 400},
      {"an unknown decision", [](Visit& visit) { return visit.decide("maybe"); }, 400},
      {"a repeated field",
       [](Visit& visit) {
         auto request = post_form("/consent", {{"decision", "allow"}, {"decision", "deny"}});
         return visit.world.send(request.with("Cookie", visit.cookie));
       },
       400},
      {"a JSON body",
       [](Visit& visit) { return visit.world.send(post_json("/consent", "{}").with("Cookie", visit.cookie)); }, 415},
      {"a client that was removed meanwhile",
       [](Visit& visit) {
         const oauth::ClientId id("todo-plugin");
         block_on(visit.world.storage().clients().remove_client(id));
         return visit.decide("allow");
       },
       400},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    Visit visit;
    const auto answer = row.post(visit);
    EXPECT_EQ(answer.status, row.status);
    EXPECT_FALSE(answer.header("Location"));
    EXPECT_TRUE(block_on(visit.world.storage().consents().list_consents(visit.world.ada())).empty());
  }
}

TEST(Consent, ASignedOutBrowserIsLedToSignInAndBackToTheRequest) {
  Visit visit;
  visit.cookie = "other=1";
  const auto answer = visit.decide("allow");
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(answer.location_parameter("return_to").starts_with("/oauth/authorize?response_type=code&"));
}

TEST(Consent, ADisabledUsersSessionDecidesNothing) {
  Visit visit;
  block_on(visit.world.storage().users().set_enabled(visit.world.ada(), false, visit.world.now()));
  EXPECT_EQ(visit.decide("allow").location_parameter("code"), "");
}

}  // namespace
}  // namespace chatelaine::provider
