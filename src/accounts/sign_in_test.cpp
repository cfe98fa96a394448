#include <gtest/gtest.h>

#include "accounts/hooked_storage_for_test.hpp"
#include "accounts/world_for_test.hpp"

namespace chatelaine::accounts {
namespace {

using test::contains;
using test::header_of;
using test::kPassword;
using test::Visitor;
using test::World;

constexpr const char* kSession = "__Host-chatelaine_session";
constexpr const char* kBrowser = "__Host-chatelaine_browser";

TEST(SignIn, ARightPasswordLeadsBackToWhereThePersonCameFrom) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  const auto response = ada.sign_in("Ada@Example.com ", kPassword, "?return_to=%2Foauth%2Fauthorize%3Fa%3D1%26b%3D2");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header_of(response, "Location"), "/oauth/authorize?a=1&b=2");
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
  const std::string cookie = header_of(response, "Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-chatelaine_session=ctl_se_")) << cookie;
  for (const char* attribute : {"; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"}) {
    EXPECT_NE(cookie.find(attribute), std::string::npos) << attribute;
  }
  EXPECT_EQ(header_of(ada.get("/sign-in?return_to=%2Felsewhere"), "Location"), "/elsewhere") << "already signed in";
  EXPECT_EQ(header_of(ada.get("/sign-in"), "Location"), "/account");
}

// THREATS §1: same cost and text for unknown user, wrong password, empty password. RFC 9110 §15.5.2: no 401 without a
// challenge.
TEST(SignIn, WhateverWasWrongTheAnswerIsTheSame) {
  World world;
  world.add_user("ada@example.com");
  const auto disabled = world.add_user("disabled@example.com");
  block_on(world.storage->users().set_enabled(disabled.id, false, world.clock.now()));
  auto invited = world.add_user("removed@example.com");
  block_on(world.storage->users().remove_user(invited.id, world.clock.now()));
  invited.email = "invited@example.com";
  invited.password_hash.reset();
  block_on(world.storage->users().add_user(invited));
  struct Row {
    const char* sentence;
    std::string email;
    std::string password;
  };
  const Row rows[] = {
      {"a wrong password", "ada@example.com", "wrong password"},
      {"an unknown e-mail", "nobody@example.com", kPassword},
      {"a disabled user's right password", "disabled@example.com", kPassword},
      {"a user who has chosen no password", "invited@example.com", kPassword},
      {"a password with one letter more", "ada@example.com", std::string(kPassword) + "s"},
      {"an e-mail that is none", "'; drop table users --", kPassword},
  };
  for (const Row& row : rows) {
    Visitor visitor(world);
    const auto response = visitor.sign_in(row.email, row.password);
    EXPECT_EQ(response.status, 422) << row.sentence;
    EXPECT_EQ(header_of(response, "WWW-Authenticate"), "") << row.sentence;
    EXPECT_TRUE(contains(response, "That e-mail and password do not belong together.")) << row.sentence;
    EXPECT_FALSE(contains(response, "value=\"" + row.password + "\"")) << row.sentence;
    EXPECT_EQ(visitor.cookies.count(kSession), 0U) << row.sentence;
    EXPECT_EQ(header_of(response, "Cache-Control"), "no-store") << row.sentence;
  }
  Visitor visitor(world);
  EXPECT_TRUE(contains(visitor.sign_in("ada@example.com", "wrong"), "value=\"ada@example.com\"")) << "e-mail stays";
}

TEST(SignIn, EmptyFieldsAreNamed) {
  World world;
  struct Row {
    const char* email;
    const char* password;
    bool names_email;
    bool names_password;
  };
  for (const Row& row : {Row{"", "x", true, false}, Row{"a@b", "", false, true}, Row{"  ", "", true, true}}) {
    Visitor visitor(world);
    const auto response = visitor.sign_in(row.email, row.password);
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(contains(response, "Type your e-mail address."), row.names_email);
    EXPECT_EQ(contains(response, "Type your password."), row.names_password);
  }
}

// THREATS §1: whether there is an account plays no part in it, and nobody's wait grows.
TEST(SignIn, AnEmptyPasswordTellsNothingAndCountsAsNoFailure) {
  World world;
  world.add_user("ada@example.com");
  const auto disabled = world.add_user("disabled@example.com");
  block_on(world.storage->users().set_enabled(disabled.id, false, world.clock.now()));
  Visitor visitor(world);
  std::string expected;
  for (const std::string email : {"ada@example.com", "disabled@example.com", "nobody@example.com"}) {
    for (int i = 0; i < 11; ++i) EXPECT_EQ(visitor.sign_in(email, "").status, 422) << email << i;
    std::string body = visitor.sign_in(email, "").body;
    const auto at = body.find("value=\"" + email + "\"");
    ASSERT_NE(at, std::string::npos) << email;
    body.erase(at + 7, email.size());
    if (expected.empty()) expected = body;
    EXPECT_EQ(body, expected) << email;
  }
  EXPECT_EQ(visitor.sign_in("ada@example.com", kPassword).status, 303) << "without a wait";
}

TEST(SignIn, WhatIsTypedIsEscaped) {
  World world;
  Visitor visitor(world);
  const auto response = visitor.sign_in("\"><script>alert(1)</script>", "x");
  EXPECT_FALSE(contains(response, "<script"));
  EXPECT_TRUE(contains(response, "&quot;&gt;&lt;script&gt;"));
}

// RFC 9700 §4.11.2: no open redirect.
TEST(SignIn, ReturnToIsAPathOfOurs) {
  World world;
  world.add_user("ada@example.com");
  const std::pair<std::string, const char*> rows[] = {
      {"/oauth/authorize?x=1", "/oauth/authorize?x=1"},
      {"/", "/"},
      {"", "/account"},
      {"//evil.example", "/account"},
      {"///evil.example", "/account"},
      {"/\\evil.example", "/account"},
      {"\\\\evil.example", "/account"},
      {"https://evil.example", "/account"},
      {"javascript:alert(1)", "/account"},
      {"evil", "/account"},
      {" /x", "/account"},
      {"/\t/evil.example", "/account"},
      {"/x\r\nSet-Cookie: a=b", "/account"},
      {std::string("/\0x", 3), "/account"},
      {"/\xC3\xA4", "/account"},
      {"/" + std::string(8 * 1024, 'x'), "/account"},
  };
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  for (const auto& [return_to, location] : rows) {
    EXPECT_EQ(header_of(ada.get("/sign-in?return_to=" + percent_encode(return_to)), "Location"), location) << return_to;
  }
}

TEST(SignIn, ASessionIdThatSomebodyPlantedIsNotTakenOver) {
  World world;
  world.add_user("ada@example.com");
  world.add_user("eve@example.com");
  Visitor eve(world);
  eve.sign_in("eve@example.com", kPassword);
  Visitor ada(world);
  ada.get("/sign-out");
  ada.cookies[kSession] = eve.cookies[kSession];
  ada.cookies[kSession] = test::with_other_secret("ctl_se_", eve.cookies[kSession]);
  ada.sign_in("ada@example.com", kPassword);
  EXPECT_NE(ada.cookies[kSession], eve.cookies[kSession]);
  EXPECT_TRUE(contains(ada.get("/account"), "ada@example.com"));
  EXPECT_TRUE(contains(eve.get("/account"), "eve@example.com"));
}

TEST(SignIn, SigningInAgainEndsTheBrowsersEarlierSession) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  const auto page = ada.get("/sign-in").body;
  const std::string action = "/sign-in?return_to=%2Faccount";
  const std::vector<Form::Field> fields = {
      {"form_token", test::token_of(page, action)}, {"email", "ada@example.com"}, {"password", kPassword}};
  EXPECT_EQ(ada.post(action, fields).status, 303);
  Visitor thief(world);
  thief.cookies = ada.cookies;
  EXPECT_TRUE(thief.is_signed_in());
  EXPECT_EQ(ada.post(action, fields).status, 303) << "a second tab's form still works";
  EXPECT_TRUE(ada.is_signed_in());
  EXPECT_FALSE(thief.is_signed_in());
}

TEST(SignIn, AFormOfAnotherBrowserIsRefused) {
  World world;
  world.add_user("ada@example.com");
  Visitor eve(world);
  const std::string action = "/sign-in?return_to=%2Faccount";
  const std::string token = test::token_of(eve.get("/sign-in").body, action);
  Visitor ada(world);
  ada.get("/sign-in");
  const std::vector<Form::Field> fields = {
      {"form_token", token}, {"email", "ada@example.com"}, {"password", kPassword}};
  EXPECT_EQ(ada.post(action, fields).status, 403);
  ada.cookies.erase(kBrowser);
  EXPECT_EQ(ada.post(action, fields).status, 403) << "no cookie at all";
  ada.cookies[kBrowser] = "x";
  EXPECT_EQ(ada.post(action, fields).status, 403) << "a cookie that we never made";
}

TEST(SignIn, AnOutdatedHashIsReplacedOnTheWay) {
  World world;
  auto user = world.add_user("ada@example.com");
  // PBKDF2-HMAC-SHA-256 of "password", salt "salt", one round (the well-known vector).
  const crypto::PasswordHash old("pbkdf2_sha256$1$salt$Eg+2z/z4syxD5yJSVsT4N6hlSMkszDVICAWYfLcL4Xs=");
  block_on(world.storage->users().set_password(user.id, old, world.clock.now()));
  Visitor ada(world);
  EXPECT_EQ(ada.sign_in("ada@example.com", "password").status, 303);
  const auto found = block_on(world.storage->users().find_user(user.id));
  EXPECT_FALSE(crypto::needs_rehash(*found->password_hash));
  EXPECT_TRUE(ada.is_signed_in()) << "the session began with the new hash";
  EXPECT_EQ(Visitor(world).sign_in("ada@example.com", "password").status, 303);
}

TEST(SignIn, ACheckThatWaitedWhileThePasswordChangedSignsNobodyIn) {
  auto storage = std::make_unique<test::HookedStorage>();
  test::HookedStorage& hooked = *storage;
  World world(World::make_settings(), {}, std::move(storage));
  const auto user = world.add_user("ada@example.com");
  hooked.sessions().before_begin = [&] {
    const crypto::PasswordHash changed("$argon2id$v=19$changed");
    block_on(hooked.users().set_password(user.id, changed, world.clock.now()));
  };
  Visitor thief(world);
  const auto response = thief.sign_in("ada@example.com", kPassword);
  EXPECT_EQ(response.status, 422);
  EXPECT_TRUE(contains(response, "That e-mail and password do not belong together."));
  EXPECT_EQ(thief.cookies.count(kSession), 0U);
}

TEST(SignIn, ADisabledUsersOutdatedHashStaysAsItIs) {
  World world;
  const auto user = world.add_user("ada@example.com");
  const crypto::PasswordHash old("pbkdf2_sha256$1$salt$Eg+2z/z4syxD5yJSVsT4N6hlSMkszDVICAWYfLcL4Xs=");
  block_on(world.storage->users().set_password(user.id, old, world.clock.now()));
  block_on(world.storage->users().set_enabled(user.id, false, world.clock.now()));
  EXPECT_EQ(Visitor(world).sign_in("ada@example.com", "password").status, 422);
  EXPECT_EQ(block_on(world.storage->users().find_user(user.id))->password_hash, old);
}

// RFC 6585 §4: too many requests, with when to come again.
TEST(SignIn, AfterTenFailuresEverybodyWaitsForTheAccountAndAnUnknownOneLooksTheSame) {
  World world;
  world.add_user("ada@example.com");
  std::string body;
  for (const char* email : {"Ada@Example.com", "nobody@example.com"}) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(Visitor(world).sign_in(email, "wrong").status, 422) << i;
    const auto response = Visitor(world).sign_in(email, kPassword);
    EXPECT_EQ(response.status, 429) << email;
    EXPECT_EQ(header_of(response, "Retry-After"), "30") << email;
    EXPECT_TRUE(contains(response, "Wait 30 seconds")) << email;
    if (body.empty()) body = response.body;
    EXPECT_EQ(response.body, body) << email;
  }
  world.clock.advance(seconds{30});
  EXPECT_EQ(Visitor(world).sign_in("ada@example.com", kPassword).status, 303);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Visitor(world).sign_in("ada@example.com", "wrong").status, 422) << "cleared";
}

TEST(SignIn, AFullPasswordPoolIsAPageThatSaysWhenToComeAgain) {
  World world(World::make_settings(), {.threads = 0, .queue = 0});
  world.add_user("ada@example.com");
  for (int i = 0; i < 20; ++i) {
    const auto response = Visitor(world).sign_in("ada@example.com", kPassword);
    ASSERT_EQ(response.status, 503) << "it counts as no failure: " << i;
    EXPECT_EQ(header_of(response, "Retry-After"), "5");
    EXPECT_TRUE(contains(response, "Too busy at this moment"));
  }
}

TEST(SignIn, TheFirstFieldToCorrectHasTheFocus) {
  World world;
  const auto focused = [&](const char* email, const char* password) {
    const std::string body = Visitor(world).sign_in(email, password).body;
    const auto focus = body.find(" autofocus");
    if (focus == std::string::npos) return std::string();
    EXPECT_EQ(body.find(" autofocus", focus + 1), std::string::npos) << "once";
    const auto id = body.rfind(" id=\"", focus) + 5;
    return body.substr(id, body.find('"', id) - id);
  };
  EXPECT_EQ(focused("", ""), "email");
  EXPECT_EQ(focused("a@b", ""), "password");
  EXPECT_EQ(focused("a@b", "wrong"), "password");
}

// A user source would bring the same person back, whose session there goes on.
TEST(SignIn, AsSomebodyElseAsksAnew) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  const auto form_token = test::token_of(ada.get("/sign-out").body, "/sign-out");
  const auto left =
      ada.post("/sign-out", {{"form_token", form_token}, {"return_to", "/oauth/authorize?a=b"}, {"then", "sign-in"}});
  EXPECT_EQ(header_of(left, "Location"), "/sign-in?return_to=%2Foauth%2Fauthorize%3Fa%3Db&again=yes");
  EXPECT_FALSE(ada.is_signed_in());
}

}  // namespace
}  // namespace chatelaine::accounts
