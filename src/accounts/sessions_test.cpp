#include <gtest/gtest.h>

#include "accounts/hooked_storage_for_test.hpp"
#include "accounts/world_for_test.hpp"

namespace chatelaine::accounts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::contains;
using test::header_of;
using test::kPassword;
using test::Visitor;
using test::World;

AccountsSettings short_lifetimes() {
  AccountsSettings settings = World::make_settings();
  settings.lifetimes = {.idle = minutes{30}, .absolute = hours{2}};
  return settings;
}

TEST(Sessions, EndWhenTheyAreNotUsed) {
  World world(short_lifetimes());
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  world.clock.advance(minutes{30} - milliseconds{1});
  EXPECT_TRUE(ada.is_signed_in());
  world.clock.advance(minutes{30} - milliseconds{1});
  EXPECT_TRUE(ada.is_signed_in()) << "use moves the idle end";
  world.clock.advance(minutes{30});
  EXPECT_FALSE(ada.is_signed_in());
}

TEST(Sessions, EndAfterTheirLifetimeHoweverMuchTheyAreUsed) {
  World world(short_lifetimes());
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  for (int minute = 20; minute < 120; minute += 20) {
    world.clock.advance(minutes{20});
    EXPECT_TRUE(ada.is_signed_in()) << minute;
  }
  world.clock.advance(minutes{20});
  EXPECT_FALSE(ada.is_signed_in());
}

TEST(Sessions, AreTouchedAtMostOnceAMinute) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  const auto last_seen = [&] {
    pages::test::MadeRequest request(net::Method::get, "/");
    request.add_header("Cookie", "__Host-chatelaine_session=" + ada.cookies["__Host-chatelaine_session"]);
    return block_on(world.accounts.find_signed_in(request.get()))->session.last_seen_at;
  };
  const Instant signed_in_at = world.clock.now();
  world.clock.advance(seconds{59});
  EXPECT_EQ(last_seen(), signed_in_at);
  world.clock.advance(seconds{1});
  EXPECT_EQ(last_seen(), world.clock.now());
}

TEST(Sessions, AreUsedOnWhereTheirUseCannotBeNoted) {
  auto storage = std::make_unique<test::HookedStorage>();
  test::HookedSessions& sessions = storage->sessions();
  World world(World::make_settings(), {}, std::move(storage));
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  sessions.is_disk_full = true;
  world.clock.advance(minutes{2});
  EXPECT_EQ(ada.get("/account").status, 200);
}

TEST(Sessions, AreNotProvenByHalfACookie) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  const std::string cookie = ada.cookies["__Host-chatelaine_session"];
  const std::string other_secret = test::with_other_secret("ctl_se_", cookie);
  EXPECT_EQ(other_secret.size(), cookie.size());
  for (const std::string& wrong : {std::string("x"), cookie.substr(1), cookie + "A", other_secret,
                                   "ctl_at_" + cookie.substr(7), std::string("ctl_se_")}) {
    Visitor thief(world);
    thief.cookies["__Host-chatelaine_session"] = wrong;
    EXPECT_FALSE(thief.is_signed_in()) << wrong;
  }
  Visitor plain(world);
  plain.cookies["chatelaine_session"] = cookie;
  EXPECT_FALSE(plain.is_signed_in()) << "without the __Host- prefix";
}

TEST(Sessions, EndWithTheUser) {
  World world;
  const auto user = world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  block_on(world.storage->users().set_enabled(user.id, false, world.clock.now()));
  EXPECT_FALSE(ada.is_signed_in());
}

TEST(SignOut, AsksAndThenEndsTheSession) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  EXPECT_TRUE(contains(ada.get("/sign-out"), "ada@example.com"));
  Visitor thief(world);
  thief.cookies = ada.cookies;
  EXPECT_EQ(ada.post("/sign-out", {}).status, 403) << "no token";
  EXPECT_TRUE(ada.is_signed_in());
  const auto response = ada.submit("/sign-out", "/sign-out", {{"return_to", "/oauth/authorize?x=1"}});
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header_of(response, "Location"), "/oauth/authorize?x=1");
  EXPECT_FALSE(ada.is_signed_in());
  EXPECT_FALSE(thief.is_signed_in()) << "the session ended, not only the cookie";
  EXPECT_TRUE(contains(ada.get("/sign-out"), "You are signed out"));
  EXPECT_EQ(header_of(ada.post("/sign-out", {{"return_to", "//evil.example"}}), "Location"), "/sign-out");
}

TEST(SignOut, TheConsentPagesFormLeadsBack) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  pages::test::MadeRequest request(net::Method::get, "/oauth/authorize");
  request.add_header("Cookie", "__Host-chatelaine_session=" + ada.cookies["__Host-chatelaine_session"]);
  const auto signed_in = block_on(world.accounts.find_signed_in(request.get()));
  pages::Data data;
  world.accounts.add_sign_out(data, *signed_in, "/oauth/authorize?client_id=1");
  world.accounts.add_who(data, *signed_in);
  const auto page = world.renderer.render(200, "consent", "Allow?", data);
  EXPECT_TRUE(contains(page, "href=\"/account\""));
  EXPECT_TRUE(contains(page, "value=\"/oauth/authorize?client_id=1\""));
  const std::vector<Form::Field> fields = {{"form_token", test::token_of(page.body, "/sign-out")},
                                           {"return_to", "/oauth/authorize?client_id=1"}};
  EXPECT_EQ(header_of(ada.post("/sign-out", fields), "Location"), "/oauth/authorize?client_id=1");
  EXPECT_FALSE(ada.is_signed_in());
}

TEST(Accounts, LeadToSignInAndBack) {
  World world;
  const auto response = world.accounts.redirect_to_sign_in("/oauth/authorize?a=1&b=2");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header_of(response, "Location"), "/sign-in?return_to=%2Foauth%2Fauthorize%3Fa%3D1%26b%3D2");
}

TEST(Accounts, AreMovableByAPrefix) {
  AccountsSettings settings = World::make_settings();
  settings.page_prefix = "/auth";
  settings.home_path = "/auth/account";
  World world(std::move(settings));
  Visitor visitor(world);
  EXPECT_EQ(visitor.get("/sign-in").status, 404);
  EXPECT_TRUE(contains(visitor.get("/auth/sign-in"), "action=\"/auth/sign-in?return_to=%2Fauth%2Faccount\""));
  EXPECT_EQ(header_of(visitor.get("/auth/account"), "Location"), "/auth/sign-in?return_to=%2Fauth%2Faccount");
}

TEST(Accounts, OnALoopbackHttpIssuerCookiesHaveNoPrefixAndNoSecure) {
  AccountsSettings settings = World::make_settings();
  settings.cookie_security = net::CookieSecurity::loopback_http;
  World world(std::move(settings));
  Visitor visitor(world);
  const std::string cookie = header_of(visitor.get("/sign-in"), "Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("chatelaine_browser=")) << cookie;
  EXPECT_EQ(cookie.find("Secure"), std::string::npos) << cookie;
}

}  // namespace
}  // namespace chatelaine::accounts
