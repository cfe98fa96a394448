#include "user_sources/user_sources.hpp"

#include <gtest/gtest.h>

#include "user_sources/account.hpp"
#include "user_sources/world_for_test.hpp"

namespace chatelaine::user_sources {
namespace {

using accounts::test::contains;
using test::some_source;
using test::Visitor;
using test::World;

TEST(UserSources, KeepWhoeverIsDisabledOut) {
  World world;
  Visitor visitor(world.house);
  world.sign_in(visitor);
  const auto user = world.find_user("ada@contoso.example");
  block_on(world.house.storage->users().set_enabled(user->id, false, world.house.clock.now()));
  EXPECT_FALSE(visitor.is_signed_in());
  EXPECT_EQ(world.sign_in(visitor).status, 403) << "THREATS N53";
  EXPECT_FALSE(visitor.is_signed_in());
  block_on(world.house.storage->users().remove_user(user->id, world.house.clock.now()));
  EXPECT_EQ(world.sign_in(visitor).status, 200) << "whoever was removed is new";
  EXPECT_EQ(world.find_user("ada@contoso.example")->subject, user->subject) << "the same person to the API";
}

TEST(UserSources, NeverTakeAnAccountByItsAddressAlone) {
  World world;
  world.house.add_user("ada@contoso.example");
  Visitor visitor(world.house);
  const net::Response refused = world.sign_in(visitor);
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(contains(refused, "There is an account with your e-mail address already"));
  EXPECT_FALSE(visitor.is_signed_in());
}

UserSource joining_source() {
  UserSource source = some_source();
  source.existing_accounts = ExistingAccounts::joined_by_email;
  return source;
}

TEST(UserSources, JoinAnAccountWhereTheOperatorSaysSo) {
  World world;
  world.set_source(joining_source());
  const storage::User user = world.house.add_user("Ada@contoso.example", "Countess");
  Visitor visitor(world.house);
  EXPECT_EQ(world.sign_in(visitor).status, 200);
  EXPECT_TRUE(contains(visitor.get("/account"), "Countess"));
  EXPECT_TRUE(contains(visitor.get("/account"), "You sign in with Contoso."));
  // The source has given the address to somebody else.
  world.provider.claims = {{"sub", "s2"}};
  Visitor successor(world.house);
  EXPECT_EQ(world.sign_in(successor).status, 403);
  EXPECT_FALSE(successor.is_signed_in());
  EXPECT_NE(world.log.text.find("another subject's"), std::string::npos);
}

TEST(UserSources, NameNobodyElseToTheApi) {
  const storage::FederatedSubject who{"contoso", oauth::Issuer("https://id.contoso.example"), oauth::Subject("s1")};
  EXPECT_EQ(make_subject(who), make_subject(who));
  for (const storage::FederatedSubject& other :
       {storage::FederatedSubject{"partner", who.issuer, who.subject},
        storage::FederatedSubject{who.source, oauth::Issuer("https://id.partner.example"), who.subject},
        storage::FederatedSubject{who.source, who.issuer, oauth::Subject("s2")}}) {
    EXPECT_NE(make_subject(who), make_subject(other));
  }
  // A local account has the text as its subject that the source has as its `sub`.
  World world;
  storage::User local = world.house.add_user("local@contoso.example");
  world.provider.claims = {{"sub", local.subject.value()}};
  Visitor visitor(world.house);
  EXPECT_EQ(world.sign_in(visitor).status, 200);
  EXPECT_NE(world.find_user("ada@contoso.example")->subject, local.subject);
}

TEST(UserSources, DoNotTakeASubjectThatIsAnothers) {
  World world;
  UserSource source = some_source();
  source.claims.subject = "sub";
  world.set_source(std::move(source));
  storage::User user = world.house.add_user("local@contoso.example");
  world.provider.claims = {{"sub", user.subject.value()}};
  Visitor visitor(world.house);
  EXPECT_EQ(world.sign_in(visitor).status, 403);
  EXPECT_FALSE(visitor.is_signed_in());
  EXPECT_FALSE(world.find_user("ada@contoso.example"));
}

TEST(UserSources, LeaveNoFormForAPasswordThatServesNothing) {
  World world;
  UserSource source = some_source();
  source.existing_accounts = ExistingAccounts::joined_by_email;
  world.set_source(std::move(source));
  world.house.add_user("ada@contoso.example");
  Visitor visitor(world.house);
  world.sign_in(visitor);
  EXPECT_TRUE(contains(visitor.get("/account"), "Change your password"));
  world.house.accounts.set_sign_in_ways(
      {.passwords = accounts::PasswordSignIn::administrators, .sources = {{.name = "contoso", .label = "Contoso"}}});
  EXPECT_FALSE(contains(visitor.get("/account"), "Change your password"));
}

TEST(UserSources, GiveAccountsThatHaveNoPasswordToChange) {
  World world;
  Visitor visitor(world.house);
  world.sign_in(visitor);
  const net::Response page = visitor.get("/account");
  EXPECT_TRUE(contains(page, "You sign in with Contoso."));
  EXPECT_FALSE(contains(page, "Change your password"));
  Visitor elsewhere(world.house);
  EXPECT_EQ(elsewhere.sign_in("ada@contoso.example", "a password").status, 422);
}

TEST(UserSources, CanBeTheOnlyWayInForAllButAdministrators) {
  World world;
  world.house.accounts.set_sign_in_ways(
      {.passwords = accounts::PasswordSignIn::administrators, .sources = {{.name = "contoso", .label = "Contoso"}}});
  world.house.add_user("local@todo.example");
  storage::User admin = world.house.add_user("admin@todo.example");
  block_on(world.house.storage->users().remove_user(admin.id, world.house.clock.now()));
  admin.role = storage::Role::administrator;
  block_on(world.house.storage->users().add_user(admin));
  Visitor visitor(world.house);
  const net::Response page = visitor.get("/sign-in");
  EXPECT_FALSE(contains(page, "type=\"password\""));
  EXPECT_TRUE(contains(page, "with=password"));
  const std::string query = "?with=password";
  EXPECT_EQ(visitor.sign_in("local@todo.example", accounts::test::kPassword, query).status, 422);
  EXPECT_FALSE(visitor.is_signed_in());
  EXPECT_EQ(visitor.sign_in("admin@todo.example", accounts::test::kPassword, query).status, 303);
  EXPECT_TRUE(visitor.is_signed_in());
  EXPECT_TRUE(contains(visitor.get("/account"), "Change your password"));
  Visitor elsewhere(world.house);
  EXPECT_TRUE(contains(elsewhere.get("/sign-in?password=unused"), "people sign in elsewhere here"));
}

}  // namespace
}  // namespace chatelaine::user_sources
