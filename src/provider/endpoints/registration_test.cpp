#include <gtest/gtest.h>

#include <set>

#include "base/base64url.hpp"
#include "base/block_on.hpp"
#include "base/json.hpp"
#include "oauth/clients/authentication.hpp"
#include "oauth/clients/initial_access_token.hpp"
#include "oauth/handle.hpp"
#include "provider/testing/registering.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"
#include "storage/fault.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;
using oauth::RegistrationMode;

void set_mode(World& world, RegistrationMode mode) {
  world.change_settings([&](auto& settings) { settings.registration.mode = mode; });
}

std::shared_ptr<const oauth::Client> find_client(World& world, const TestResponse& registered) {
  return block_on(world.storage().clients().find_client(oauth::ClientId(registered.member("client_id"))));
}

TestRequest with_token(TestRequest request, const std::string& token) {
  return std::move(request).with("Authorization", "Bearer " + token);
}

/// RFC 7591 §3.2.1, RFC 7592 §3.
TEST(Registration, TheAnswerIs201WithAllThatIsRegistered) {
  World world;
  const auto answer = world.send(post_json("/oauth/register", kWebClient));
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  const auto id = answer.member("client_id");
  EXPECT_TRUE(id.starts_with("todo-helper-")) << id;
  EXPECT_EQ(answer.member("client_id_issued_at"), std::to_string(to_numeric_date(world.now())));
  EXPECT_TRUE(answer.member("client_secret").starts_with("ctl_cs_"));
  EXPECT_EQ(answer.member("client_secret_expires_at"), "0");
  EXPECT_TRUE(answer.member("registration_access_token").starts_with("ctl_ra_"));
  EXPECT_EQ(answer.member("registration_client_uri"), "https://todo.example.com/oauth/register/" + id);
  EXPECT_EQ(answer.member("client_name"), "Todo Helper");
  EXPECT_EQ(answer.member("redirect_uris"), R"(["https://helper.example/cb"])");
  EXPECT_EQ(answer.member("token_endpoint_auth_method"), "client_secret_basic");
  EXPECT_EQ(answer.member("scope"), "email lists:delete lists:read lists:write offline_access openid profile");
}

/// THREATS N47, N48: what is told once stands nowhere else.
TEST(Registration, StorageAndLogHoldNoSecretOfIt) {
  World world;
  const auto answer = world.send(post_json("/oauth/register", kWebClient));
  const auto client = find_client(world, answer);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->secret_hash, oauth::hash_client_secret(oauth::ClientSecret(answer.member("client_secret"))));
  const auto token = answer.member("registration_access_token");
  const auto handle = oauth::parse_handle(oauth::prefix::kRegistrationAccessToken, token);
  ASSERT_TRUE(handle);
  EXPECT_EQ(client->registration_token_hash, handle->hash());
  EXPECT_EQ(client->pkce, oauth::PkcePolicy::required);
  EXPECT_EQ(client->origin, oauth::ClientOrigin::registration);
  for (const char* secret : {"client_secret", "registration_access_token"})
    EXPECT_EQ(world.log().find(answer.member(secret)), std::string::npos) << secret;
}

TEST(Registration, TheSecretWorksByItsMethodAlone) {
  World world;
  const auto answer = world.send(post_json("/oauth/register", kWebClient));
  const auto id = answer.member("client_id");
  const auto secret = answer.member("client_secret");
  auto request = post_form("/oauth/token", {{"grant_type", "authorization_code"}, {"code", "x"}});
  request.with("Authorization", "Basic " + base64_encode(id + ":" + secret));
  EXPECT_EQ(world.send(request).member("error"), "invalid_grant") << "the client is known";
  const auto posted =
      post_form("/oauth/token",
                {{"grant_type", "authorization_code"}, {"code", "x"}, {"client_id", id}, {"client_secret", secret}});
  EXPECT_EQ(tell(world.send(posted)),
            (Told{401, "invalid_client", "This client is not registered for client_secret_post."}));
}

/// RFC 7591 §2: a client without a name is called by its id.
TEST(Registration, AClientWithoutANameIsCalledByItsId) {
  World world;
  const auto answer = world.send(post_json("/oauth/register", R"({"redirect_uris":["https://helper.example/cb"]})"));
  EXPECT_EQ(answer.member("client_name"), answer.member("client_id"));
}

/// A key that does not sign yet would answer a stranger's exchange with 503.
TEST(Registration, IdTokensAreSignedWithWhatTheServerHas) {
  World world;
  const auto request = post_json("/oauth/register",
                                 R"({"redirect_uris":["https://a.example/"],"id_token_signed_response_alg":"RS256"})");
  EXPECT_EQ(tell(world.send(request)),
            (Told{400, "invalid_client_metadata",
                  "The member 'id_token_signed_response_alg' cannot be 'RS256'; supported: ES256."}));
  world.change_settings(
      [](auto& settings) { settings.signing_algorithms.push_back(crypto::SignatureAlgorithm::RS256); });
  EXPECT_EQ(world.send(request).member("id_token_signed_response_alg"), "RS256");
}

/// RFC 8252 §7.3, §8.6: a program on somebody's machine, from its registration to its tokens.
TEST(Registration, APublicClientOnLoopbackGetsTokensOnceItIsAllowed) {
  World world;
  const auto registered = world.send(post_json("/oauth/register", kNativeClient));
  EXPECT_EQ(registered.status, 201);
  EXPECT_EQ(registered.member("client_secret"), "");
  EXPECT_EQ(registered.member("client_secret_expires_at"), "");
  const auto id = registered.member("client_id");
  const std::string redirect = "http://127.0.0.1:49152/callback";
  const std::vector<Form::Field> query{{"response_type", "code"},
                                       {"client_id", id},
                                       {"redirect_uri", redirect},
                                       {"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
                                       {"code_challenge_method", "S256"}};
  const auto cookie = world.sign_in();
  const auto page = world.send(get("/oauth/authorize?" + encode_form(query)).with("Cookie", cookie));
  ASSERT_EQ(page.status, 200);
  EXPECT_NE(
      visible_text(page.body).find("Todo CLI registered itself here: it chose that name, and nobody has checked it."),
      std::string::npos);
  const auto code = decide(world, cookie, page, "allow").location_parameter("code");
  const auto tokens =
      world.send(post_form("/oauth/token", {{"grant_type", "authorization_code"},
                                            {"client_id", id},
                                            {"code", code},
                                            {"redirect_uri", redirect},
                                            {"code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}}));
  EXPECT_EQ(tokens.status, 200);
  EXPECT_TRUE(tokens.member("refresh_token").starts_with("ctl_rt_"));
}

TEST(Registration, AnOperatorsClientIsNotMarkedAsUnchecked) {
  World world;
  const auto page =
      world.send(get("/oauth/authorize?response_type=code&client_id=todo-plugin").with("Cookie", world.sign_in()));
  ASSERT_EQ(page.status, 200);
  EXPECT_EQ(visible_text(page.body).find("registered itself"), std::string::npos);
}

/// RFC 8414 §2: the endpoint is named exactly when it is there.
TEST(Registration, OffThereIsNothing) {
  World world;
  const auto registered = world.send(post_json("/oauth/register", kNativeClient));
  const auto metadata = [&] { return world.send(get("/.well-known/oauth-authorization-server")); };
  EXPECT_EQ(metadata().member("registration_endpoint"), "https://todo.example.com/oauth/register");
  set_mode(world, RegistrationMode::token);
  EXPECT_EQ(metadata().member("registration_endpoint"), "https://todo.example.com/oauth/register");
  set_mode(world, RegistrationMode::off);
  EXPECT_EQ(metadata().member("registration_endpoint"), "");
  EXPECT_EQ(world.send(post_json("/oauth/register", kNativeClient)).status, 404);
  const auto own = "/oauth/register/" + registered.member("client_id");
  EXPECT_EQ(world.send(with_token(get(own), registered.member("registration_access_token"))).status, 404);
  set_mode(world, RegistrationMode::open);
  EXPECT_EQ(world.send(with_token(get(own), registered.member("registration_access_token"))).status, 200);
}

const Told kNoSuchToken{401, "invalid_token", "The initial access token is unknown, used up or expired."};

/// RFC 7591 §3, RFC 6750 §3.
TEST(Registration, ByTokenAnInitialAccessTokenIsNeeded) {
  World world;
  set_mode(world, RegistrationMode::token);
  const auto request = post_json("/oauth/register", kWebClient);
  const auto without = world.send(request);
  EXPECT_EQ(tell(without), (Told{401, "invalid_token",
                                 "Clients register here with an initial access token: ask whoever runs this server for "
                                 "one."}));
  EXPECT_EQ(without.header("WWW-Authenticate"), R"(Bearer realm="Client registration")")
      << "RFC 6750 §3.1: no error where no token came";

  const auto token = add_initial_access_token(world, 2);
  EXPECT_EQ(world.send(with_token(request, token)).status, 201);
  EXPECT_EQ(world.send(with_token(request, token)).status, 201);
  const auto used_up = world.send(with_token(request, token));
  EXPECT_EQ(tell(used_up), kNoSuchToken);
  EXPECT_EQ(used_up.header("WWW-Authenticate"),
            R"(Bearer realm="Client registration", error="invalid_token", )"
            R"(error_description="The initial access token is unknown, used up or expired.")");
  EXPECT_EQ(used_up.header("Cache-Control"), "no-store");

  const auto expiring = add_initial_access_token(world, 2);
  world.move_clock(std::chrono::days(7));
  EXPECT_EQ(tell(world.send(with_token(request, expiring))), kNoSuchToken);
  EXPECT_EQ(world.log().find(oauth::prefix::kInitialAccessToken), std::string::npos) << "THREATS N47";
}

/// Open or not: who brings a token wants it to count.
TEST(Registration, AWrongTokenIsToldAlsoWhereNoneIsNeeded) {
  World world;
  const auto request = post_json("/oauth/register", kWebClient);
  const auto registered = world.send(request);
  for (const auto& token :
       {std::string("x"), registered.member("registration_access_token"), add_initial_access_token(world, 1) + "x"}) {
    EXPECT_EQ(tell(world.send(with_token(request, token))), kNoSuchToken) << token;
  }
  auto other_scheme = request;
  EXPECT_EQ(tell(world.send(other_scheme.with("Authorization", "Basic eDp5"))), kNoSuchToken);
}

/// What nobody consents to, an operator has to want.
TEST(Registration, ClientCredentialsComeWithAnInitialAccessTokenAlone) {
  World world;
  const auto request = post_json("/oauth/register", R"({"grant_types":["client_credentials"],"scope":"lists:read"})");
  EXPECT_EQ(world.send(request).member("error"), "invalid_client_metadata");
  const auto answer = world.send(with_token(request, add_initial_access_token(world, 1)));
  ASSERT_EQ(answer.status, 201);
  EXPECT_EQ(answer.member("redirect_uris"), "[]");
  EXPECT_EQ(answer.member("response_types"), "[]");
  auto tokens = post_form("/oauth/token", {{"grant_type", "client_credentials"}});
  tokens.with("Authorization",
              "Basic " + base64_encode(answer.member("client_id") + ":" + answer.member("client_secret")));
  EXPECT_EQ(world.send(tokens).member("scope"), "lists:read");
}

/// The last use of a token is somebody else's between its check and its use.
TEST(Registration, ARivalMayHaveUsedTheTokenInBetween) {
  World world;
  const auto token = add_initial_access_token(world, 1);
  world.watch_storage([&](std::string_view noun) {
    if (noun != "clients") return;
    world.watch_storage({});
    EXPECT_EQ(world.send(with_token(post_json("/oauth/register", kNativeClient), token)).status, 201);
  });
  EXPECT_EQ(tell(world.send(with_token(post_json("/oauth/register", kWebClient), token))), kNoSuchToken);
}

/// Whatever storage fails at, the token keeps its use.
TEST(Registration, AFaultUsesNothingUp) {
  World world;
  const auto request = with_token(post_json("/oauth/register", kWebClient), add_initial_access_token(world, 1));
  world.watch_storage([](std::string_view noun) {
    if (noun == "clients") throw storage::StorageFault("disk full");
  });
  EXPECT_EQ(world.send(request).status, 503);
  world.watch_storage({});
  EXPECT_EQ(world.send(request).status, 201);
}

/// Hundreds of assistants that ask for the same: the first have clients of their own, the others share one.
TEST(Registration, IdenticalPublicClientsBecomeOneThatNobodyCanChange) {
  World world;
  std::set<std::string> ids;
  for (int i = 0; i < 10; ++i) {
    const auto own = world.send(post_json("/oauth/register", kNativeClient));
    EXPECT_NE(own.member("registration_access_token"), "");
    ids.insert(own.member("client_id"));
  }
  EXPECT_EQ(ids.size(), 10U);
  const auto first = world.send(post_json("/oauth/register", kNativeClient));
  world.move_clock(seconds(5));
  const auto second = world.send(post_json("/oauth/register", kNativeClient));
  for (const auto& shared : {first, second}) {
    EXPECT_EQ(shared.status, 201);
    EXPECT_EQ(shared.member("client_id"), first.member("client_id"));
    EXPECT_EQ(shared.member("client_id_issued_at"), first.member("client_id_issued_at"));
    EXPECT_EQ(shared.member("registration_access_token"), "");
    EXPECT_EQ(shared.member("registration_client_uri"), "");
    EXPECT_EQ(shared.member("redirect_uris"), R"(["http://127.0.0.1/callback"])");
  }
  EXPECT_FALSE(ids.contains(first.member("client_id")));
}

TEST(Registration, ConfidentialClientsAreNeverShared) {
  World world;
  std::set<std::string> ids;
  for (int i = 0; i < 15; ++i) ids.insert(world.send(post_json("/oauth/register", kWebClient)).member("client_id"));
  EXPECT_EQ(ids.size(), 15U);
}

/// RFC 7591 §3, RFC 6585 §4: 429 for whoever registers too often.
TEST(Registration, AnAddressRegistersSoManyAndThenWaits) {
  World world;
  for (int i = 0; i < 30; ++i) ASSERT_EQ(world.send(post_json("/oauth/register", kNativeClient)).status, 201);
  EXPECT_EQ(world.send(post_json("/oauth/register", "{}")).status, 400) << "what is refused costs nothing";
  const auto answer = world.send(post_json("/oauth/register", kNativeClient));
  const Told told{429, "temporarily_unavailable", "Too many clients were registered or changed from your address."};
  EXPECT_EQ(tell(answer), told);
  EXPECT_EQ(answer.header("Retry-After"), "900");
  const auto vouched = with_token(post_json("/oauth/register", kNativeClient), add_initial_access_token(world, 1));
  EXPECT_EQ(world.send(vouched).status, 201) << "an operator's word is no stranger's";
  world.move_clock(std::chrono::minutes(15));
  EXPECT_EQ(world.send(post_json("/oauth/register", kNativeClient)).status, 201);
}

/// THREATS §1: every list that a stranger can fill is bounded, and makes room again by itself.
TEST(Registration, ThereAreOnlySoManyUnusedClients) {
  World world;
  const storage::RegistrationBounds unbounded{.most_of_their_own = 0, .most_unused = 5000, .makes_room_before = {}};
  for (int i = 0; i < 1000; ++i) {
    storage::OpenRegistration registration;
    registration.client.id = oauth::ClientId("unused-" + std::to_string(i));
    registration.client.created_at = world.now();
    registration.unused_until = world.now() + std::chrono::days(30) + seconds(i);
    ASSERT_TRUE(block_on(world.storage().clients().register_client(registration, unbounded)));
  }
  const auto answer = world.send(post_json("/oauth/register", kWebClient));
  EXPECT_EQ(tell(answer), (Told{429, "temporarily_unavailable",
                                "Too many clients have registered that nobody has used yet: try again later."}));
  EXPECT_EQ(answer.header("Retry-After"), "600");
  world.move_clock(std::chrono::hours(1));
  EXPECT_EQ(world.send(post_json("/oauth/register", kWebClient)).status, 201);
  EXPECT_FALSE(block_on(world.storage().clients().find_client(oauth::ClientId("unused-0"))));
}

TEST(Registration, AClientThatNobodyUsesGoes) {
  World world;
  world.change_settings([](auto& settings) { settings.registration.unused_lifetime = std::chrono::hours(1); });
  const auto registered = world.send(post_json("/oauth/register", kWebClient));
  block_on(world.storage().remove_expired(world.now() + std::chrono::hours(1) - milliseconds(1)));
  EXPECT_TRUE(find_client(world, registered));
  block_on(world.storage().remove_expired(world.now() + std::chrono::hours(1)));
  EXPECT_FALSE(find_client(world, registered));
}

std::vector<WrongRequest> wrong_registrations() {
  const auto row = [](const char* sentence, const std::string& body, Told told) {
    return WrongRequest{sentence, post_json("/oauth/register", body), std::move(told)};
  };
  auto repeated = post_json("/oauth/register", kWebClient);
  repeated.with("Authorization", "Bearer a").with("Authorization", "Bearer b");
  return {
      row("no JSON", "client_name=Todo",
          {400, "invalid_request", "The body is not readable JSON: syntax error (line 1, column 1)."}),
      row("an empty body", "",
          {400, "invalid_request", "The body is not readable JSON: the text is empty (line 1, column 1)."}),
      row("a list", "[]", {400, "invalid_request", "The body must be a JSON object, not an array."}),
      row("a repeated member", R"({"client_name":"a","client_name":"b"})",
          {400, "invalid_request",
           "The body is not readable JSON: the member 'client_name' appears twice in one object (line 1, column 32)."}),
      row("RFC 7591 §3.2.2: no redirect URI", "{}",
          {400, "invalid_redirect_uri",
           "redirect_uris is missing: the grant type authorization_code needs at least one."}),
      row("RFC 7591 §3.2.2: an unusable redirect URI", R"({"redirect_uris":["http://evil.example/"]})",
          {400, "invalid_redirect_uri",
           "The redirect URI 'http://evil.example/' must be https; http is for loopback addresses."}),
      row("RFC 7591 §3.2.2: a name that is none",
          R"({"redirect_uris":["https://a.example/"],"client_name":[]  ,"x":1,)"
          R"("scope":3})",
          {400, "invalid_client_metadata", "The member 'scope' must be a string, not a number."}),
      row("RFC 7591 §2.3, §3.2.2: a software statement",
          R"({"software_statement":"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.AAAA"})",
          {400, "unapproved_software_statement",
           "This server trusts nobody's software statements: send the metadata as plain members."}),
      {"RFC 7591 §3.1: a form",
       post_form("/oauth/register", {{"client_name", "Todo"}}),
       {400, "invalid_request", "The metadata must be JSON: send Content-Type: application/json."}},
      {"another charset",
       post_raw("/oauth/register", "application/json; charset=utf-16", "{}"),
       {400, "invalid_request", "The metadata must be JSON: send Content-Type: application/json."}},
      {"two tokens", repeated, {400, "invalid_request", "The header Authorization came more than once."}},
      {"more than 64 KiB",
       post_json("/oauth/register", std::string(65'537, ' ')),
       {413, "invalid_request", "The body is larger than 64 KiB; an OAuth request needs a few hundred bytes."}},
      {"RFC 7591 §3.1: GET",
       get("/oauth/register"),
       {405, "invalid_request", "This endpoint does not take GET: send POST."}},
  };
}

TEST(Registration, WrongRequestsAreTold) {
  World world;
  for (const auto& row : wrong_registrations()) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(tell(answer), row.told);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  }
}

}  // namespace
}  // namespace chatelaine::provider
