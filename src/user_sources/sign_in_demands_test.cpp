#include "user_sources/user_sources.hpp"

#include <gtest/gtest.h>

#include "user_sources/world_for_test.hpp"

namespace chatelaine::user_sources {
namespace {

using accounts::test::contains;
using test::some_source;
using test::Visitor;
using test::World;

TEST(UserSources, HaveThePersonSignInAnewWhereAClientAsksForThat) {
  World world;
  Visitor visitor(world.house);
  const Form asked = world.leave(visitor, "?return_to=%2Faccount&again=yes");
  EXPECT_EQ(asked.get("prompt"), "login") << "OpenID Connect Core §3.1.2.1";
  EXPECT_EQ(asked.get("max_age"), "0");
  world.provider.claims = {{"auth_time", to_numeric_date(world.house.clock.now()) - 3600}};
  EXPECT_EQ(world.come_back(visitor, asked).status, 403) << "the source did not ask for the password";
  EXPECT_FALSE(visitor.is_signed_in());
  world.provider.claims = {};
  EXPECT_EQ(world.sign_in(visitor, "?return_to=%2Faccount&again=yes").status, 200);
}

// OpenID Connect Core §3.1.2.1.
TEST(UserSources, AreToldWhatAClientDemands) {
  const struct {
    const char* sentence;
    Reauthentication kind;
    const char* query;
    const char* prompt;
    const char* max_age;
  } rows[] = {
      {"nothing is demanded", Reauthentication::login, "", "", "2592000"},
      {"prompt=login", Reauthentication::login, "&again=yes", "login", "0"},
      {"max_age", Reauthentication::login, "&max_age=60", "", "60"},
      {"a max_age above what a session may last", Reauthentication::login, "&max_age=99999999", "", "2592000"},
      {"prompt=select_account", Reauthentication::login, "&choose=yes", "select_account", "2592000"},
      {"prompt=select_account and max_age", Reauthentication::login, "&choose=yes&max_age=60", "select_account", "60"},
      {"nothing, of a source that tells no time", Reauthentication::select_account, "", "", ""},
      {"prompt=login, of a source that tells no time", Reauthentication::select_account, "&again=yes", "select_account",
       ""},
      {"max_age, of a source that tells no time", Reauthentication::select_account, "&max_age=60", "select_account",
       ""},
      {"prompt=select_account, of a source that tells no time", Reauthentication::select_account, "&choose=yes",
       "select_account", ""},
  };
  for (const auto& row : rows) {
    World world;
    UserSource source = some_source();
    source.reauthentication = row.kind;
    world.set_source(std::move(source));
    Visitor visitor(world.house);
    const Form asked = world.leave(visitor, "?return_to=%2Faccount" + std::string(row.query));
    EXPECT_EQ(asked.get_or_empty("prompt"), row.prompt) << row.sentence;
    EXPECT_EQ(asked.get_or_empty("max_age"), row.max_age) << row.sentence;
  }
}

TEST(UserSources, ThatKnowNoChoiceOfAccountsAskForEverything) {
  World world;
  world.provider.metadata["prompt_values_supported"] = json::array{"none", "login", "consent"};
  Visitor visitor(world.house);
  EXPECT_EQ(world.leave(visitor, "?choose=yes").get("prompt"), "login");
  EXPECT_FALSE(world.leave(visitor).get("prompt"));
}

TEST(UserSources, AreHeldToTheMaxAgeOfAClient) {
  World world;
  Visitor visitor(world.house);
  world.provider.claims = {{"auth_time", to_numeric_date(world.house.clock.now()) - 3600}};
  EXPECT_EQ(world.sign_in(visitor, "?return_to=%2Faccount&max_age=600").status, 403);
  EXPECT_FALSE(visitor.is_signed_in());
  EXPECT_EQ(world.sign_in(visitor, "?return_to=%2Faccount&max_age=4000").status, 200);
}

/// When the session at the browser says that its person signed in.
Instant sign_in_time(World& world, Visitor& visitor) {
  pages::test::MadeRequest request(net::Method::get, "/account");
  request.add_header("Cookie", "__Host-chatelaine_session=" + visitor.cookies.at("__Host-chatelaine_session"));
  return block_on(world.house.accounts.find_signed_in(request.get())).value().session.authenticated_at;
}

TEST(UserSources, TellWhenThePersonSignedIn) {
  World world;
  Visitor visitor(world.house);
  const Instant before = world.house.clock.now() - std::chrono::hours(2);
  world.provider.claims = {{"auth_time", to_numeric_date(before)}};
  world.sign_in(visitor);
  EXPECT_EQ(sign_in_time(world, visitor), before) << "OpenID Connect Core §2: when the source says that it was";
  world.provider.claims = {{"auth_time", to_numeric_date(world.house.clock.now()) + 30}};
  world.sign_in(visitor);
  EXPECT_EQ(sign_in_time(world, visitor), world.house.clock.now()) << "never later than now";
  world.provider.claims = {{"auth_time", to_numeric_date(world.house.clock.now()) - 30}};
  world.sign_in(visitor, "?return_to=%2Faccount&again=yes");
  EXPECT_EQ(sign_in_time(world, visitor), world.house.clock.now()) << "a clock behind ours does not ask twice";
}

TEST(UserSources, ThatTellNoTimeOfferTheirAccounts) {
  World world;
  UserSource source = some_source();
  source.reauthentication = Reauthentication::select_account;
  world.set_source(std::move(source));
  world.provider.claims = {{"auth_time", nullptr}};
  Visitor visitor(world.house);
  const Form asked = world.leave(visitor, "?return_to=%2Faccount&again=yes");
  EXPECT_EQ(asked.get("prompt"), "select_account");
  EXPECT_FALSE(asked.get("max_age"));
  EXPECT_EQ(world.come_back(visitor, asked).status, 200);
  EXPECT_EQ(sign_in_time(world, visitor), world.house.clock.now());
  // Whoever takes `again=yes` out of the button's address has not been asked, and has not signed in now.
  Visitor other(world.house);
  EXPECT_EQ(world.sign_in(other).status, 200);
  EXPECT_EQ(sign_in_time(world, other), world.house.clock.now() - std::chrono::days(30)) << "it may be that long ago";
}

TEST(UserSources, LetSomebodyElseTryWhomTheyDoNotLetIn) {
  World world;
  UserSource source = some_source();
  source.required_claims = {{"hd", "contoso.example"}};
  world.set_source(std::move(source));
  Visitor visitor(world.house);
  const net::Response refused = world.sign_in(visitor, "?return_to=%2Foauth%2Fauthorize%3Fa%3Db");
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(contains(refused, "Sign in as somebody else"));
  EXPECT_TRUE(contains(refused, "/sign-in?return_to=%2Foauth%2Fauthorize%3Fa%3Db&amp;again=yes")) << refused.body;
  const net::Response stale = [&] {
    world.set_source(some_source());
    world.provider.claims = {{"auth_time", 1}};
    return world.sign_in(visitor);
  }();
  EXPECT_EQ(stale.status, 403);
  EXPECT_TRUE(contains(stale, "again=yes")) << "what was too old once is so again";
}

}  // namespace
}  // namespace chatelaine::user_sources
