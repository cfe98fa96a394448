#include "host/call.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "host/disconnect.hpp"
#include "host/fresh_token.hpp"
#include "host/plugins.hpp"
#include "host/testing/world.hpp"
#include "host/verify.hpp"

namespace chatelaine::host {
namespace {

using testing::World;
using Kind = HostError::Kind;

struct Connected {
  storage::PluginId plugin_id;
  storage::User user;
};

Connected connect(World& world) {
  Connected out{world.install_verified(), world.add_user("ann@example.com")};
  world.connect(out.plugin_id, out.user);
  return out;
}

Outcome<CallAnswer> call(const World& world, const Connected& connected, std::string operation = "listTodos",
                         std::vector<Argument> arguments = {}) {
  return block_on(call_operation(world.context, connected.plugin_id, connected.user.id, std::move(operation),
                                 std::move(arguments)));
}

std::string bearer_of(const net::FetchRequest& request) {
  for (const net::Header& header : request.headers) {
    if (header.name == "Authorization") return header.value;
  }
  return {};
}

TEST(Call, SendsTheUsersToken) {
  World world;
  const Connected connected = connect(world);
  const auto answer = call(world, connected, "addTodo", {{"text", "milk"}, {"done", "true"}});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  const auto sent = world.fetcher.requests_to("POST https://todo.example/api/todos");
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(bearer_of(sent.front()), "Bearer access-token-0001");
  EXPECT_EQ(sent.front().body, R"({"text":"milk","done":true})");
  EXPECT_EQ(sent.front().policy.most_bytes, kMostAnswerBytes);
  EXPECT_EQ(json::serialize(to_json(*answer)),
            R"({"status":200,"headers":{"content-type":"application/json"},"body":"{\"todos\":[]}"})");
}

TEST(Call, NeedsAConnectionAndAKnownOperation) {
  World world;
  const Connected connected = connect(world);
  const storage::User stranger = world.add_user("eve@example.com");
  EXPECT_EQ(call(world, {connected.plugin_id, stranger}).error().kind, Kind::needs_sign_in);
  EXPECT_EQ(call(world, connected, "dropAll").error().kind, Kind::not_found);
  EXPECT_EQ(call(world, connected, "addTodo").error().kind, Kind::bad_request);
  (void)block_on(world.storage->users().set_enabled(connected.user.id, false, world.clock.now()));
  EXPECT_EQ(call(world, connected).error().kind, Kind::forbidden) << "THREATS N53";
}

TEST(Refresh, HappensShortlyBeforeTheEnd) {
  EXPECT_EQ(refresh_margin(seconds(3600)), seconds(10));
  EXPECT_EQ(refresh_margin(seconds(59)), seconds(10));
  EXPECT_EQ(refresh_margin(seconds(10)), seconds(2));
  EXPECT_EQ(refresh_margin(std::nullopt), seconds(10));

  World world;
  world.tokens.expires_in = 59;
  const Connected connected = connect(world);
  world.clock.move(seconds(48));
  ASSERT_TRUE(call(world, connected));
  EXPECT_EQ(world.refreshes(), 0U) << "a 59-second token works";
  world.clock.move(seconds(1));
  ASSERT_TRUE(call(world, connected));
  EXPECT_EQ(world.refreshes(), 1U);
  EXPECT_EQ(bearer_of(world.fetcher.requests_to("GET https://todo.example/api/todos").back()),
            "Bearer access-token-0002");
  world.clock.move(seconds(50));
  ASSERT_TRUE(call(world, connected));
  EXPECT_NE(world.fetcher.requests_to("POST https://auth.todo.example/token").back().body.find("refresh-token-0002"),
            std::string::npos)
      << "the rotated refresh token is the next one";
}

TEST(Refresh, KeepsTheOldRefreshTokenWhereNoNewOneComes) {
  World world;
  world.tokens.rotates_refresh_token = false;
  const Connected connected = connect(world);
  for (int i = 0; i < 3; ++i) {
    world.clock.move(seconds(3600));
    ASSERT_TRUE(call(world, connected));
    EXPECT_NE(world.fetcher.requests_to("POST https://auth.todo.example/token").back().body.find("refresh-token-0001"),
              std::string::npos);
  }
}

TEST(Refresh, HappensOnceAfterA401) {
  World world;
  const Connected connected = connect(world);
  world.api_is_strict = true;
  // The API knows of a newer token than we have.
  const storage::User other = world.add_user("bob@example.com");
  world.connect(connected.plugin_id, other);
  const auto answer = call(world, connected);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(world.refreshes(), 1U);

  world.fetcher.on("GET https://todo.example/api/todos", 401, "never");
  const auto refused = call(world, connected);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 401) << "one refresh, one more try, and then the answer is what it is";
  EXPECT_EQ(world.refreshes(), 2U);
}

TEST(Refresh, WithoutARefreshTokenAsksToSignInWhenTheTokenHasEnded) {
  World world;
  world.tokens.gives_refresh_token = false;
  world.tokens.expires_in = 59;
  const Connected connected = connect(world);
  world.clock.move(seconds(55));
  EXPECT_TRUE(call(world, connected)) << "to its last second";
  world.clock.move(seconds(5));
  EXPECT_EQ(call(world, connected).error().kind, Kind::needs_sign_in);
  EXPECT_EQ(world.refreshes(), 0U);
}

TEST(Call, A401WithoutARefreshTokenLeadsToASignIn) {
  World world;
  world.tokens.gives_refresh_token = false;
  const Connected connected = connect(world);
  world.fetcher.on("GET https://todo.example/api/todos", 401, "over");
  EXPECT_EQ(call(world, connected).error().kind, Kind::needs_sign_in);
  EXPECT_TRUE(
      block_on(world.storage->connections().find_connection(connected.plugin_id, connected.user.id))->needs_sign_in);
  EXPECT_EQ(world.fetcher.requests_to("GET https://todo.example/api/todos").size(), 1U);
}

TEST(Refresh, TokensThatCannotBeKeptAreRevoked) {
  World world;
  world.serve_metadata();
  const Connected connected = connect(world);
  world.clock.move(seconds(3600));
  storage::Connections& connections = world.storage->connections();
  world.fetcher.on("POST " + world.token_url, [&](const net::FetchRequest&) {
    (void)block_on(connections.remove_connection(connected.plugin_id, connected.user.id));
    return net::FetchedDocument{
        200, {}, R"({"access_token":"late-at","token_type":"bearer","refresh_token":"late-rt"})"};
  });
  EXPECT_EQ(call(world, connected).error().kind, Kind::needs_sign_in);
  const auto revocations = world.fetcher.requests_to("POST https://auth.todo.example/revoke");
  ASSERT_EQ(revocations.size(), 1U) << "the user left while the tokens were refreshed";
  EXPECT_TRUE(revocations.front().body.starts_with("token=late-rt&"));
}

TEST(Refresh, TokensOfAGrantThatAnotherRefresherKeptAreNotRevoked) {
  World world;
  world.serve_metadata();
  const Connected connected = connect(world);
  world.clock.move(seconds(3600));
  storage::Connections& connections = world.storage->connections();
  world.fetcher.on("POST " + world.token_url, [&](const net::FetchRequest&) {
    const auto now = block_on(connections.find_connection(connected.plugin_id, connected.user.id));
    (void)block_on(connections.finish_refresh(now->id, now->version, "the other one's", std::nullopt));
    return net::FetchedDocument{
        200, {}, R"({"access_token":"late-at","token_type":"bearer","refresh_token":"late-rt"})"};
  });
  EXPECT_FALSE(call(world, connected));
  EXPECT_TRUE(world.fetcher.requests_to("POST https://auth.todo.example/revoke").empty());
}

TEST(Refresh, InvalidGrantMeansSignInAgain) {
  World world;
  const Connected connected = connect(world);
  world.clock.move(seconds(3600));
  world.tokens.error_body = R"({"error":"invalid_grant"})";
  EXPECT_EQ(call(world, connected).error().kind, Kind::needs_sign_in);
  EXPECT_EQ(call(world, connected).error().kind, Kind::needs_sign_in);
  EXPECT_EQ(world.refreshes(), 1U) << "a grant that is gone is not asked for again";
  world.tokens.error_body.clear();
  world.connect(connected.plugin_id, connected.user);
  EXPECT_TRUE(call(world, connected)) << "signing in again heals it";
}

TEST(Refresh, AnUnreachableProviderCostsNothingWhileTheTokenLives) {
  World world;
  const Connected connected = connect(world);
  world.clock.move(seconds(3595));
  world.fetcher.remove("POST https://auth.todo.example/token");
  EXPECT_TRUE(call(world, connected));
  world.clock.move(seconds(10));
  EXPECT_EQ(call(world, connected).error().kind, Kind::plugin_fault);
  world.serve_plugin();
  EXPECT_TRUE(call(world, connected)) << "the lease was given back";
}

TEST(Refresh, AHundredCallsCauseExactlyOne) {
  World world;
  const Connected connected = connect(world);
  world.clock.move(seconds(3600));
  world.api_is_strict = true;
  world.tokens.delay = milliseconds(100);
  std::atomic<int> succeeded = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 100; ++i) {
    threads.emplace_back([&] {
      const auto answer = call(world, connected);
      if (answer && answer->status == 200) ++succeeded;
    });
  }
  threads.clear();
  EXPECT_EQ(succeeded, 100);
  EXPECT_EQ(world.refreshes(), 1U) << "THREATS N20";
}

TEST(Refresh, ALeaseOfADeadCallerEnds) {
  World world;
  const Connected connected = connect(world);
  world.clock.move(seconds(3600));
  const auto connection =
      block_on(world.storage->connections().find_connection(connected.plugin_id, connected.user.id));
  ASSERT_TRUE(block_on(world.storage->connections().claim_refresh(
      connection->id, connection->version, world.clock.now(), world.clock.now() + kRefreshLease)));
  std::jthread caller([&] { EXPECT_TRUE(call(world, connected)); });
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(world.refreshes(), 0U);
  world.clock.move(kRefreshLease);
  caller.join();
  EXPECT_EQ(world.refreshes(), 1U);
}

TEST(Call, TokensStayWithWhereTheyCameFrom) {
  World world;
  const Connected connected = connect(world);
  world.api_url = "https://moved.example/openapi.yaml";
  world.server_url = "https://moved.example";
  world.serve_plugin();
  (void)world.install();
  EXPECT_EQ(call(world, connected).error().kind, Kind::not_ready) << "a changed URL needs verify again";
  ASSERT_TRUE(block_on(verify_plugin(world.context, connected.plugin_id)));
  EXPECT_EQ(call(world, connected).error().kind, Kind::needs_sign_in);
  for (const net::FetchRequest& request : world.fetcher.requests()) {
    if (request.url.starts_with("https://moved.example")) {
      EXPECT_EQ(bearer_of(request), "");
    }
  }
}

TEST(Call, ADescriptionCannotSendTokensElsewhere) {
  World world;
  world.server_url = "https://evil.example/api";
  const Connected connected = connect(world);
  world.fetcher.on("GET https://todo.example/todos", 200, "{}");
  ASSERT_TRUE(call(world, connected));
  for (const net::FetchRequest& request : world.fetcher.requests()) {
    EXPECT_FALSE(request.url.starts_with("https://evil.example")) << request.url;
  }
}

TEST(Log, HoldsNoSecret) {
  World world;
  world.serve_metadata();
  const Connected connected = connect(world);
  world.clock.move(seconds(3600));
  ASSERT_TRUE(call(world, connected));
  world.clock.move(seconds(3600));
  world.tokens.error_body = R"({"error":"invalid_grant","error_description":"refresh-token-0002 is void"})";
  const auto failed = call(world, connected);
  ASSERT_FALSE(failed);
  (void)block_on(disconnect_plugin(world.context, connected.plugin_id, connected.user.id));
  ASSERT_FALSE(world.log.text().empty());
  for (const std::string& secret : world.secrets()) {
    EXPECT_EQ(world.log.text().find(secret), std::string::npos) << "THREATS N47: " << secret;
    EXPECT_EQ(failed.error().message.find(secret), std::string::npos) << secret;
  }
  for (const char* prefix : {"ctl_st_", "ctl_ct_"}) {
    EXPECT_EQ(world.log.text().find(prefix), std::string::npos) << prefix;
  }
}

}  // namespace
}  // namespace chatelaine::host
