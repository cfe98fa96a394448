#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "base/json.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// Ada's browser.
struct Visit {
  World world;
  std::string cookie = world.sign_in();

  std::string browser;

  /// A browser keeps the cookie that it is known by.
  TestResponse go(const TestRequest& request) {
    auto answer = world.send(TestRequest(request).with("Cookie", cookie + browser));
    const auto set = answer.header("Set-Cookie").value_or("");
    if (set.find("_browser=") != std::string::npos) browser = "; " + set.substr(0, set.find(';'));
    return answer;
  }
  TestResponse go_to(const std::string& path) { return go(get(path)); }
  /// Lets portal have `openid`, so that it is remembered.
  void allow() { static_cast<void>(decide(world, cookie, go(portal_request("")), "allow")); }
  /// Where a redirect to the sign-in page wants to come back to.
  static std::string return_to(const TestResponse& answer) { return answer.location_parameter("return_to"); }
};

bool asks_for_consent(const TestResponse& answer) {
  return answer.status == 200 && visible_text(answer.body).find("Allow Portal?") != std::string::npos;
}
bool asks_to_sign_in(const TestResponse& answer) {
  return answer.status == 303 && answer.header("Location").value_or("").starts_with("/sign-in?");
}
bool is_answered(const TestResponse& answer) { return !answer.location_parameter("code").empty(); }

/// OpenID Connect Core §3.1.2.1, §3.1.2.3: the person signs in again, for this request, and is not asked a third time.
TEST(Interaction, PromptLoginAsksForAFreshSignIn) {
  for (const char* more : {"&prompt=login", "&max_age=0"}) {
    Visit visit;
    visit.allow();
    visit.world.move_clock(std::chrono::minutes(5));
    const auto asked = visit.go(portal_request(more));
    ASSERT_TRUE(asks_to_sign_in(asked)) << more;
    EXPECT_EQ(asked.location_parameter("again"), "yes");
    const auto back = Visit::return_to(asked);

    EXPECT_TRUE(asks_to_sign_in(visit.go_to(back))) << more << ": whoever only comes back has not signed in";
    EXPECT_EQ(visit.go_to(asked.header("Location").value_or("")).status, 200) << "the page, though signed in";
    visit.world.move_clock(std::chrono::minutes(1));
    visit.cookie = visit.world.sign_in();
    const auto answered = visit.go_to(back);
    ASSERT_TRUE(is_answered(answered)) << more;
    const auto claims = parse_json(jwt_claims(redeem_for_portal(visit.world, answered).member("id_token")));
    EXPECT_EQ(claims->at("auth_time"), json::value(to_numeric_date(visit.world.now())));

    EXPECT_TRUE(asks_to_sign_in(visit.go(portal_request(more)))) << more << ": another request, another sign-in";
  }
}

/// Nobody but us says since when a sign-in was asked for.
TEST(Interaction, TheMomentOfAskingCannotBeForged) {
  Visit visit;
  visit.allow();
  visit.world.move_clock(std::chrono::minutes(5));
  const auto back = Visit::return_to(visit.go(portal_request("&prompt=login")));
  const auto mark = back.find("&asked_at=");
  ASSERT_NE(mark, std::string::npos);
  const auto dot = back.find('.', mark);
  visit.world.move_clock(std::chrono::minutes(1));
  visit.cookie = visit.world.sign_in();
  const auto spoilt = [&](std::size_t at) {
    auto text = back;
    text[at] = text[at] == '1' ? '2' : '1';
    return text;
  };
  EXPECT_TRUE(asks_to_sign_in(visit.go_to(spoilt(dot - 1)))) << "another moment";
  EXPECT_TRUE(asks_to_sign_in(visit.go_to(spoilt(dot + 1)))) << "another authentication";
  EXPECT_TRUE(asks_to_sign_in(visit.go_to(back.substr(0, mark) + "&nonce=other" + back.substr(mark))))
      << "another request";
  EXPECT_TRUE(asks_to_sign_in(visit.go_to(back.substr(0, dot)))) << "no authentication";
  const auto own = std::exchange(visit.browser, "; __Host-chatelaine_browser=" + std::string(32, 'A'));
  EXPECT_TRUE(asks_to_sign_in(visit.go_to(back))) << "another browser";
  visit.browser = own;
  EXPECT_TRUE(is_answered(visit.go_to(back)));
  visit.world.move_clock(-std::chrono::minutes(10));
  EXPECT_TRUE(asks_to_sign_in(visit.go_to(back))) << "asked in the future, once the clock is set back";
  visit.world.move_clock(std::chrono::minutes(26));
  EXPECT_TRUE(asks_to_sign_in(visit.go_to(back))) << "too long ago";
}

TEST(Interaction, MaxAgeComparesWithTheSignIn) {
  Visit visit;
  visit.allow();
  visit.world.move_clock(seconds(60));
  EXPECT_TRUE(is_answered(visit.go(portal_request("&max_age=60"))));
  EXPECT_TRUE(asks_to_sign_in(visit.go(portal_request("&max_age=59"))));
}

/// OpenID Connect Dynamic Client Registration §2: default_max_age.
TEST(Interaction, AClientsOwnMaxAgeCountsToo) {
  Visit visit;
  visit.allow();
  auto client = *block_on(visit.world.storage().clients().find_client(oauth::ClientId("portal")));
  client.default_max_age = seconds(10);
  block_on(visit.world.storage().clients().update_client(client, visit.world.now()));
  visit.world.move_clock(seconds(60));
  EXPECT_TRUE(asks_to_sign_in(visit.go(portal_request(""))));
  EXPECT_TRUE(is_answered(visit.go(portal_request("&max_age=60"))));
}

TEST(Interaction, TheOperatorsAgeCountsWhateverAClientSays) {
  Visit visit;
  visit.allow();
  visit.world.change_settings([](auto& settings) { settings.longest_sign_in_age = seconds(60); });
  visit.world.move_clock(seconds(60));
  for (const char* more : {"", "&max_age=60", "&max_age=3600"})
    EXPECT_TRUE(is_answered(visit.go(portal_request(more)))) << more;
  EXPECT_TRUE(asks_to_sign_in(visit.go(portal_request("&max_age=59"))));
  visit.world.move_clock(seconds(1));
  for (const char* more : {"", "&max_age=3600"}) EXPECT_TRUE(asks_to_sign_in(visit.go(portal_request(more)))) << more;
}

TEST(Interaction, MaxAgeHoldsAlsoWhileTheConsentPageLiesOpen) {
  Visit visit;
  const auto page = visit.go(portal_request("&max_age=60"));
  ASSERT_TRUE(asks_for_consent(page));
  visit.world.move_clock(seconds(61));
  EXPECT_TRUE(asks_to_sign_in(decide(visit.world, visit.cookie + visit.browser, page, "allow")));
}

TEST(Interaction, PromptConsentAsksAgain) {
  Visit visit;
  visit.allow();
  EXPECT_TRUE(is_answered(visit.go(portal_request(""))));
  const auto page = visit.go(portal_request("&prompt=consent"));
  ASSERT_TRUE(asks_for_consent(page));
  EXPECT_TRUE(is_answered(decide(visit.world, visit.cookie + visit.browser, page, "allow")));
}

TEST(Interaction, PromptSelectAccountAsksAsWhom) {
  Visit visit;
  visit.allow();
  const auto page = visit.go(portal_request("&prompt=select_account"));
  ASSERT_EQ(page.status, 200);
  const auto text = visible_text(page.body);
  EXPECT_NE(text.find("Portal asks which of your accounts it shall use."), std::string::npos) << text;
  EXPECT_NE(text.find("Go on as Ada Lovelace"), std::string::npos) << text;
  const auto start = page.body.find("href=\"/oauth/authorize?") + 6;
  auto href = page.body.substr(start, page.body.find('"', start) - start);
  for (auto at = href.find("&amp;"); at != std::string::npos; at = href.find("&amp;")) href.replace(at, 5, "&");
  EXPECT_TRUE(is_answered(visit.go_to(href)));
}

struct SilentRow {
  const char* sentence;
  bool is_allowed;
  bool is_signed_in;
  const char* more;
  const char* error;
};

/// OpenID Connect Core §3.1.2.1, §3.1.2.6.
TEST(Interaction, PromptNoneShowsNoPage) {
  const SilentRow rows[] = {
      {"everything is settled", true, true, "&prompt=none", ""},
      {"nobody is signed in", true, false, "&prompt=none", "login_required"},
      {"the sign-in is too old", true, true, "&prompt=none&max_age=59", "login_required"},
      {"nothing was allowed yet", false, true, "&prompt=none", "consent_required"},
      {"with another prompt", true, true, "&prompt=none%20login", "invalid_request"},
      {"an id_token_hint that is none", true, true, "&prompt=none&id_token_hint=x", "invalid_request"},
  };
  for (const auto& row : rows) {
    Visit visit;
    if (row.is_allowed) visit.allow();
    visit.world.move_clock(seconds(60));
    if (!row.is_signed_in) visit.cookie.clear();
    const auto answer = visit.go(portal_request(row.more));
    EXPECT_EQ(answer.status, 303) << row.sentence;
    EXPECT_TRUE(answer.header("Location").value_or("").starts_with(World::kPortalRedirect)) << row.sentence;
    EXPECT_EQ(answer.location_parameter("error"), row.error) << row.sentence;
    EXPECT_EQ(answer.location_parameter("state"), "s") << row.sentence;
    EXPECT_EQ(answer.location_parameter("iss"), "https://todo.example.com") << row.sentence;
  }
}

/// RFC 8252 §8.6: any local program could pose as the client, so a remembered consent does not count.
TEST(Interaction, PromptNoneIsNoWayAroundConsentForALocalClient) {
  Visit visit;
  const std::string query =
      "/oauth/authorize?response_type=code&client_id=desktop-app&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback"
      "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
  static_cast<void>(decide(visit.world, visit.cookie, visit.go_to(query), "allow"));
  EXPECT_EQ(visit.go_to(query + "&prompt=none").location_parameter("error"), "consent_required");
}

/// OpenID Connect Core §3.1.2.2.
TEST(Interaction, AnIdTokenHintNamesWhoIsExpected) {
  Visit visit;
  const auto page = visit.go(portal_request(""));
  const auto id_token = redeem_for_portal(visit.world, decide(visit.world, visit.cookie + visit.browser, page, "allow"))
                            .member("id_token");
  const auto hinted = "&id_token_hint=" + id_token;
  EXPECT_TRUE(is_answered(visit.go(portal_request(hinted + "&prompt=none"))));
  EXPECT_EQ(visit.go(portal_request(hinted + "AAAA&prompt=none")).location_parameter("error"), "invalid_request");
  EXPECT_EQ(visit.world.log().find(id_token.substr(id_token.find('.') + 1, 40)), std::string::npos) << "THREATS N47";

  // Ada's account goes to somebody else: the address stays, the subject does not.
  auto grace = *block_on(visit.world.storage().users().find_user(visit.world.ada()));
  block_on(visit.world.storage().users().remove_user(grace.id, visit.world.now()));
  grace.subject = oauth::Subject("user-1906");
  block_on(visit.world.storage().users().add_user(grace));
  visit.cookie = visit.world.sign_in();
  EXPECT_EQ(visit.go(portal_request(hinted + "&prompt=none")).location_parameter("error"), "login_required");
  visit.world.move_clock(seconds(1));
  const auto asked = visit.go(portal_request(hinted));
  ASSERT_TRUE(asks_to_sign_in(asked));
  visit.world.move_clock(seconds(1));
  visit.cookie = visit.world.sign_in();
  EXPECT_EQ(visit.go_to(Visit::return_to(asked)).location_parameter("error"), "login_required")
      << "the same other person again";
}

TEST(Interaction, ALoginHintBeginsTheSignIn) {
  World world;
  const auto asked = world.send(portal_request("&login_hint=ada%40example.com"));
  EXPECT_EQ(asked.location_parameter("login_hint"), "ada@example.com");
  const auto page = world.send(get(asked.header("Location").value_or("")));
  EXPECT_NE(page.body.find("type=\"email\" value=\"ada@example.com\""), std::string::npos);
  EXPECT_EQ(world.send(portal_request("&login_hint=%22%3E%3Cscript%3E")).location_parameter("login_hint"), "")
      << "what is no address is not shown";
}

/// What a plain request carries through sign-in stays as short as it was.
TEST(Interaction, ARequestThatDemandsNothingIsCarriedAsItCame) {
  World world;
  const auto asked = world.send(portal_request(""));
  EXPECT_EQ(asked.location_parameter("return_to").find("asked_at"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::provider
