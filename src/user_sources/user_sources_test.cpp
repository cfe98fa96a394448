#include "user_sources/user_sources.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "oauth/pkce.hpp"
#include "user_sources/world_for_test.hpp"

namespace chatelaine::user_sources {
namespace {

using accounts::test::contains;
using test::header_of;
using test::some_source;
using test::Visitor;
using test::World;

TEST(UserSources, SignSomebodyNewInAndKnowThemAgain) {
  World world;
  Visitor visitor(world.house);
  const net::Response first = world.sign_in(visitor, "?return_to=%2Foauth%2Fauthorize%3Fa%3Db");
  // Not a redirect: the form-action of the source's own form would apply to all that follow it.
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(header_of(first, "Refresh"), "0;url=/oauth/authorize?a=b");
  EXPECT_TRUE(visitor.is_signed_in());
  const auto user = world.find_user("ada@contoso.example");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->name, "Ada Lovelace");
  EXPECT_EQ(user->subject.value(), "yWOHMQA5NgCUPS5y0gcLfOotTGx-p3GFDaJBAFQiPt0") << "the same whenever they come anew";
  EXPECT_EQ(user->role, storage::Role::user);
  EXPECT_FALSE(user->password_hash);

  world.provider.claims = {{"email", "lovelace@contoso.example"}};
  Visitor elsewhere(world.house);
  world.sign_in(elsewhere);
  EXPECT_TRUE(elsewhere.is_signed_in());
  EXPECT_EQ(block_on(world.house.storage->users().list_users()).size(), 1U);
}

TEST(UserSources, AskAsTheSpecificationsSay) {
  World world;
  Visitor visitor(world.house);
  const Form asked = world.leave(visitor, "?return_to=%2Faccount&login_hint=ada%40contoso.example");
  EXPECT_EQ(asked.get("response_type"), "code");
  EXPECT_EQ(asked.get("client_id"), "chatelaine");
  EXPECT_EQ(asked.get("scope"), "openid email profile");
  EXPECT_EQ(asked.get("redirect_uri"), "https://todo.example/sign-in/contoso/callback");
  EXPECT_EQ(asked.get("login_hint"), "ada@contoso.example");
  EXPECT_EQ(asked.get("max_age"), "2592000") << "OpenID Connect Core §3.1.2.1: so that auth_time comes back";
  EXPECT_FALSE(asked.get("prompt"));
  world.come_back(visitor, asked);
  const auto exchange = std::ranges::find(world.provider.requests, "POST", &net::FetchRequest::method);
  ASSERT_NE(exchange, world.provider.requests.end());
  const Form body = parse_form(exchange->body).value();
  EXPECT_EQ(body.get("grant_type"), "authorization_code");
  EXPECT_EQ(body.get("code"), "the-code-of-the-source");
  EXPECT_EQ(body.get("redirect_uri"), asked.get("redirect_uri")) << "RFC 6749 §4.1.3";
  EXPECT_EQ(oauth::derive_code_challenge(body.get_or_empty("code_verifier")).value, asked.get("code_challenge"))
      << "RFC 7636 §4.5";
  EXPECT_FALSE(body.get("client_secret")) << "RFC 6749 §2.3: one method";
  const auto& headers = exchange->headers;
  EXPECT_NE(std::ranges::find(headers, "Authorization", &net::Header::name), headers.end());
}

/// What is wrong with what comes back, and the status of the page that says so.
struct FaultRow {
  const char* sentence;
  std::function<void(World&)> change;
  std::vector<Form::Field> query;
  int status;
  /// What the log names.
  const char* names;
};

net::FetchedDocument answer(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

TEST(UserSources, LetNobodyInWhoIsNotProven) {
  const FaultRow rows[] = {
      {"RFC 9207 §2.4: iss of another server (mix-up)", {}, {{"iss", "https://evil.example"}}, 400, "iss"},
      {"RFC 9207 §2.4: no iss where it is promised",
       [](World& world) { world.provider.metadata["authorization_response_iss_parameter_supported"] = true; },
       {},
       400,
       "iss"},
      {"RFC 6749 §4.1.2.1: the person said no", {}, {{"error", "access_denied"}}, 403, "access_denied"},
      {"RFC 6749 §4.1.2.1: another error, whose text is strange",
       {},
       {{"error", "server_error"}, {"error_description", "a\n<b>"}},
       502,
       "server_error: a?<b>"},
      {"OpenID Connect Core §3.1.2.6: the person did not choose an account",
       {},
       {{"error", "account_selection_required"}},
       403,
       "account_selection_required"},
      {"RFC 6749 §4.1.2.1: what we ask for is not what we were registered for",
       {},
       {{"error", "invalid_scope"}},
       502,
       "invalid_scope"},
      {"RFC 6749 §5.2: the code is void",
       [](World& world) { world.provider.token_answer = answer(400, R"({"error":"invalid_grant"})"); },
       {},
       400,
       "invalid_grant"},
      {"RFC 6749 §5.2: our secret is wrong",
       [](World& world) { world.provider.token_answer = answer(401, R"({"error":"invalid_client"})"); },
       {},
       502,
       "refused the client ID or secret"},
      {"OpenID Connect Core §3.1.3.3: no ID token",
       [](World& world) { world.provider.token_answer = answer(200, R"({"access_token":"a","token_type":"bearer"})"); },
       {},
       502,
       "no ID token"},
      {"OpenID Connect Core §3.1.3.7, 11: another browser's nonce (code injection)",
       [](World& world) { world.provider.nonce = "another"; },
       {},
       400,
       "nonce"},
      {"OpenID Connect Core §3.1.3.7, 6: a key that is not published",
       [](World& world) { world.provider.key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256); },
       {},
       400,
       "kid"},
      {"OpenID Connect Core §5.3.2: UserInfo of another person",
       [](World& world) {
         world.provider.claims = {{"email", nullptr}};
         world.provider.userinfo = {{"sub", "s2"}, {"email", "ada@contoso.example"}};
       },
       {},
       502,
       "sub"},
      {"a source that says nothing of when the person signed in",
       [](World& world) { world.provider.claims = {{"auth_time", nullptr}}; },
       {},
       502,
       "set reauthentication = \"select_account\""},
      {"an ID token that is too long",
       [](World& world) { world.provider.claims = {{"groups", std::string(17'000, 'g')}}; },
       {},
       400,
       "longer than 16 KiB"},
      {"an address that is not verified",
       [](World& world) { world.provider.claims = {{"email_verified", false}}; },
       {},
       403,
       "verified"},
  };
  for (const FaultRow& row : rows) {
    World world;
    Visitor visitor(world.house);
    if (row.change) row.change(world);
    const std::string nonce = world.provider.nonce;
    const Form asked = world.leave(visitor);
    if (!nonce.empty()) world.provider.nonce = nonce;
    const net::Response response = world.come_back(visitor, asked, row.query);
    EXPECT_EQ(response.status, row.status) << row.sentence << "\n" << response.body;
    EXPECT_NE(world.log.text.find(row.names), std::string::npos) << row.sentence << "\n" << world.log.text;
    EXPECT_FALSE(visitor.is_signed_in()) << row.sentence;
    EXPECT_FALSE(world.find_user("ada@contoso.example")) << row.sentence;
    EXPECT_FALSE(contains(response, "<b>")) << "THREATS N25";
    // THREATS N47.
    for (const char* secret : {"the-code-of-the-source", "s&cret", "s%26cret", "theirs"}) {
      EXPECT_EQ(world.log.text.find(secret), std::string::npos) << row.sentence << "\n" << world.log.text;
    }
  }
}

TEST(UserSources, SendNoCodeToWhomAMixUpWouldHaveIt) {
  World world;
  Visitor visitor(world.house);
  const Form asked = world.leave(visitor);
  world.come_back(visitor, asked, {{"iss", "https://evil.example"}});
  EXPECT_EQ(world.provider.count("/token"), 0U) << "RFC 9207 §2.4: before the code goes anywhere";
}

// RFC 6749 §10.12, THREATS N22.
TEST(UserSources, TakeBackOnlyWhatThisBrowserBegan) {
  World world;
  Visitor visitor(world.house);
  Visitor thief(world.house);
  const Form asked = world.leave(visitor);
  EXPECT_EQ(world.come_back(thief, asked).status, 400) << "a browser without our cookie";
  const Form of_thief = world.leave(thief);
  EXPECT_EQ(world.come_back(visitor, of_thief).status, 400) << "another browser's sign-in (login CSRF)";
  EXPECT_FALSE(visitor.is_signed_in());
  world.provider.nonce = asked.get_or_empty("nonce");
  EXPECT_EQ(world.come_back(visitor, asked).status, 200) << "what others tried took nothing away";
  EXPECT_EQ(world.come_back(visitor, asked).status, 400) << "a second time";
  EXPECT_EQ(visitor.get("/sign-in/contoso/callback?code=c").status, 400) << "no state";
  EXPECT_EQ(visitor.get("/sign-in/contoso/callback?state=a&state=b").status, 400) << "two of them";
  EXPECT_EQ(visitor.get("/sign-in/contoso/callback").status, 400);
  const Form late = world.leave(visitor);
  world.house.clock.advance(std::chrono::minutes(10));
  EXPECT_EQ(world.come_back(visitor, late).status, 400) << "too late";
}

TEST(UserSources, TakeBackOnlyTheirOwn) {
  World world;
  Visitor visitor(world.house);
  const Form asked = world.leave(visitor);
  UserSource other = some_source();
  other.name = "other";
  world.set_source(std::move(other));
  const std::string query = "?code=c&state=" + percent_encode(asked.get_or_empty("state"));
  EXPECT_EQ(visitor.get("/sign-in/other/callback" + query).status, 400)
      << "RFC 9700 §4.4.2: a source's own redirect URI";
  EXPECT_EQ(visitor.get("/sign-in/contoso/callback" + query).status, 404);
  EXPECT_EQ(visitor.get("/sign-in/contoso").status, 404);
}

TEST(UserSources, BeginAndEndNothingWithHead) {
  World world;
  Visitor visitor(world.house);
  const Form asked = world.leave(visitor);
  const std::size_t fetched = world.provider.requests.size();
  const std::string callback = "/sign-in/contoso/callback?code=c&state=" + percent_encode(asked.get_or_empty("state"));
  for (const std::string& target : {callback, std::string("/sign-in/contoso")}) {
    const net::Response response = visitor.head(target);
    EXPECT_EQ(response.status, 200) << "RFC 9110 §9.2.1: " << target;
    EXPECT_EQ(header_of(response, "Location"), "");
  }
  EXPECT_EQ(world.provider.requests.size(), fetched);
  EXPECT_EQ(world.come_back(visitor, asked).status, 200) << "the attempt is still there";
}

TEST(UserSources, CountNoSignInThatSucceeds) {
  World world;
  SourceSettings settings;
  settings.sources.push_back(some_source());
  settings.begun = {.of_address = 2, .first_wait = milliseconds(0)};
  world.sources.set_sources(std::move(settings));
  for (int i = 0; i < 5; ++i) {
    Visitor visitor(world.house);
    EXPECT_EQ(world.sign_in(visitor).status, 200);
  }
}

TEST(UserSources, LetNobodyBeginTooOften) {
  World world;
  SourceSettings settings;
  settings.sources.push_back(some_source());
  settings.begun = {.of_address = 2, .first_wait = milliseconds(0)};
  world.sources.set_sources(std::move(settings));
  Visitor visitor(world.house);
  world.leave(visitor);
  world.leave(visitor);
  const net::Response response = visitor.get("/sign-in/contoso");
  EXPECT_EQ(response.status, 429);
  EXPECT_FALSE(header_of(response, "Retry-After").empty());
}

TEST(UserSources, HaveAButtonOnTheSignInPage) {
  World world;
  Visitor visitor(world.house);
  const net::Response page = visitor.get("/sign-in?return_to=%2Faccount&again=yes");
  EXPECT_TRUE(contains(page, "Sign in with Contoso"));
  EXPECT_TRUE(contains(page, "/sign-in/contoso?return_to=%2Faccount&amp;again=yes")) << page.body;
  EXPECT_TRUE(contains(page, "type=\"password\""));
  world.house.accounts.set_sign_in_ways({});
  EXPECT_FALSE(contains(visitor.get("/sign-in"), "Sign in with"));
}

}  // namespace
}  // namespace chatelaine::user_sources
