#include "oauth/grants/device_authorization.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "oauth/handle.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

constexpr const char* kEndpoint = "/oauth/device_authorization";

/// RFC 8628 §3.2.
TEST(DeviceAuthorization, TheAnswerHoldsBothCodesAndWhereToTypeOne) {
  World world;
  const auto answer = ask_for_device_code(world);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.member("device_code").starts_with("ctl_dc_"));
  const auto user_code = answer.member("user_code");
  EXPECT_EQ(user_code.size(), 9U);
  EXPECT_EQ(answer.member("verification_uri"), "https://todo.example.com/device");
  EXPECT_EQ(answer.member("verification_uri_complete"), "https://todo.example.com/device?user_code=" + user_code);
  EXPECT_EQ(answer.member("expires_in"), "600");
  EXPECT_EQ(answer.member("interval"), "5");
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
}

TEST(DeviceAuthorization, TheLifetimeIsTheOperators) {
  World world;
  world.change_settings([](auto& settings) { settings.device_code_lifetime = milliseconds{90'500}; });
  EXPECT_EQ(ask_for_device_code(world).member("expires_in"), "90");
}

/// THREATS N48: whoever reads the database or the log finds neither code.
TEST(DeviceAuthorization, StorageAndLogKeepNeitherCode) {
  World world;
  const auto answer = ask_for_device_code(world);
  const auto handle = oauth::parse_handle(oauth::prefix::kDeviceCode, answer.member("device_code"));
  ASSERT_TRUE(handle);
  const auto found = block_on(world.storage().device_codes().find_device_code({handle->id}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret_hash, handle->hash());
  EXPECT_EQ(found->user_code_hash, oauth::hash_user_code(*oauth::parse_user_code(answer.member("user_code"))));
  EXPECT_EQ(found->scope.to_string(), "lists:read lists:write");
  static_cast<void>(poll(world, answer.member("device_code")));
  EXPECT_EQ(world.log().find(answer.member("user_code")), std::string::npos);
  EXPECT_EQ(world.log().find("ctl_dc_"), std::string::npos);
}

// DEVIATION RFC 8628 §3.1: as at the token endpoint.
TEST(DeviceAuthorization, JsonIsTakenToo) {
  World world;
  const auto answer = world.send(post_json(kEndpoint, R"({"client_id":"tv-app","scope":"lists:read"})"));
  EXPECT_EQ(answer.status, 200);
}

/// RFC 8628 §3.1: a client with a secret authenticates as at the token endpoint.
TEST(DeviceAuthorization, AClientWithASecretShowsIt) {
  World world;
  auto client = *block_on(world.storage().clients().find_client(oauth::ClientId("strict-web")));
  client.grant_types = {oauth::GrantType::device_code};
  ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
  auto request = post_form(kEndpoint, {{"scope", "lists:read"}});
  EXPECT_EQ(world.send(request).status, 401);
  EXPECT_EQ(world.send(request.with("Authorization", basic("strict-web"))).status, 200);
}

TEST(DeviceAuthorization, WrongRequestsAreTold) {
  World world;
  const auto row = [](const char* sentence, const std::vector<Form::Field>& fields, Told told) {
    return WrongRequest{sentence, post_form(kEndpoint, fields), std::move(told)};
  };
  auto not_allowed = post_form(kEndpoint, {});
  not_allowed.with("Authorization", basic("strict-web"));
  const WrongRequest rows[] = {
      row("RFC 8628 §3.1: no client_id", {},
          {401, "invalid_client", "The request names no client: client_id is missing."}),
      row("an unknown client", {{"client_id", "nobody"}},
          {401, "invalid_client", "The client is unknown, or its secret is wrong."}),
      row("a public client with a secret", {{"client_id", "tv-app"}, {"client_secret", "x"}},
          {401, "invalid_client", "This client is public and has no secret: send client_id alone."}),
      row("no secret", {{"client_id", "todo-plugin"}},
          {401, "invalid_client", "This client has a secret, and the request does not carry it."}),
      {"a client that may not use the grant",
       not_allowed,
       {400, "unauthorized_client",
        "This client is not registered for the grant type device_code: chatelaine client update ID --grant with every "
        "grant type it shall have, device_code among them."}},
      row("RFC 6749 §3.3: an unknown scope", {{"client_id", "tv-app"}, {"scope", "lists:burn"}},
          {400, "invalid_scope", "The scope 'lists:burn' is unknown or not allowed. Allowed: lists:read lists:write."}),
      row("RFC 8707 §2: another resource", {{"client_id", "tv-app"}, {"resource", "https://b.example"}},
          {400, "invalid_target", "The resource 'https://b.example' is not served here."}),
      {"RFC 8628 §3.1: a repeated parameter",
       post_raw(kEndpoint, "application/x-www-form-urlencoded", "client_id=tv-app&client_id=tv-app"),
       {400, "invalid_request", "The parameter 'client_id' appears more than once."}},
      {"another content type",
       post_raw(kEndpoint, "text/plain", "client_id=tv-app"),
       {400, "invalid_request",
        "The Content-Type 'text/plain' is not supported: send application/x-www-form-urlencoded or application/json."}},
      {"GET", get(kEndpoint), {405, "invalid_request", "This endpoint does not take GET: send POST."}},
  };
  for (const auto& wrong : rows) {
    SCOPED_TRACE(wrong.sentence);
    const auto answer = world.send(wrong.request);
    EXPECT_EQ(tell(answer), wrong.told);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  }
}

/// A code with that user code, and a device code that nobody has.
oauth::DeviceCode rival_with(std::int64_t id, const crypto::Sha256& user_code_hash, Instant now) {
  return {.id = {id},
          .user_code_hash = user_code_hash,
          .client_id = oauth::ClientId("tv-app"),
          .expires_at = now + std::chrono::minutes{10}};
}

/// Whoever reads a public client's id can ask in its name, and must not fill the disk so.
TEST(DeviceAuthorization, APublicClientHasABoundOfUnansweredCodes) {
  World world;
  for (std::int64_t id = 1; id < 1000; ++id) {
    const auto code = rival_with(id, crypto::sha256(std::to_string(id)), world.now());
    block_on(world.storage().device_codes().add_device_code(code, std::nullopt, world.now()));
  }
  EXPECT_EQ(ask_for_device_code(world).status, 200);
  const auto answer = ask_for_device_code(world);
  const Told told{429, "temporarily_unavailable", "This client has too many device codes that nobody has answered."};
  EXPECT_EQ(tell(answer), told);
  EXPECT_EQ(answer.header("Retry-After"), "60");
  world.move_clock(std::chrono::minutes{10});
  EXPECT_EQ(ask_for_device_code(world).status, 200) << "the others have expired";
}

/// RFC 6585 §4: nor must one address use up what a public client's own users need.
TEST(DeviceAuthorization, AnAddressAsksForSoManyWithinAWhile) {
  World world;
  world.change_settings([](auto& settings) { settings.limits.device_codes.of_address = 2; });
  for (int i = 0; i < 2; ++i) ASSERT_EQ(ask_for_device_code(world).status, 200);
  const auto answer = ask_for_device_code(world);
  const Told told{429, "temporarily_unavailable", "Your address has asked for too many device codes in a short time."};
  EXPECT_EQ(tell(answer), told);
  EXPECT_EQ(answer.header("Retry-After"), "900");
  world.set_address("198.51.100.9");
  EXPECT_EQ(ask_for_device_code(world).status, 200) << "another address";
}

/// RFC 8628 §6.1: a user code that is in use is made anew.
TEST(DeviceAuthorization, ATakenUserCodeIsNotGivenTwice) {
  // Randomness is the same in every world.
  World first;
  const auto given = ask_for_device_code(first).member("user_code");
  World second;
  const auto rival = rival_with(1, oauth::hash_user_code(*oauth::parse_user_code(given)), second.now());
  block_on(second.storage().device_codes().add_device_code(rival, std::nullopt, second.now()));
  const auto answer = ask_for_device_code(second);
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.member("user_code"), given);
}

}  // namespace
}  // namespace chatelaine::provider
