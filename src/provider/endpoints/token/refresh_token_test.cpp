#include <gtest/gtest.h>

#include <functional>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

TestResponse refresh(World& world, const std::string& token, const std::string& scope = "") {
  return world.send(post_form("/oauth/token", {{"grant_type", "refresh_token"},
                                               {"client_id", "todo-plugin"},
                                               {"client_secret", "secret-of-todo-plugin"},
                                               {"refresh_token", token},
                                               {"scope", scope}}));
}

std::string first_refresh_token(World& world) { return obtain_tokens(world).member("refresh_token"); }

/// RFC 9700 §4.14.2: one that is not used for a while ends.
TEST(RefreshTokenGrant, RotatesAndMovesTheEnd) {
  World world;
  auto token = first_refresh_token(world);
  // Each refresh buys another lifetime: after three of two thirds, the first one's end has passed.
  for (int i = 0; i < 3; ++i) {
    world.move_clock(std::chrono::days{20});
    const auto answer = refresh(world, token);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_NE(answer.member("refresh_token"), token);
    EXPECT_TRUE(block_on(world.verifier().verify(answer.member("access_token"))));
    token = answer.member("refresh_token");
  }
  world.move_clock(std::chrono::days{30});
  EXPECT_EQ(refresh(world, token).member("error"), "invalid_grant");
}

TEST(RefreshTokenGrant, TheTokenBeforeGivesTheSameSuccessorWithinItsGrace) {
  World world;
  const auto first = first_refresh_token(world);
  const auto successor = refresh(world, first).member("refresh_token");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(refresh(world, first).member("refresh_token"), successor);
  EXPECT_EQ(refresh(world, successor).status, 200);
}

TEST(RefreshTokenGrant, TheTwentyFirstRepetitionIsTheft) {
  World world;
  const auto first = first_refresh_token(world);
  const auto successor = refresh(world, first).member("refresh_token");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(refresh(world, first).status, 200);
  EXPECT_EQ(refresh(world, first).member("error"), "invalid_grant");
  EXPECT_EQ(refresh(world, successor).member("error"), "invalid_grant");
}

/// The decision and the storage must mean the same moment, or the request would end in 503.
TEST(RefreshTokenGrant, TheWindowEndsInTheMillisecondThatItNames) {
  for (const auto& [window, passed, status] :
       {std::tuple(seconds{60}, milliseconds{59'999}, 200), std::tuple(seconds{60}, milliseconds{60'000}, 400),
        std::tuple(seconds{0}, milliseconds{0}, 400)}) {
    SCOPED_TRACE(passed.count());
    World world;
    world.change_settings([&](auto& settings) { settings.refresh_grace.window = window; });
    const auto first = first_refresh_token(world);
    ASSERT_EQ(refresh(world, first).status, 200);
    world.move_clock(passed);
    EXPECT_EQ(refresh(world, first).status, status);
  }
}

/// DESIGN §3: the same successor, whichever key makes new tokens meanwhile.
TEST(RefreshTokenGrant, ARotationOfTheKeysDoesNotChangeTheSuccessor) {
  World world;
  const auto first = first_refresh_token(world);
  const auto successor = refresh(world, first).member("refresh_token");
  world.move_clock(seconds{1});
  world.rotate_refresh_token_key();
  EXPECT_EQ(refresh(world, first).member("refresh_token"), successor);
  world.move_clock(seconds{1});
  const auto next = refresh(world, successor);
  ASSERT_EQ(next.status, 200);
  EXPECT_EQ(refresh(world, successor).member("refresh_token"), next.member("refresh_token"));
  EXPECT_EQ(refresh(world, next.member("refresh_token")).status, 200);
}

TEST(RefreshTokenGrant, OutsideTheWindowItIsTheft) {
  World world;
  const auto first = first_refresh_token(world);
  const auto rotated = refresh(world, first);
  world.move_clock(seconds{61});
  EXPECT_EQ(refresh(world, first).member("error"), "invalid_grant");
  EXPECT_EQ(refresh(world, rotated.member("refresh_token")).member("error"), "invalid_grant");
  EXPECT_NE(world.log().find("Old refresh token presented"), std::string::npos);
}

TEST(RefreshTokenGrant, AnOlderGenerationIsTheft) {
  World world;
  const auto first = first_refresh_token(world);
  const auto second = refresh(world, first).member("refresh_token");
  const auto third = refresh(world, second);
  EXPECT_EQ(refresh(world, first).member("error"), "invalid_grant");
  EXPECT_FALSE(block_on(world.verifier().verify(third.member("access_token"))));
}

TEST(RefreshTokenGrant, ScopeMayOnlyNarrow) {
  World world;
  const auto first = first_refresh_token(world);
  EXPECT_EQ(refresh(world, first, "lists:delete").member("error"), "invalid_scope");
  const auto narrowed = refresh(world, first, "lists:read");
  EXPECT_EQ(narrowed.member("scope"), "lists:read");
  // RFC 6749 §6: the grant keeps its scope.
  EXPECT_EQ(refresh(world, narrowed.member("refresh_token")).member("scope"), "lists:read lists:write");
}

/// THREATS §1: what ends in a token looks at the client again.
TEST(RefreshTokenGrant, AClientThatWasNarrowedMeanwhileGetsNoMore) {
  World world;
  const auto first = first_refresh_token(world);
  const oauth::ClientId id("todo-plugin");
  auto client = *block_on(world.storage().clients().find_client(id));
  client.scope = *oauth::Scope::parse("lists:read");
  ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
  EXPECT_EQ(refresh(world, first, "lists:write").member("error"), "invalid_scope");
  const auto narrowed = refresh(world, first);
  EXPECT_EQ(narrowed.member("scope"), "lists:read");
  EXPECT_EQ((*block_on(world.verifier().verify(narrowed.member("access_token"))))->scope.to_string(), "lists:read");
}

/// OpenID Connect Core §12.1, RFC 6749 §10.4: a refresh token serves its own client alone.
TEST(RefreshTokenGrant, AnotherClientIsRefusedAndEndsNothing) {
  World world;
  const auto first = first_refresh_token(world);
  auto foreign = post_form("/oauth/token", {{"grant_type", "refresh_token"}, {"refresh_token", first}});
  EXPECT_EQ(world.send(foreign.with("Authorization", basic("strict-web"))).member("error"), "invalid_grant");
  EXPECT_EQ(refresh(world, first).status, 200);
}

/// THREATS §1: any grant that ends in a token looks at its user again.
TEST(RefreshTokenGrant, EndsWithWhatItStandsOn) {
  const auto set_enabled = [](World& world, bool enabled) {
    block_on(world.storage().users().set_enabled(world.ada(), enabled, world.now()));
  };
  const std::pair<const char*, std::function<void(World&)>> rows[] = {
      {"the user was disabled", [&](World& world) { set_enabled(world, false); }},
      {"and enabled again",
       [&](World& world) {
         set_enabled(world, false);
         set_enabled(world, true);
       }},
      {"the user was removed",
       [](World& world) { block_on(world.storage().users().remove_user(world.ada(), world.now())); }},
      {"the password is another",
       [](World& world) {
         block_on(world.storage().users().set_password(world.ada(), crypto::PasswordHash("new"), world.now()));
       }},
      {"the consent was withdrawn",
       [](World& world) {
         const oauth::ClientId client("todo-plugin");
         block_on(world.storage().consents().withdraw_consent(world.ada(), client, world.now()));
       }},
  };
  for (const auto& [sentence, end] : rows) {
    World world;
    const auto first = first_refresh_token(world);
    end(world);
    EXPECT_EQ(refresh(world, first).member("error"), "invalid_grant") << sentence;
  }
}

/// RFC 6749 §10.4: nobody makes one up.
TEST(RefreshTokenGrant, AChangedTokenIsRefused) {
  World world;
  auto first = first_refresh_token(world);
  first[first.size() / 2] = first[first.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(refresh(world, first).member("error"), "invalid_grant");
}

}  // namespace
}  // namespace chatelaine::provider
