#include "oauth/grants/device_code.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "base/block_on.hpp"
#include "oauth/handle.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"
#include "storage/fault.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

const Told kUnknown{400, "invalid_grant", "The device code is unknown, used, or was issued to another client."};
const Told kNoMore{400, "invalid_grant", "The device code is not valid any more: ask for another one."};

oauth::DeviceCodeId id_of(const std::string& device_code) {
  return {oauth::parse_handle(oauth::prefix::kDeviceCode, device_code).value().id};
}

/// Changes what tv-app is registered for.
void change_client(World& world, const std::function<void(oauth::Client&)>& change) {
  auto client = *block_on(world.storage().clients().find_client(oauth::ClientId("tv-app")));
  change(client);
  ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
}

/// RFC 8628 §3.5: the answer is that of every grant (RFC 6749 §5.1).
TEST(DeviceCodeGrant, GivesTokensOfTheUserWhoAllowedIt) {
  World world;
  const auto answer = poll(world, obtain_allowed_device_code(world));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.member("token_type"), "bearer");
  EXPECT_EQ(answer.member("scope"), "lists:read lists:write");
  const auto verified = block_on(world.verifier().verify(answer.member("access_token")));
  ASSERT_TRUE(verified);
  EXPECT_EQ((*verified)->subject.value(), "user-1815");
  EXPECT_EQ((*verified)->client_id.value(), "tv-app");
  EXPECT_EQ((*verified)->audience, std::vector{oauth::Resource("https://todo.example.com")});

  const auto refreshed = world.send(post_form(
      "/oauth/token",
      {{"grant_type", "refresh_token"}, {"client_id", "tv-app"}, {"refresh_token", answer.member("refresh_token")}}));
  EXPECT_EQ(refreshed.status, 200) << refreshed.body;
}

/// OpenID Connect Core §3.1.3.3, by whichever grant the person was asked.
TEST(DeviceCodeGrant, GivesAnIdTokenToWhoAsksWhoThePersonIs) {
  World world;
  const auto asked =
      world.send(post_form("/oauth/device_authorization", {{"client_id", "tv-app"}, {"scope", "openid lists:read"}}));
  const auto cookie = world.sign_in();
  const auto page = type_user_code(world, cookie, asked.member("user_code"));
  EXPECT_NE(visible_text(page.body).find("know who you are here"), std::string::npos);
  ASSERT_EQ(decide_device(world, cookie, page, "allow").status, 200);
  const auto answer = poll(world, asked.member("device_code"));
  EXPECT_EQ(answer.member("scope"), "lists:read openid");
  EXPECT_TRUE(answer.member("id_token").starts_with("eyJ"));
  EXPECT_EQ(poll(world, obtain_allowed_device_code(world)).member("id_token"), "");
}

TEST(DeviceCodeGrant, GivesOpaqueTokensToo) {
  World world;
  world.change_settings([](auto& settings) { settings.access_token_format = oauth::AccessTokenFormat::opaque; });
  const auto answer = poll(world, obtain_allowed_device_code(world));
  EXPECT_TRUE(answer.member("access_token").starts_with("ctl_at_"));
  EXPECT_TRUE(block_on(world.verifier().verify(answer.member("access_token"))));
}

/// RFC 6749 §1.5: whether there is a refresh token is the server's choice.
TEST(DeviceCodeGrant, GivesNoRefreshTokenThatNobodyWouldTake) {
  World world;
  world.change_settings([](auto& settings) { settings.flows.refresh_token = false; });
  EXPECT_EQ(poll(world, obtain_allowed_device_code(world)).member("refresh_token"), "");
  world.change_settings([](auto& settings) { settings.flows.refresh_token = true; });
  change_client(world, [](auto& client) { client.grant_types = {oauth::GrantType::device_code}; });
  const auto answer = poll(world, obtain_allowed_device_code(world));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.member("refresh_token"), "");
}

/// RFC 8628 §3.5: each poll that comes too early makes the interval 5 seconds longer, for all that follow.
TEST(DeviceCodeGrant, PollsThatComeTooEarlySlowDown) {
  World world;
  const auto device_code = ask_for_device_code(world).member("device_code");
  struct Poll {
    int wait_seconds;
    const char* error;
  };
  const Poll polls[] = {{0, "authorization_pending"},
                        {5, "authorization_pending"},
                        {4, "slow_down"},
                        {5, "slow_down"},
                        {14, "slow_down"},
                        {20, "authorization_pending"},
                        {19, "slow_down"},
                        {25, "authorization_pending"}};
  for (const auto& [wait, error] : polls) {
    world.move_clock(seconds{wait});
    const auto answer = poll(world, device_code);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.member("error"), error) << "after " << wait << " seconds";
  }
}

/// Whoever has allowed it waits no longer than the device does.
TEST(DeviceCodeGrant, AnImpatientDeviceGetsItsTokensAllTheSame) {
  World world;
  const auto asked = ask_for_device_code(world);
  for (int i = 0; i < 3; ++i) static_cast<void>(poll(world, asked.member("device_code")));
  const auto cookie = world.sign_in();
  const auto page = type_user_code(world, cookie, asked.member("user_code"));
  ASSERT_EQ(decide_device(world, cookie, page, "allow").status, 200);
  EXPECT_EQ(poll(world, asked.member("device_code")).status, 200);
}

TEST(DeviceCodeGrant, ServesOnce) {
  World world;
  const auto device_code = obtain_allowed_device_code(world);
  const auto tokens = poll(world, device_code);
  EXPECT_EQ(tell(poll(world, device_code)), kUnknown);
  // A poll that is sent again because its answer was lost is no theft: the code never left the device.
  EXPECT_TRUE(block_on(world.verifier().verify(tokens.member("access_token"))));
}

/// THREATS L4: of two polls at once one wins.
TEST(DeviceCodeGrant, ARivalMayHaveFetchedItInBetween) {
  World world;
  const auto device_code = obtain_allowed_device_code(world);
  int uses = 0;
  TestResponse rival;
  world.watch_storage([&](std::string_view noun) {
    // The second use is the one that redeems.
    if (noun != "device_codes" || ++uses != 2) return;
    world.watch_storage({});
    rival = poll(world, device_code);
  });
  EXPECT_EQ(tell(poll(world, device_code)), kNoMore);
  EXPECT_EQ(rival.status, 200);
}

TEST(DeviceCodeGrant, AFaultUsesNothingUp) {
  World world;
  const auto device_code = obtain_allowed_device_code(world);
  int uses = 0;
  world.watch_storage([&](std::string_view noun) {
    if (noun == "device_codes" && ++uses == 2) throw storage::StorageFault("disk full");
  });
  EXPECT_EQ(poll(world, device_code).status, 503);
  world.watch_storage({});
  EXPECT_EQ(poll(world, device_code).status, 200);
}

struct WrongPoll {
  const char* sentence;
  std::function<TestResponse(World&)> send;
  Told told;
};

TEST(DeviceCodeGrant, WrongPollsAreTold) {
  const auto post = [](std::vector<Form::Field> more) {
    more.push_back({"grant_type", "urn:ietf:params:oauth:grant-type:device_code"});
    return post_form("/oauth/token", more);
  };
  const WrongPoll rows[] = {
      {"RFC 8628 §3.4: no device_code",
       [&](World& world) { return world.send(post({{"client_id", "tv-app"}})); },
       {400, "invalid_request", "The parameter device_code is missing."}},
      {"mistyped", [](World& world) { return poll(world, obtain_allowed_device_code(world) + "x"); }, kUnknown},
      {"made up", [](World& world) { return poll(world, "ctl_dc_x"); }, kUnknown},
      {"the user code in its place",
       [](World& world) { return poll(world, ask_for_device_code(world).member("user_code")); }, kUnknown},
      {"RFC 8628 §3.5: another client's",
       [&](World& world) {
         const auto device_code = obtain_allowed_device_code(world);
         change_client(world, [&](auto client) {
           client.id = oauth::ClientId("tv-two");
           block_on(world.storage().clients().add_client(client));
         });
         return world.send(post({{"client_id", "tv-two"}, {"device_code", device_code}}));
       },
       kUnknown},
      {"RFC 8628 §3.5: expired",
       [](World& world) {
         const auto device_code = obtain_allowed_device_code(world);
         world.move_clock(std::chrono::minutes{10});
         block_on(world.storage().remove_expired(world.now()));
         return poll(world, device_code);
       },
       {400, "expired_token", "The device code has expired: ask for another one once the user wants to try again."}},
      {"expired long ago",
       [](World& world) {
         const auto device_code = ask_for_device_code(world).member("device_code");
         world.move_clock(std::chrono::minutes{20});
         block_on(world.storage().remove_expired(world.now()));
         return poll(world, device_code);
       },
       kUnknown},
      {"RFC 8628 §3.5: denied",
       [](World& world) {
         const auto asked = ask_for_device_code(world);
         const auto cookie = world.sign_in();
         const auto page = type_user_code(world, cookie, asked.member("user_code"));
         static_cast<void>(decide_device(world, cookie, page, "deny"));
         EXPECT_EQ(poll(world, asked.member("device_code")).member("error"), "access_denied");
         return poll(world, asked.member("device_code"));
       },
       {400, "access_denied", "The user did not allow it."}},
      {"RFC 8707 §2.2: another resource",
       [&](World& world) {
         return world.send(post({{"client_id", "tv-app"},
                                 {"device_code", obtain_allowed_device_code(world)},
                                 {"resource", "https://b.example"}}));
       },
       {400, "invalid_target", "The resource 'https://b.example' is not served here."}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    World world;
    EXPECT_EQ(tell(row.send(world)), row.told);
  }
}

/// What happens between the user's yes and the device's poll.
struct Between {
  const char* sentence;
  std::function<void(World&)> happen;
  Told told;
};

/// THREATS §1, N53: every grant that ends in a token asks again whether user, client and consent are still there.
TEST(DeviceCodeGrant, WhatWasTakenBackMeanwhileGivesNothing) {
  const Between rows[] = {
      {"the user is disabled",
       [](World& world) { block_on(world.storage().users().set_enabled(world.ada(), false, world.now())); }, kUnknown},
      {"the user is disabled and enabled again",
       [](World& world) {
         block_on(world.storage().users().set_enabled(world.ada(), false, world.now()));
         block_on(world.storage().users().set_enabled(world.ada(), true, world.now()));
       },
       kUnknown},
      {"the user is removed",
       [](World& world) { block_on(world.storage().users().remove_user(world.ada(), world.now())); }, kUnknown},
      {"the user's password is set anew",
       [](World& world) {
         block_on(world.storage().users().set_password(world.ada(), crypto::PasswordHash("new"), world.now()));
       },
       kUnknown},
      {"the user withdraws the consent",
       [](World& world) {
         block_on(world.storage().consents().withdraw_consent(world.ada(), oauth::ClientId("tv-app"), world.now()));
       },
       kUnknown},
      {"the client is removed",
       [](World& world) { block_on(world.storage().clients().remove_client(oauth::ClientId("tv-app"), world.now())); },
       {401, "invalid_client", "The client is unknown, or its secret is wrong."}},
      {"the client may not use the grant any more",
       [](World& world) {
         change_client(world, [](auto& client) { client.grant_types = {oauth::GrantType::authorization_code}; });
       },
       {400, "unauthorized_client",
        "This client is not registered for the grant type device_code: chatelaine client update ID --grant with every "
        "grant type it shall have, device_code among them."}},
      {"the operator switches the flow off",
       [](World& world) { world.change_settings([](auto& settings) { settings.flows.device_code = false; }); },
       {400, "unsupported_grant_type",
        "The grant_type 'urn:ietf:params:oauth:grant-type:device_code' is not supported: use authorization_code, "
        "refresh_token or client_credentials."}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    World world;
    const auto device_code = obtain_allowed_device_code(world);
    row.happen(world);
    EXPECT_EQ(tell(poll(world, device_code)), row.told);
    EXPECT_TRUE(block_on(world.storage().grants().list_grants({})).empty());
  }
}

/// The same just before storage decides.
TEST(DeviceCodeGrant, AUserWhoIsDisabledInBetweenGivesNothing) {
  World world;
  const auto device_code = obtain_allowed_device_code(world);
  int uses = 0;
  world.watch_storage([&](std::string_view noun) {
    if (noun != "device_codes" || ++uses != 2) return;
    world.watch_storage({});
    block_on(world.storage().users().set_enabled(world.ada(), false, world.now()));
  });
  EXPECT_EQ(tell(poll(world, device_code)), kNoMore);
}

TEST(DeviceCodeGrant, AClientWhoseScopeShrankGetsWhatIsLeft) {
  World world;
  const auto device_code = obtain_allowed_device_code(world);
  change_client(world, [](auto& client) { client.scope = *oauth::Scope::parse("lists:read lists:delete"); });
  EXPECT_EQ(poll(world, device_code).member("scope"), "lists:read");
}

TEST(DeviceCodeGrant, TheIntervalIsKeptWithTheCode) {
  World world;
  const auto device_code = ask_for_device_code(world).member("device_code");
  for (int i = 0; i < 3; ++i) static_cast<void>(poll(world, device_code));
  const auto kept = block_on(world.storage().device_codes().find_device_code(id_of(device_code)));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->interval, seconds{15}) << "another process reads it there";
}

}  // namespace
}  // namespace chatelaine::provider
