#include "user_sources/user_sources.hpp"

#include <gtest/gtest.h>

#include "user_sources/world_for_test.hpp"

namespace chatelaine::user_sources {
namespace {

using accounts::test::contains;
using test::some_source;
using test::Visitor;
using test::World;

TEST(UserSources, FollowTheKeysThatASourceRotates) {
  World world;
  Visitor visitor(world.house);
  world.sign_in(visitor);
  world.house.clock.advance(seconds(10));
  world.provider.key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  world.provider.published.push_back(world.provider.key.public_jwk());
  Visitor elsewhere(world.house);
  EXPECT_EQ(world.sign_in(elsewhere).status, 200) << "OpenID Connect Core §10.1.1";
  EXPECT_EQ(world.provider.count("/jwks"), 2U);
  // THREATS N44: an unknown key has the set read once in a while, not each time.
  world.provider.key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(world.sign_in(elsewhere).status, 400);
  EXPECT_LE(world.provider.count("/jwks"), 3U);
}

TEST(UserSources, OutOfReachLeaveThePasswordsAlone) {
  World world;
  world.house.add_user("local@todo.example");
  world.provider.is_out_of_reach = true;
  Visitor visitor(world.house);
  const net::Response response = visitor.get("/sign-in/contoso?return_to=%2Foauth%2Fauthorize%3Fa%3Db");
  EXPECT_EQ(response.status, 502);
  EXPECT_TRUE(contains(response, "Contoso"));
  EXPECT_TRUE(contains(response, "/sign-in?return_to=%2Foauth%2Fauthorize%3Fa%3Db")) << response.body;
  EXPECT_EQ(visitor.sign_in("local@todo.example", accounts::test::kPassword).status, 303);
}

TEST(UserSources, AreUsedFromMemoryForAWhileWhenOutOfReach) {
  World world;
  Visitor visitor(world.house);
  world.sign_in(visitor);
  world.provider.metadata["issuer"] = "https://evil.example";
  EXPECT_EQ(world.sign_in(visitor).status, 200) << "fresh metadata is not read again";
  world.house.clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(visitor.get("/sign-in/contoso").status, 502) << "OpenID Connect Discovery §4.3: another issuer";
}

TEST(UserSources, ServeForAnHourMoreWhenOutOfReach) {
  World world;
  Visitor visitor(world.house);
  world.sign_in(visitor);
  world.house.clock.advance(std::chrono::minutes(30));
  const Form asked = world.leave(visitor);
  world.provider.is_out_of_reach = true;
  world.house.clock.advance(std::chrono::minutes(6));
  world.leave(visitor);
  EXPECT_EQ(world.come_back(visitor, asked).status, 502) << "the code cannot be exchanged";
  world.house.clock.advance(std::chrono::minutes(61));
  EXPECT_EQ(visitor.get("/sign-in/contoso").status, 502);
}

TEST(UserSources, AreAskedInTheirOwnNetworksAlone) {
  World world;
  SourceSettings settings;
  settings.begun.of_address = 1000;
  settings.sources.push_back(some_source());
  settings.sources.back().networks = {net::AddressBlock::parse("10.1.0.0/16").value()};
  settings.sources.push_back(some_source());
  settings.sources.back().name = "other";
  world.sources.set_sources(std::move(settings));
  world.provider.claims = {{"email", nullptr}};
  world.provider.userinfo = {{"sub", "s1"}, {"email", "ada@contoso.example"}, {"email_verified", true}};
  Visitor visitor(world.house);
  EXPECT_EQ(world.sign_in(visitor).status, 200);
  EXPECT_EQ(world.provider.requests.size(), 4U) << "metadata, token, keys, UserInfo";
  for (const net::FetchRequest& request : world.provider.requests) {
    EXPECT_EQ(request.policy.addresses, net::AddressPolicy::public_only) << request.url;
    EXPECT_TRUE(net::is_address_allowed("10.1.2.3", request.policy)) << request.url;
    EXPECT_FALSE(net::is_address_allowed("10.2.0.1", request.policy)) << request.url;
  }
  world.provider.requests.clear();
  EXPECT_EQ(visitor.get("/sign-in/other").status, 303);
  ASSERT_EQ(world.provider.requests.size(), 1U) << "THREATS N40: what was read for one source is none of another's";
  EXPECT_FALSE(net::is_address_allowed("10.1.2.3", world.provider.requests[0].policy));
}

TEST(UserSources, NeedUserInfoForWhatIsNeededAlone) {
  World world;
  Visitor visitor(world.house);
  world.provider.claims = {{"name", nullptr}};
  world.provider.userinfo = {{"sub", "s2"}, {"name", "Eve"}};
  EXPECT_EQ(world.sign_in(visitor).status, 200) << "nobody stays out for want of a name";
  EXPECT_EQ(world.find_user("ada@contoso.example")->name, "");
  world.provider.claims = {{"email", nullptr}};
  EXPECT_EQ(world.sign_in(visitor).status, 200) << "who is linked needs no address";
  world.provider.claims = {{"sub", "s3"}, {"email", nullptr}};
  const net::Response response = world.sign_in(visitor);
  EXPECT_EQ(response.status, 502) << "OpenID Connect Core §5.3.2: UserInfo of another person";
}

}  // namespace
}  // namespace chatelaine::user_sources
