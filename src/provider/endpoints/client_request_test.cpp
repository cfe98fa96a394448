#include <gtest/gtest.h>

#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

TestRequest authenticate(const std::string& client_id, const std::string& secret,
                         const std::string& path = "/oauth/token") {
  return post_form(
      path,
      {{"grant_type", "client_credentials"}, {"token", "x"}, {"client_id", client_id}, {"client_secret", secret}});
}

const Told kWrong{401, "invalid_client", "The client is unknown, or its secret is wrong."};
const Told kTooOften{429, "temporarily_unavailable",
                     "Wrong client credentials have come from your address too often: correct them before you try "
                     "again."};

/// Uses up what is free for the client from the world's address.
void fail(World& world, const std::string& client_id, int times) {
  for (int i = 0; i < times; ++i) EXPECT_EQ(tell(world.send(authenticate(client_id, "wrong"))), kWrong) << i;
}

/// RFC 6749 §2.3.1, RFC 6585 §4; THREATS §1: an unknown client looks the same.
TEST(ClientAuthentication, IsSlowedAfterTenFailuresOfAClientFromAnAddress) {
  for (const std::string client_id : {"worker", "nobody"}) {
    SCOPED_TRACE(client_id);
    World world;
    fail(world, client_id, 10);
    const auto answer = world.send(authenticate(client_id, "wrong"));
    EXPECT_EQ(tell(answer), kTooOften);
    EXPECT_EQ(answer.header("Retry-After"), "30");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    world.move_clock(seconds{30});
    fail(world, client_id, 1);
    EXPECT_EQ(world.send(authenticate(client_id, "wrong")).header("Retry-After"), "60");
  }
}

/// Assistants have many clients at one address: none can lock another's owner, or itself, out.
TEST(ClientAuthentication, ARightSecretIsNeverTurnedAway) {
  World world;
  fail(world, "worker", 10);
  ASSERT_EQ(tell(world.send(authenticate("worker", "wrong"))), kTooOften);
  EXPECT_EQ(world.send(authenticate("worker", "secret-of-worker")).status, 200);
  fail(world, "todo-plugin", 1);
  world.set_address("198.51.100.9");
  EXPECT_EQ(world.send(authenticate("worker", "secret-of-worker")).status, 200);
  fail(world, "worker", 1);
}

TEST(ClientAuthentication, AnAddressHasAHundredFailuresWhateverTheClients) {
  World world;
  for (int i = 0; i < 100; ++i) fail(world, "guess-" + std::to_string(i), 1);
  EXPECT_EQ(tell(world.send(authenticate("another", "wrong"))), kTooOften);
  world.set_address("198.51.100.9");
  EXPECT_EQ(tell(world.send(authenticate("another", "wrong"))), kWrong);
}

/// A proxy on this machine that is not listed: everybody seems to be at one address.
TEST(ClientAuthentication, OnLoopbackItIsCountedByClientAlone) {
  World world;
  world.set_address("127.0.0.1");
  for (int i = 0; i < 200; ++i) fail(world, "guess-" + std::to_string(i), 1);
  fail(world, "worker", 10);
  EXPECT_EQ(tell(world.send(authenticate("worker", "wrong"))), kTooOften);
  EXPECT_EQ(world.send(authenticate("worker", "secret-of-worker")).status, 200);
}

TEST(ClientAuthentication, EveryEndpointCountsTheSame) {
  World world;
  const std::vector<std::string> paths{"/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/par",
                                       "/oauth/device_authorization"};
  for (const auto& path : paths) {
    for (int i = 0; i < 2; ++i) EXPECT_EQ(tell(world.send(authenticate("worker", "wrong", path))), kWrong) << path;
  }
  for (const auto& path : paths) {
    EXPECT_EQ(tell(world.send(authenticate("worker", "wrong", path))), kTooOften) << path;
  }
}

TEST(ClientAuthentication, AFloodDoesNotFillTheLog) {
  World world;
  fail(world, "worker", 10);
  const auto count_refusals = [&] {
    std::size_t count = 0;
    for (auto at = world.log().find("OAuth request refused"); at != std::string::npos; ++count) {
      at = world.log().find("OAuth request refused", at + 1);
    }
    return count;
  };
  EXPECT_EQ(count_refusals(), 10U);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(world.send(authenticate("worker", "wrong")).status, 429);
  EXPECT_EQ(count_refusals(), 10U) << "what was turned away is for the level debug";
}

TEST(ClientAuthentication, ChangedLimitsCountAtOnce) {
  World world;
  fail(world, "worker", 10);
  world.change_settings([](auto& settings) { settings.limits.client_authentication.of_subject = 11; });
  fail(world, "worker", 1);
  EXPECT_EQ(tell(world.send(authenticate("worker", "wrong"))), kTooOften);
}

}  // namespace
}  // namespace chatelaine::provider
