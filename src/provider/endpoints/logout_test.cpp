#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "base/form.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

const std::string kBye = "https://portal.example/bye?from=todo";

/// Ada, signed in at portal.
struct Visit {
  World world;
  std::string cookie = world.sign_in();
  std::string id_token = obtain_id_token();

  std::string obtain_id_token() {
    const auto page = world.send(portal_request("").with("Cookie", cookie));
    return redeem_for_portal(world, decide(world, cookie, page, "allow")).member("id_token");
  }
  TestResponse logout(std::vector<Form::Field> fields) {
    return world.send(get("/oauth/logout?" + encode_form(fields)).with("Cookie", cookie));
  }
  /// Presses a button of the page that asks.
  TestResponse confirm(const TestResponse& page, const std::string& decision) {
    auto form = post_form("/oauth/logout/confirmation", {{"form_token", page.form_field("form_token")},
                                                         {"request", page.form_field("request")},
                                                         {"decision", decision}});
    return world.send(form.with("Cookie", cookie));
  }
  bool is_signed_in() { return world.send(get("/account").with("Cookie", cookie)).status == 200; }
};

/// OpenID Connect RP-Initiated Logout §2, §3.
// DEVIATION RP-Initiated Logout §2: without a question.
TEST(Logout, AnIdTokenOfThePersonEndsTheSessionAtOnce) {
  Visit visit;
  const auto answer = visit.logout({{"id_token_hint", visit.id_token},
                                    {"post_logout_redirect_uri", kBye},
                                    {"state", "a b"},
                                    {"client_id", "portal"}});
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.header("Location"), kBye + "&state=a%20b");
  EXPECT_NE(answer.header("Set-Cookie").value_or("").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_FALSE(visit.is_signed_in());
}

TEST(Logout, AnExpiredIdTokenServesToo) {
  Visit visit;
  visit.world.move_clock(std::chrono::hours(2));
  EXPECT_EQ(visit.logout({{"id_token_hint", visit.id_token}}).status, 200);
  EXPECT_FALSE(visit.is_signed_in());
}

TEST(Logout, WithoutAnAddressAPageOfOursIsTheEnd) {
  Visit visit;
  const auto answer = visit.logout({{"id_token_hint", visit.id_token}});
  EXPECT_NE(visible_text(answer.body).find("You are signed out"), std::string::npos);
  EXPECT_FALSE(visit.is_signed_in());
}

/// THREATS N47.
TEST(Logout, AnIdTokenHintStandsInNoLog) {
  Visit visit;
  const auto broken = visit.id_token.substr(0, visit.id_token.size() - 8) + "AAAAAAAA";
  EXPECT_EQ(visit.logout({{"id_token_hint", broken}}).status, 400);
  EXPECT_EQ(visit.logout({{"id_token_hint", visit.id_token}}).status, 200);
  const auto claims = visit.id_token.substr(visit.id_token.find('.') + 1, 40);
  EXPECT_EQ(visit.world.log().find(claims), std::string::npos);
}

/// §2: without an ID token the person is asked; nothing happens before they answer.
TEST(Logout, WithoutAnIdTokenThePersonDecides) {
  for (const std::string decision : {"sign_out", "stay"}) {
    Visit visit;
    const auto page = visit.logout({{"client_id", "portal"}, {"post_logout_redirect_uri", kBye}, {"state", "s"}});
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(visible_text(page.body).find("Portal asks to sign you out here."), std::string::npos);
    EXPECT_NE(visible_text(page.body).find("You will be taken back to portal.example"), std::string::npos);
    EXPECT_TRUE(visit.is_signed_in());

    const auto answer = visit.confirm(page, decision);
    const bool goes = decision == "sign_out";
    EXPECT_EQ(answer.status, goes ? 303 : 200) << decision;
    EXPECT_EQ(answer.header("Location").value_or(""), goes ? kBye + "&state=s" : "") << decision;
    EXPECT_EQ(visit.is_signed_in(), !goes) << decision;
  }
}

/// §2: the ID token of somebody else than the one who is there.
TEST(Logout, WhoeverIsNotMeantIsAsked) {
  Visit visit;
  auto grace = *block_on(visit.world.storage().users().find_user(visit.world.ada()));
  block_on(visit.world.storage().users().remove_user(grace.id, visit.world.now()));
  grace.subject = oauth::Subject("user-1906");
  block_on(visit.world.storage().users().add_user(grace));
  visit.cookie = visit.world.sign_in();
  EXPECT_NE(visible_text(visit.logout({{"id_token_hint", visit.id_token}}).body).find("Sign out?"), std::string::npos);
  EXPECT_TRUE(visit.is_signed_in());
}

/// §2: the request may be posted, by a form of any site: the browser goes on to GET, where its cookie counts.
TEST(Logout, APostedRequestIsSentOn) {
  Visit visit;
  const auto answer = visit.world.send(post_form("/oauth/logout", {{"client_id", "portal"}, {"state", "a&b"}}));
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.header("Location"), "/oauth/logout?client_id=portal&state=a%26b");
  EXPECT_TRUE(visit.is_signed_in());
}

TEST(Logout, NobodyWhoIsThereIsNoFault) {
  Visit visit;
  visit.cookie.clear();
  EXPECT_EQ(visit.logout({}).status, 200);
  const auto answer = visit.logout({{"client_id", "portal"}, {"post_logout_redirect_uri", kBye}});
  EXPECT_EQ(answer.header("Location"), kBye);
}

/// RFC 9110 §9.2.1.
TEST(Logout, HeadEndsNothing) {
  Visit visit;
  auto head = get("/oauth/logout?id_token_hint=" + visit.id_token);
  head.method = "HEAD";
  static_cast<void>(visit.world.send(head.with("Cookie", visit.cookie)));
  EXPECT_TRUE(visit.is_signed_in());
}

struct WrongRow {
  const char* sentence;
  std::vector<Form::Field> fields;
  const char* told;
};

/// RP-Initiated Logout §3, §4: an error page, no redirect, and nobody is signed out.
TEST(Logout, WrongRequestsEndNothingAndLeadNowhere) {
  Visit visit;
  const WrongRow rows[] = {
      {"§4: no ID token of ours", {{"id_token_hint", "x"}}, "The id_token_hint is not an ID token of this server."},
      {"§2: of another client",
       {{"id_token_hint", visit.id_token}, {"client_id", "todo-plugin"}},
       "The id_token_hint was given to another client than client_id names."},
      {"§3: an unregistered address",
       {{"id_token_hint", visit.id_token}, {"post_logout_redirect_uri", kBye + "x"}},
       "The post_logout_redirect_uri is not registered for this client"},
      {"an address without a client",
       {{"post_logout_redirect_uri", kBye}},
       "A post_logout_redirect_uri needs an id_token_hint"},
      {"an address of an unknown client",
       {{"client_id", "nobody"}, {"post_logout_redirect_uri", kBye}},
       "A post_logout_redirect_uri needs an id_token_hint"},
      {"a repeated parameter",
       {{"state", "a"}, {"state", "b"}},
       "The query is not percent-encoded, or repeats a parameter."},
  };
  for (const auto& row : rows) {
    const auto answer = visit.logout(row.fields);
    EXPECT_EQ(answer.status, 400) << row.sentence;
    EXPECT_FALSE(answer.header("Location")) << row.sentence;
    EXPECT_NE(visible_text(answer.body).find(row.told), std::string::npos) << row.sentence << "\n"
                                                                           << visible_text(answer.body);
  }
  EXPECT_TRUE(visit.is_signed_in());
}

/// A form of another site comes without the session's cookie: what it would take away stays.
TEST(Logout, AConfirmationFromElsewhereTakesNoCookieAway) {
  Visit visit;
  const auto answer = visit.world.send(post_form(
      "/oauth/logout/confirmation", {{"form_token", "x"}, {"request", "client_id=portal"}, {"decision", "sign_out"}}));
  EXPECT_FALSE(answer.header("Set-Cookie"));
  EXPECT_TRUE(visit.is_signed_in());
}

TEST(Logout, AForgedConfirmationIsRefused) {
  Visit visit;
  auto page = visit.logout({{"client_id", "portal"}});
  auto form = post_form("/oauth/logout/confirmation",
                        {{"form_token", "forged"}, {"request", "client_id=portal"}, {"decision", "sign_out"}});
  EXPECT_EQ(visit.world.send(form.with("Cookie", visit.cookie)).status, 403);
  EXPECT_TRUE(visit.is_signed_in());
}

}  // namespace
}  // namespace chatelaine::provider
