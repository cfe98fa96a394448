#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "base/block_on.hpp"
#include "base/json.hpp"
#include "provider/testing/registering.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// A client that has registered, as it knows itself.
struct Registered {
  std::string id;
  std::string secret;
  std::string token;
  std::string body;

  [[nodiscard]] std::string target() const { return "/oauth/register/" + id; }
};
Registered enter(World& world, const std::string& metadata) {
  const auto answer = world.send(post_json("/oauth/register", metadata));
  return {answer.member("client_id"), answer.member("client_secret"), answer.member("registration_access_token"),
          answer.body};
}

TestRequest call(std::string method, const Registered& client, const std::string& token, std::string body = "") {
  TestRequest request{.method = std::move(method), .target = client.target(), .headers = {}, .body = std::move(body)};
  if (!request.body.empty()) request.with("Content-Type", "application/json");
  return std::move(request).with("Authorization", "Bearer " + token);
}
TestRequest call(std::string method, const Registered& client) { return call(std::move(method), client, client.token); }

/// RFC 7592 §2.2: the metadata with the client's id in front.
std::string update_of(const Registered& client, const std::string& metadata) {
  return R"({"client_id":")" + client.id + R"(",)" + metadata.substr(1);
}

const Told kRefused{401, "invalid_token", "There is no such client, or this is not its registration access token."};

/// RFC 7592 §2.1, §3.
TEST(RegistrationManagement, ReadingTellsWhatIsRegisteredAndChangesNothing) {
  World world;
  const auto client = enter(world, kWebClient);
  for (int i = 0; i < 2; ++i) {
    const auto answer = world.send(call("GET", client));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    auto expected = parse_json(client.body)->as_object();
    // Only its hash is kept.
    expected.erase("client_secret");
    expected.erase("client_secret_expires_at");
    EXPECT_EQ(parse_json(answer.body)->as_object(), expected);
  }
}

/// RFC 7592 §2.2: what is named replaces, and what is not is deleted.
TEST(RegistrationManagement, AnUpdateReplacesEverything) {
  World world;
  const auto client = enter(world, R"({"client_name":"Todo","redirect_uris":["https://a.example/cb"],)"
                                   R"("client_uri":"https://a.example/","contacts":["ops@a.example"]})");
  const auto answer =
      world.send(call("PUT", client, client.token, update_of(client, R"({"redirect_uris":["https://b.example/cb"]})")));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.member("client_id"), client.id);
  EXPECT_EQ(answer.member("client_name"), client.id);
  EXPECT_EQ(answer.member("redirect_uris"), R"(["https://b.example/cb"])");
  for (const char* deleted : {"client_uri", "contacts"}) EXPECT_EQ(answer.member(deleted), "") << deleted;
  EXPECT_EQ(answer.member("client_secret"), "") << "it stays what it was";
  const auto kept = block_on(world.storage().clients().find_client(oauth::ClientId(client.id)));
  EXPECT_EQ(kept->redirect_uris, std::vector{oauth::RedirectUri("https://b.example/cb")});
  EXPECT_EQ(kept->description, oauth::ClientDescription());
  EXPECT_EQ(kept->origin, oauth::ClientOrigin::registration);
  auto tokens = post_form("/oauth/token", {{"grant_type", "authorization_code"}, {"code", "x"}});
  tokens.with("Authorization", "Basic " + base64_encode(client.id + ":" + client.secret));
  EXPECT_EQ(world.send(tokens).member("error"), "invalid_grant") << "the secret counts";
}

/// RFC 7592 §5: an update brings a new token. THREATS L1: an answer may be lost, and with it the token.
TEST(RegistrationManagement, TheTokenBeforeCountsUntilTheNewOneIsUsed) {
  World world;
  const auto client = enter(world, kNativeClient);
  const auto update = update_of(client, kNativeClient);
  const auto lost = world.send(call("PUT", client, client.token, update)).member("registration_access_token");
  EXPECT_NE(lost, client.token);
  const auto fresh = world.send(call("PUT", client, client.token, update)).member("registration_access_token");
  EXPECT_EQ(tell(world.send(call("GET", client, lost))), kRefused) << "nobody has it";
  EXPECT_EQ(world.send(call("GET", client, client.token)).status, 200);
  EXPECT_EQ(world.send(call("GET", client, fresh)).member("registration_access_token"), fresh);
  const auto last = world.send(call("PUT", client, fresh, update)).member("registration_access_token");
  EXPECT_EQ(tell(world.send(call("GET", client, client.token))), kRefused);
  EXPECT_EQ(world.send(call("GET", client, last)).status, 200);
}

/// RFC 7592 §2.2: the server gives and takes the secret, never the client.
TEST(RegistrationManagement, TheSecretComesAndGoesWithTheMethod) {
  World world;
  auto client = enter(world, kNativeClient);
  const auto confidential = world.send(call("PUT", client, client.token, update_of(client, kWebClient)));
  EXPECT_TRUE(confidential.member("client_secret").starts_with("ctl_cs_"));
  EXPECT_EQ(confidential.member("client_secret_expires_at"), "0");
  client.token = confidential.member("registration_access_token");
  const auto open = world.send(call("PUT", client, client.token, update_of(client, kNativeClient)));
  EXPECT_EQ(open.member("client_secret"), "");
  const auto kept = block_on(world.storage().clients().find_client(oauth::ClientId(client.id)));
  EXPECT_FALSE(kept->is_confidential());
}

TEST(RegistrationManagement, AnOperatorsExceptionsAreForASecretAlone) {
  World world;
  const auto client = enter(world, kWebClient);
  auto changed = *block_on(world.storage().clients().find_client(oauth::ClientId(client.id)));
  EXPECT_EQ(changed.exchange_redirect_uri, oauth::ExchangeRedirectUri::repeated) << "whoever registers by itself";
  changed.pkce = oauth::PkcePolicy::optional;
  changed.exchange_redirect_uri = oauth::ExchangeRedirectUri::may_be_left_out;
  ASSERT_TRUE(block_on(world.storage().clients().update_client(changed, world.now())));
  const auto find = [&] { return block_on(world.storage().clients().find_client(changed.id)); };
  const auto same = world.send(call("PUT", client, client.token, update_of(client, kWebClient)));
  EXPECT_EQ(find()->pkce, oauth::PkcePolicy::optional);
  EXPECT_EQ(find()->exchange_redirect_uri, oauth::ExchangeRedirectUri::may_be_left_out);
  EXPECT_EQ(world.send(call("PUT", client, same.member("registration_access_token"), update_of(client, kNativeClient)))
                .status,
            200);
  EXPECT_EQ(find()->pkce, oauth::PkcePolicy::required);
  EXPECT_EQ(find()->exchange_redirect_uri, oauth::ExchangeRedirectUri::repeated);
}

/// THREATS N42: what people have allowed was for where the client led then.
TEST(RegistrationManagement, NewRedirectsAskThePersonAgain) {
  World world;
  const auto client = enter(world, kWebClient);
  const auto cookie = world.sign_in();
  const auto authorize = [&](const std::string& redirect) {
    const std::vector<Form::Field> query{{"response_type", "code"},
                                         {"client_id", client.id},
                                         {"redirect_uri", redirect},
                                         {"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
                                         {"code_challenge_method", "S256"}};
    return world.send(get("/oauth/authorize?" + encode_form(query)).with("Cookie", cookie));
  };
  const std::string before = "https://helper.example/cb";
  EXPECT_EQ(decide(world, cookie, authorize(before), "allow").status, 303);
  EXPECT_EQ(authorize(before).status, 303) << "remembered";
  const std::string moved = R"({"client_name":"Todo Helper","redirect_uris":["https://elsewhere.example/cb"]})";
  ASSERT_EQ(world.send(call("PUT", client, client.token, update_of(client, moved))).status, 200);
  EXPECT_EQ(authorize("https://elsewhere.example/cb").status, 200) << "asked";
  EXPECT_EQ(authorize(before).status, 400) << "no longer its own";
}

/// RFC 7592 §2.3.
TEST(RegistrationManagement, DeletingEndsTheClientAndWhatCameOfIt) {
  World world;
  const auto client = enter(world, kWebClient);
  const auto cookie = world.sign_in();
  const std::vector<Form::Field> query{{"response_type", "code"},
                                       {"client_id", client.id},
                                       {"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
                                       {"code_challenge_method", "S256"}};
  const auto page = world.send(get("/oauth/authorize?" + encode_form(query)).with("Cookie", cookie));
  ASSERT_EQ(decide(world, cookie, page, "allow").status, 303);

  const auto answer = world.send(call("DELETE", client));
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(tell(world.send(call("GET", client))), kRefused);
  EXPECT_EQ(tell(world.send(call("DELETE", client))), kRefused);
  EXPECT_TRUE(block_on(world.storage().consents().list_consents(world.ada())).empty());
  EXPECT_EQ(world.send(get("/oauth/authorize?" + encode_form(query)).with("Cookie", cookie)).status, 400);
  auto tokens = post_form("/oauth/token", {{"grant_type", "authorization_code"}, {"code", "x"}});
  tokens.with("Authorization", "Basic " + base64_encode(client.id + ":" + client.secret));
  EXPECT_EQ(world.send(tokens).member("error"), "invalid_client");
}

/// RFC 7592 §2, RFC 6750 §3: a client that does not exist reads as a token that is wrong.
TEST(RegistrationManagement, WithoutTheClientsOwnTokenThereIsNothing) {
  World world;
  const auto client = enter(world, kWebClient);
  const auto other = enter(world, kNativeClient);
  const Registered nobody{"nobody", "", client.token, ""};
  const Registered by_command{"todo-plugin", "", client.token, ""};
  for (const std::string method : {"GET", "PUT", "DELETE"}) {
    SCOPED_TRACE(method);
    for (const auto& request :
         {call(method, client, other.token), call(method, client, client.secret), call(method, client, "x"),
          call(method, client, add_initial_access_token(world, 1)), call(method, nobody), call(method, by_command)}) {
      const auto answer = world.send(request);
      EXPECT_EQ(tell(answer), kRefused);
      EXPECT_EQ(answer.header("WWW-Authenticate"),
                R"(Bearer realm="Client registration", error="invalid_token", error_description="There is no such )"
                R"(client, or this is not its registration access token.")");
    }
    TestRequest without{.method = method, .target = client.target(), .headers = {}, .body = {}};
    const auto answer = world.send(without);
    EXPECT_EQ(tell(answer), (Told{401, "invalid_token",
                                  "The registration access token is missing: send it as Authorization: Bearer."}));
    EXPECT_EQ(answer.header("WWW-Authenticate"), R"(Bearer realm="Client registration")");
    EXPECT_EQ(tell(world.send(without.with("Authorization", basic(client.id)))), kRefused);
  }
  // DEVIATION RFC 7592 §2.1, §2.2, §2.3: also not for the token that was brought to another.
  EXPECT_EQ(world.send(call("GET", client)).status, 200) << "nothing of it was done";
}

/// What an operator once gave, an update may keep.
TEST(RegistrationManagement, AClientKeepsWhatItsInitialAccessTokenGave) {
  World world;
  const std::string metadata = R"({"grant_types":["client_credentials"],"scope":"lists:read"})";
  auto request = post_json("/oauth/register", metadata);
  request.with("Authorization", "Bearer " + add_initial_access_token(world, 1));
  const auto answer = world.send(request);
  const Registered client{answer.member("client_id"), answer.member("client_secret"),
                          answer.member("registration_access_token"), answer.body};
  EXPECT_EQ(world.send(call("PUT", client, client.token, update_of(client, metadata))).status, 200);
  const auto stranger = enter(world, kWebClient);
  const auto refused = world.send(call("PUT", stranger, stranger.token, update_of(stranger, metadata)));
  EXPECT_EQ(refused.member("error"), "invalid_client_metadata") << "a stranger does not come to it by an update";
}

TEST(RegistrationManagement, ChangesCountAsRegistrationsOfTheirAddress) {
  World world;
  auto client = enter(world, kNativeClient);
  for (int i = 0; i < 29; ++i) {
    const auto answer = world.send(call("PUT", client, client.token, update_of(client, kNativeClient)));
    ASSERT_EQ(answer.status, 200);
    client.token = answer.member("registration_access_token");
  }
  const auto answer = world.send(call("PUT", client, client.token, update_of(client, kNativeClient)));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("Retry-After"), "900");
  EXPECT_EQ(world.send(call("GET", client)).status, 200);
}

TEST(RegistrationManagement, ARivalMayHaveReplacedTheTokenInBetween) {
  World world;
  const auto client = enter(world, kNativeClient);
  const auto update = update_of(client, kNativeClient);
  int uses = 0;
  world.watch_storage([&](std::string_view noun) {
    if (noun != "clients" || ++uses != 2) return;
    world.watch_storage({});
    const auto first = world.send(call("PUT", client, client.token, update)).member("registration_access_token");
    EXPECT_EQ(world.send(call("PUT", client, first, update)).status, 200);
  });
  EXPECT_EQ(tell(world.send(call("PUT", client, client.token, update))),
            (Told{401, "invalid_token", "This registration access token was replaced in this moment."}));
}

TEST(RegistrationManagement, WrongUpdatesAreTold) {
  World world;
  const auto client = enter(world, kWebClient);
  const auto row = [&](const char* sentence, const std::string& body, Told told) {
    return WrongRequest{sentence, call("PUT", client, client.token, body), std::move(told)};
  };
  auto form = call("PUT", client);
  form.with("Content-Type", "application/x-www-form-urlencoded").body = "client_id=x";
  const WrongRequest rows[] = {
      row("RFC 7592 §2.2: no client_id", kWebClient,
          {400, "invalid_client_metadata", "The member 'client_id' must be the client's own in an update."}),
      row("RFC 7592 §2.2: a secret of its own choice",
          update_of(client, R"({"client_secret":"chosen","redirect_uris":["https://a.example/"]})"),
          {400, "invalid_client_metadata",
           "The member 'client_secret' is not the client's: it cannot be chosen, and may be left out."}),
      row("RFC 7592 §2.2: what only the server says", client.body,
          {400, "invalid_client_metadata",
           "The member 'registration_access_token' is the server's to say: leave it out of an update."}),
      row("RFC 7591 §3.2.2: an unusable redirect URI",
          update_of(client, R"({"redirect_uris":["http://evil.example/"]})"),
          {400, "invalid_redirect_uri",
           "The redirect URI 'http://evil.example/' must be https; http is for loopback addresses."}),
      row("no JSON", "x", {400, "invalid_request", "The body is not readable JSON: syntax error (line 1, column 1)."}),
      {"a form", form, {400, "invalid_request", "The metadata must be JSON: send Content-Type: application/json."}},
      {"POST", call("POST", client), {405, "invalid_request", "This endpoint does not take POST: send GET."}},
  };
  for (const auto& wrong : rows) {
    SCOPED_TRACE(wrong.sentence);
    const auto answer = world.send(wrong.request);
    EXPECT_EQ(tell(answer), wrong.told);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  }
  EXPECT_EQ(world.send(call("GET", client)).member("client_name"), "Todo Helper");
}

}  // namespace
}  // namespace chatelaine::provider
