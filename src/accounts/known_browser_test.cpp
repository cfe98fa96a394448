#include "accounts/known_browser.hpp"

#include <gtest/gtest.h>

#include "accounts/world_for_test.hpp"
#include "base/base64url.hpp"

namespace chatelaine::accounts {
namespace {

using test::header_of;
using test::kPassword;
using test::Visitor;
using test::World;

constexpr const char* kKnown = "__Host-chatelaine_known";

/// Strangers try ada's account until everybody waits.
void hammer(World& world) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Visitor(world).sign_in("ada@example.com", "wrong").status, 422) << i;
  ASSERT_EQ(Visitor(world).sign_in("ada@example.com", kPassword).status, 429);
}

/// A browser at which ada has signed in, and out again.
Visitor make_known(World& world) {
  Visitor ada(world);
  EXPECT_EQ(ada.sign_in("ada@example.com", kPassword).status, 303);
  EXPECT_TRUE(ada.cookies.contains(kKnown));
  ada.cookies.erase("__Host-chatelaine_session");
  return ada;
}

TEST(KnownBrowser, TheOwnerSignsInThereWhileStrangersHammerTheAccount) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada = make_known(world);
  hammer(world);
  EXPECT_EQ(ada.sign_in("ada@example.com", "mistyped").status, 422);
  EXPECT_EQ(ada.sign_in("ada@example.com", kPassword).status, 303);
  EXPECT_EQ(Visitor(world).sign_in("ada@example.com", kPassword).status, 429)
      << "strangers wait on: nothing is cleared";
}

TEST(KnownBrowser, TheOwnerChangesThePasswordThereMeanwhile) {
  World world;
  const auto user = world.add_user("ada@example.com");
  Visitor ada = make_known(world);
  ada.cookies["__Host-chatelaine_session"] = world.begin_session(user);
  hammer(world);
  EXPECT_EQ(ada.submit("/account", "/account/password",
                       {{"current_password", kPassword}, {"new_password", "another good one"}})
                .status,
            303);
  ada.cookies.erase("__Host-chatelaine_session");
  EXPECT_EQ(ada.sign_in("ada@example.com", "another good one").status, 303) << "and is known with the new one";
}

TEST(KnownBrowser, ItsCookieSaysNothingAndIsOutOfScriptsReach) {
  World world;
  const auto user = world.add_user("ada@example.com");
  Visitor ada(world);
  const auto response = ada.sign_in("ada@example.com", kPassword);
  std::string set;
  for (const auto& header : response.headers) {
    if (header.value.starts_with(kKnown)) set = header.value;
  }
  for (const char* attribute : {"; Max-Age=15552000", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"}) {
    EXPECT_NE(set.find(attribute), std::string::npos) << attribute;
  }
  EXPECT_EQ(ada.cookies[kKnown].find(format_id(user.id.value)), std::string::npos);
  EXPECT_NE(make_known(world).cookies[kKnown], ada.cookies[kKnown])
      << "two sign-ins of one person have nothing in common";
}

TEST(KnownBrowser, AStolenCookieGivesNoMoreThanItsOwnTries) {
  World world;
  world.add_user("ada@example.com");
  Visitor thief = make_known(world);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(thief.sign_in("ada@example.com", "wrong").status, 422) << i;
  const auto response = thief.sign_in("ada@example.com", kPassword);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(header_of(response, "Retry-After"), "30");
  EXPECT_EQ(make_known(world).sign_in("ada@example.com", kPassword).status, 303) << "others are not held up by it";
}

TEST(KnownBrowser, WhatIsNoCookieOfThisAccountAndPasswordHelpsNobody) {
  World world;
  const auto user = world.add_user("ada@example.com");
  world.add_user("eve@example.com");
  const std::string cookie = make_known(world).cookies[kKnown];
  Visitor eve(world);
  ASSERT_EQ(eve.sign_in("eve@example.com", kPassword).status, 303);
  const auto dot = cookie.find('.');
  const std::pair<const char*, std::string> rows[] = {
      {"another account's", eve.cookies[kKnown]},
      {"another nonce under the same tag", eve.cookies[kKnown].substr(0, dot) + cookie.substr(dot)},
      {"a tag alone", cookie.substr(dot)},
      {"a nonce alone", cookie.substr(0, dot + 1)},
      {"no dot", cookie.substr(0, dot)},
      {"a longer nonce", "AAAA" + cookie},
      {"a mistyped tag", cookie.substr(0, cookie.size() - 2)},
      {"empty", ""},
  };
  hammer(world);
  for (const auto& [sentence, value] : rows) {
    Visitor visitor(world);
    visitor.cookies[kKnown] = value;
    EXPECT_EQ(visitor.sign_in("ada@example.com", kPassword).status, 429) << sentence;
  }
  Visitor visitor(world);
  visitor.cookies[kKnown] = cookie;
  block_on(world.storage->users().set_password(user.id, crypto::hash_password(crypto::Password("another good one")),
                                               world.clock.now()));
  EXPECT_EQ(visitor.sign_in("ada@example.com", "another good one").status, 429) << "it ended with the password";
}

/// A key that nobody set must not be one that everybody knows.
TEST(KnownBrowser, WithoutAKeyNoBrowserIsKnown) {
  auto settings = World::make_settings();
  settings.known_browser_key = {};
  World world(std::move(settings));
  const auto user = world.add_user("ada@example.com");
  Visitor ada(world);
  EXPECT_EQ(ada.sign_in("ada@example.com", kPassword).status, 303);
  EXPECT_FALSE(ada.cookies.contains(kKnown));

  const std::string nonce(16, 'n');
  const std::string message = format_id(user.id.value) + '\0' + user.password_hash->value() + '\0' + nonce;
  Visitor forger(world);
  forger.cookies[kKnown] = base64url_encode(nonce) + "." + base64url_encode(crypto::hmac_sha256("", message).view());
  hammer(world);
  EXPECT_EQ(forger.sign_in("ada@example.com", kPassword).status, 429);
}

TEST(KnownBrowser, ChangedLimitsCountAtOnce) {
  World world;
  world.add_user("ada@example.com");
  hammer(world);
  world.accounts.set_throttle({.of_subject = 20});
  EXPECT_EQ(Visitor(world).sign_in("ada@example.com", kPassword).status, 303);
}

}  // namespace
}  // namespace chatelaine::accounts
