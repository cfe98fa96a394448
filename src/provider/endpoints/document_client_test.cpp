#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

constexpr const char* kUrl = "https://assistant.example/client.json";
constexpr const char* kCallback = "https://assistant.example/callback";
constexpr const char* kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr const char* kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

json::object make_document() {
  return {{"client_id", kUrl},
          {"client_name", "Assistant"},
          {"redirect_uris", json::array{kCallback}},
          {"token_endpoint_auth_method", "none"}};
}
void publish(World& world, const json::object& document) { world.web().publish(kUrl, json::serialize(document)); }

using Changes = std::vector<std::pair<std::string, std::string>>;
/// A request of the assistant; each test changes what it is about.
TestRequest authorization_request(const Changes& changes = {}) {
  std::map<std::string, std::string> fields{{"response_type", "code"},      {"client_id", kUrl},
                                            {"redirect_uri", kCallback},    {"state", "s"},
                                            {"code_challenge", kChallenge}, {"code_challenge_method", "S256"}};
  for (const auto& [name, value] : changes) fields[name] = value;
  std::vector<Form::Field> query;
  for (const auto& [name, value] : fields) query.push_back({name, value});
  return get("/oauth/authorize?" + encode_form(query));
}
TestRequest exchange(const std::string& code, std::vector<Form::Field> more = {}) {
  std::vector<Form::Field> fields{
      {"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", kCallback}, {"code_verifier", kVerifier}};
  fields.insert(fields.end(), more.begin(), more.end());
  return post_form("/oauth/token", fields);
}
TestRequest refresh(const TestResponse& tokens) {
  return post_form("/oauth/token", {{"grant_type", "refresh_token"},
                                    {"client_id", std::string(kUrl)},
                                    {"refresh_token", tokens.member("refresh_token")}});
}
TestRequest exchange_public(const std::string& code) { return exchange(code, {{"client_id", kUrl}}); }

auto stored(World& world) { return block_on(world.storage().clients().find_client(oauth::ClientId(kUrl))); }
bool is_asked(const TestResponse& answer) { return !answer.form_field("form_token").empty(); }

/// Ada is asked, and allows: the code.
std::string allow_assistant(World& world, const std::string& cookie, const Changes& changes = {}) {
  const auto page = world.send(authorization_request(changes).with("Cookie", cookie));
  EXPECT_TRUE(is_asked(page)) << visible_text(page.body);
  return decide(world, cookie, page, "allow").location_parameter("code");
}

/// MCP authorization: an assistant that nobody has registered signs people in.
/// draft-ietf-oauth-client-id-metadata-document-03 §8.5: the page names its host.
TEST(DocumentClient, SignsAPersonInAndRefreshes) {
  World world;
  publish(world, make_document());
  const auto cookie = world.sign_in();
  const auto page = world.send(authorization_request().with("Cookie", cookie));
  const auto words = visible_text(page.body);
  EXPECT_NE(words.find("Assistant wants to"), std::string::npos) << words;
  EXPECT_NE(words.find("Assistant belongs to assistant.example , which gave it this name."), std::string::npos)
      << words;
  EXPECT_NE(words.find("You will be taken back to assistant.example"), std::string::npos) << words;

  const auto answer = decide(world, cookie, page, "allow");
  EXPECT_EQ(answer.location_parameter("iss"), "https://todo.example.com");
  auto tokens = world.send(exchange_public(answer.location_parameter("code")));
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  tokens = world.send(refresh(tokens));
  EXPECT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_EQ(world.web().requests().size(), 1U) << "the token endpoint goes by what is stored";
}

/// RFC 7523 §2.2, draft-ietf-oauth-client-id-metadata-document-03 §8.2: one with keys must use them.
TEST(DocumentClient, WithKeysProvesItself) {
  World world;
  auto document = make_document();
  document["token_endpoint_auth_method"] = "private_key_jwt";
  document["jwks_uri"] = "https://assistant.example/jwks";
  publish(world, document);
  world.web().publish("https://assistant.example/jwks",
                      json::serialize(json::object{{"keys", json::array{signer_key().public_jwk()}}}));
  const auto cookie = world.sign_in();
  const auto code = allow_assistant(world, cookie);
  EXPECT_EQ(world.send(exchange_public(code)).status, 401);
  EXPECT_EQ(world.send(exchange(code, with_assertion(world, kUrl, {}))).status, 200);
}

/// THREATS N42, N43: what the page says where the answer goes to this computer.
TEST(DocumentClient, OnThisComputerCannotShowWhoseItIs) {
  World world;
  auto document = make_document();
  document["redirect_uris"] = json::array{"http://localhost/callback", "http://127.0.0.1/callback"};
  publish(world, document);
  const auto cookie = world.sign_in();
  for (const char* callback : {"http://localhost:3118/callback", "http://127.0.0.1:3118/callback"}) {
    const auto page = world.send(authorization_request({{"redirect_uri", callback}}).with("Cookie", cookie));
    const auto words = visible_text(page.body);
    EXPECT_NE(words.find("Allow this only if you have just started Assistant on this computer yourself."),
              std::string::npos)
        << words;
    EXPECT_NE(words.find("It says that it belongs to assistant.example . Nobody can check that"), std::string::npos)
        << words;
    EXPECT_EQ(words.find("which gave it this name"), std::string::npos);
    EXPECT_TRUE(decide(world, cookie, page, "allow").header("Location")->starts_with(callback));
    EXPECT_TRUE(is_asked(world.send(authorization_request({{"redirect_uri", callback}}).with("Cookie", cookie))))
        << "RFC 8252 §8.6: each time";
  }
  EXPECT_EQ(world.send(authorization_request({{"redirect_uri", "http://localhost:3118/other"}})).status, 400);
  EXPECT_EQ(world.send(authorization_request({{"redirect_uri", "http://localhost.evil.example/callback"}})).status,
            400);
}

/// THREATS N42: a changed document has people asked again; what they had allowed before goes on.
TEST(DocumentClient, ThatChangesHasPeopleAskedAgain) {
  World world;
  auto document = make_document();
  publish(world, document);
  const auto cookie = world.sign_in();
  const auto tokens = world.send(exchange_public(allow_assistant(world, cookie)));
  EXPECT_FALSE(is_asked(world.send(authorization_request().with("Cookie", cookie)))) << "remembered";

  document["client_name"] = "Assistant 2";
  publish(world, document);
  world.move_clock(std::chrono::minutes(6));
  EXPECT_FALSE(is_asked(world.send(authorization_request().with("Cookie", cookie)))) << "another name is not enough";
  EXPECT_EQ(stored(world)->name, "Assistant 2");

  document["redirect_uris"] = json::array{kCallback, "https://evil.example/callback"};
  publish(world, document);
  EXPECT_FALSE(is_asked(world.send(authorization_request().with("Cookie", cookie)))) << "still fresh";
  world.move_clock(std::chrono::minutes(6));
  EXPECT_TRUE(is_asked(world.send(authorization_request().with("Cookie", cookie))));
  EXPECT_EQ(world.send(refresh(tokens)).status, 200);
}

/// The document that counts is the one of the moment at which the person allows.
TEST(DocumentClient, ThatLosesItsRedirectUriWhileThePersonThinksGetsNoCode) {
  World world;
  publish(world, make_document());
  const auto cookie = world.sign_in();
  const auto page = world.send(authorization_request().with("Cookie", cookie));
  auto document = make_document();
  document["redirect_uris"] = json::array{"https://assistant.example/new"};
  publish(world, document);
  world.move_clock(std::chrono::minutes(6));
  const auto answer = decide(world, cookie, page, "allow");
  EXPECT_EQ(answer.status, 400);
  EXPECT_FALSE(answer.header("Location"));
}

/// draft-ietf-oauth-client-id-metadata-document-03 §5.1, THREATS N42: nothing of such a client is proven, so that its
/// author hears of it on a page, never by redirect.
TEST(DocumentClient, ThatCannotBeReadIsExplainedOnAPage) {
  struct Row {
    std::string_view sentence;
    std::function<void(World&)> publish_wrong;
    std::string_view words;
  };
  const auto with = [](std::string name, json::value value) {
    return [name = std::move(name), value = std::move(value)](World& world) {
      auto document = make_document();
      document[name] = value;
      publish(world, document);
    };
  };
  const std::vector<Row> rows{
      {"nothing there", [](World&) {}, "The host of https://assistant.example/client.json was not found."},
      {"THREATS N40: an address within",
       [](World& world) { world.web().break_off(kUrl, net::FetchError::Kind::forbidden_address); }, "broke off."},
      {"THREATS N40: a redirect to loopback",
       [](World& world) {
         world.web().publish(
             kUrl, net::FetchedDocument{.status = 302, .headers = {{"Location", "http://127.0.0.1/"}}, .body = {}});
       },
       "answered with a redirect (302), which is not followed."},
      {"draft-ietf-oauth-client-id-metadata-document-03 §5: 404 is no document",
       [](World& world) { world.web().publish(kUrl, net::FetchedDocument{.status = 404, .headers = {}, .body = {}}); },
       "answered with status 404."},
      {"THREATS N41: a page", [](World& world) { world.web().publish(kUrl, "<html>", "text/html"); },
       "is not served as application/json."},
      {"THREATS N41: compressed, though nobody asked", [](World& world) { world.web().publish(kUrl, "\x1f\x8b\x08"); },
       "The document is not JSON"},
      {"THREATS N42: another's document", with("client_id", "https://evil.example/client.json"),
       "The member client_id must be the document's own URL."},
      {"draft-ietf-oauth-client-id-metadata-document-03 §4.1: a secret", with("client_secret", "x"),
       "take the member client_secret out"},
  };
  for (const Row& row : rows) {
    World world;
    row.publish_wrong(world);
    const auto answer = world.send(authorization_request().with("Cookie", world.sign_in()));
    EXPECT_EQ(answer.status, 400) << row.sentence;
    EXPECT_FALSE(answer.header("Location")) << row.sentence;
    const auto words = visible_text(answer.body);
    EXPECT_NE(words.find(row.words), std::string::npos) << row.sentence << ": " << words;
    EXPECT_FALSE(stored(world)) << row.sentence;
  }
}

/// draft-ietf-oauth-client-id-metadata-document-03 §4.2: the redirect URIs are the document's.
TEST(DocumentClient, ThatReturnsElsewhereIsToldWhatItsDocumentSays) {
  World world;
  publish(world, make_document());
  const auto answer = world.send(authorization_request({{"redirect_uri", "https://evil.example/"}}));
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(visible_text(answer.body)
                .find("redirect_uris in the document at https://assistant.example/client.json must hold the address"),
            std::string::npos);
}

TEST(DocumentClient, OfAWrongAddressIsNotFetched) {
  World world;
  for (const char* client_id : {"https://assistant.example", "https://a@assistant.example/c",
                                "https://assistant.example/a/../c", "https://assistant.example/c#x"}) {
    const auto answer = world.send(authorization_request({{"client_id", client_id}}));
    EXPECT_EQ(answer.status, 400) << client_id;
    EXPECT_NE(visible_text(answer.body).find("The client_id must"), std::string::npos) << client_id;
  }
  EXPECT_EQ(world.send(authorization_request({{"client_id", "http://assistant.example/client.json"}})).status, 400);
  EXPECT_TRUE(world.web().requests().empty());
}

/// draft-ietf-oauth-client-id-metadata-document-03 §8.7, THREATS N41: 5 KiB, as it recommends; N40: public addresses
/// alone (draft-ietf-oauth-client-id-metadata-document-03 §8.6).
TEST(DocumentClient, IsFetchedWithinBounds) {
  World world;
  publish(world, make_document());
  EXPECT_EQ(world.send(authorization_request()).status, 303);
  const auto policy = world.web().requests().at(0).policy;
  EXPECT_EQ(policy.most_bytes, 5'120U);
  EXPECT_EQ(policy.timeout, seconds(5));
  EXPECT_EQ(policy.addresses, net::AddressPolicy::public_only);
}

/// draft-ietf-oauth-client-id-metadata-document-03 §5.2: as long as its headers say, within bounds; THREATS N44: also
/// while its server does not answer.
TEST(DocumentClient, IsKeptWhileItIsFresh) {
  World world;
  const auto answer_for = [&](const char* cache_control) {
    world.web().publish(
        kUrl, net::FetchedDocument{.status = 200,
                                   .headers = {{"Content-Type", "application/json"}, {"Cache-Control", cache_control}},
                                   .body = json::serialize(make_document())});
  };
  answer_for("max-age=600");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(world.send(authorization_request()).status, 303);
  world.move_clock(seconds(599));
  EXPECT_EQ(world.send(authorization_request()).status, 303);
  EXPECT_EQ(world.web().requests().size(), 1U);
  world.move_clock(seconds(1));
  EXPECT_EQ(world.send(authorization_request()).status, 303);
  EXPECT_EQ(world.web().requests().size(), 2U);

  world.web().break_off(kUrl, net::FetchError::Kind::timed_out);
  world.move_clock(seconds(600));
  EXPECT_EQ(world.send(authorization_request()).status, 303) << "an older copy serves";
  world.move_clock(std::chrono::hours(1));
  EXPECT_EQ(world.send(authorization_request()).status, 400) << "not for ever";
}

/// THREATS §1: what strangers send leaves nothing behind; a person who is signed in has it kept.
TEST(DocumentClient, IsKeptOnceAPersonIsAsked) {
  World world;
  publish(world, make_document());
  EXPECT_EQ(world.send(authorization_request()).status, 303);
  EXPECT_FALSE(stored(world));
  const auto cookie = world.sign_in();
  auto head = authorization_request().with("Cookie", cookie);
  head.method = "HEAD";
  EXPECT_EQ(world.send(head).status, 200);
  EXPECT_FALSE(stored(world)) << "RFC 9110 §9.2.1: HEAD is safe";
  EXPECT_EQ(world.send(authorization_request().with("Cookie", cookie)).status, 200);
  EXPECT_TRUE(stored(world));

  world.move_clock(std::chrono::hours(1));
  block_on(world.storage().remove_expired(world.now()));
  EXPECT_FALSE(stored(world)) << "nobody has allowed it anything";
}

/// RFC 9126: such a client may push, too; its row goes with what was pushed.
TEST(DocumentClient, PushesItsRequest) {
  World world;
  const std::vector<Form::Field> fields{{"client_id", kUrl},
                                        {"response_type", "code"},
                                        {"redirect_uri", kCallback},
                                        {"code_challenge", kChallenge},
                                        {"code_challenge_method", "S256"}};
  EXPECT_EQ(tell(world.send(post_form("/oauth/par", fields))),
            (Told{401, "invalid_client", "The host of https://assistant.example/client.json was not found."}));
  publish(world, make_document());
  world.move_clock(seconds(30));
  const auto pushed = world.send(post_form("/oauth/par", fields));
  ASSERT_EQ(pushed.status, 201) << pushed.body;
  const auto cookie = world.sign_in();
  const std::vector<Form::Field> named{{"client_id", kUrl}, {"request_uri", pushed.member("request_uri")}};
  const auto page = world.send(get("/oauth/authorize?" + encode_form(named)).with("Cookie", cookie));
  const auto code = decide(world, cookie, page, "allow").location_parameter("code");
  EXPECT_EQ(world.send(exchange_public(code)).status, 200);
}

/// MCP authorization, RFC 7636: PKCE is not left to the client.
// DEVIATION RFC 9700 §4.11.2: a redirect URI that nobody here has checked.
TEST(DocumentClient, MustUsePkce) {
  World world;
  publish(world, make_document());
  const auto answer = world.send(authorization_request({{"code_challenge", ""}, {"code_challenge_method", ""}}));
  EXPECT_EQ(answer.location_parameter("error"), "invalid_request");
  EXPECT_TRUE(answer.location_parameter("error_description").starts_with("PKCE is required"));
}

/// draft-ietf-oauth-client-id-metadata-document-03 §7.2: who was registered is not looked up in the web.
TEST(DocumentClient, ThatAnOperatorHasRegisteredIsWhatTheySay) {
  World world;
  auto registered = *block_on(world.storage().clients().find_client(oauth::ClientId("desktop-app")));
  registered.id = oauth::ClientId(kUrl);
  registered.redirect_uris = {oauth::RedirectUri("https://registered.example/cb")};
  block_on(world.storage().clients().add_client(registered));
  publish(world, make_document());
  EXPECT_EQ(world.send(authorization_request()).status, 400);
  EXPECT_EQ(world.send(authorization_request({{"redirect_uri", "https://registered.example/cb"}})).status, 303);
  EXPECT_TRUE(world.web().requests().empty());
}

TEST(DocumentClient, OfAHostThatTheOperatorDoesNotTakeIsToldSo) {
  World world;
  publish(world, make_document());
  const auto cookie = world.sign_in();
  const auto tokens = world.send(exchange_public(allow_assistant(world, cookie)));
  EXPECT_EQ(world.send(refresh(tokens)).status, 200);
  world.change_settings([](auto& settings) { settings.document_hosts = {"chatgpt.com"}; });
  EXPECT_NE(visible_text(world.send(authorization_request()).body)
                .find("This server takes no clients of assistant.example: its operator has named the hosts that it "
                      "does."),
            std::string::npos);
  EXPECT_EQ(world.send(refresh(tokens)).status, 401);
  world.change_settings([](auto& settings) { settings.document_hosts = {"chatgpt.com", "assistant.example"}; });
  EXPECT_EQ(world.send(authorization_request()).status, 303);
}

/// A flow that is off is as if it had never been built.
TEST(DocumentClient, IsUnknownWhereTheFlowIsOff) {
  World world;
  publish(world, make_document());
  const auto cookie = world.sign_in();
  const auto code = allow_assistant(world, cookie);
  world.change_settings([](auto& settings) { settings.flows.client_id_metadata_documents = false; });
  const auto page = world.send(authorization_request());
  EXPECT_EQ(page.status, 400);
  EXPECT_NE(visible_text(page.body).find("The plugin's client ID is not registered here."), std::string::npos);
  EXPECT_EQ(tell(world.send(exchange_public(code))),
            (Told{401, "invalid_client", "The client is unknown, or its secret is wrong."}));
  EXPECT_EQ(world.web().requests().size(), 1U);
}

}  // namespace
}  // namespace chatelaine::provider
