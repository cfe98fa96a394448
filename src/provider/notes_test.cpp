#include "provider/notes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// Everything that was noted, as one text.
std::string whole(const FlightNotes& notes) {
  std::string text(to_string(notes.stage));
  for (const std::string& part :
       {std::string(to_string(notes.outcome)), notes.client_id, notes.user_id, notes.sentence})
    text += "\n" + part;
  for (const auto& [name, value] : notes.values) text.append("\n").append(name).append("=").append(value);
  for (const std::string& link : notes.links) text += "\n" + link;
  return text;
}

bool share_link(const FlightNotes& one, const FlightNotes& other) {
  return std::ranges::find_first_of(one.links, other.links) != one.links.end();
}

constexpr std::string_view kAsk =
    "/oauth/authorize?response_type=code&client_id=todo-plugin&state=the-state-of-ada&scope=lists%3Aread&redirect_uri="
    "https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-0123456789abcdef0123456789abcdef%2Foauth%2Fcallback";

std::vector<Form::Field> code_exchange(const std::string& code, const std::string& redirect_uri) {
  return {{"grant_type", "authorization_code"},
          {"code", code},
          {"redirect_uri", redirect_uri},
          {"client_id", "todo-plugin"},
          {"client_secret", "secret-of-todo-plugin"}};
}

std::vector<Form::Field> refresh(const std::string& token) {
  return {{"grant_type", "refresh_token"},
          {"refresh_token", token},
          {"client_id", "todo-plugin"},
          {"client_secret", "secret-of-todo-plugin"}};
}

/// THREATS N47: beside what leads to the cause, there is nothing in it that opens a door.
TEST(Notes, ASignInsStepsAreLinkedFromTheFirstRequestToTheRefresh) {
  World world;
  static_cast<void>(world.send(get(std::string(kAsk))));
  const FlightNotes asked = world.notes();
  EXPECT_EQ(asked.stage, FlightStage::authorization_request);
  EXPECT_EQ(asked.outcome, FlightOutcome::went_on);
  EXPECT_EQ(asked.client_id, "todo-plugin");
  EXPECT_EQ(asked.sentence, "Nobody was signed in: the sign-in page was asked for.");

  const std::string cookie = world.sign_in();
  const auto page = world.send(get(std::string(kAsk)).with("Cookie", cookie));
  const FlightNotes shown = world.notes();
  EXPECT_EQ(shown.sentence, "The consent page was shown.");
  EXPECT_EQ(shown.user_id, format_id(world.ada().value));
  EXPECT_TRUE(share_link(asked, shown));

  const auto allowed = decide(world, cookie, page, "allow");
  const FlightNotes consent = world.notes();
  EXPECT_EQ(consent.stage, FlightStage::consent);
  EXPECT_EQ(consent.outcome, FlightOutcome::went_on);
  EXPECT_TRUE(share_link(shown, consent));

  const std::string code = allowed.location_parameter("code");
  const auto tokens = world.send(post_form("/oauth/token", code_exchange(code, std::string(World::kPluginRedirect))));
  const FlightNotes exchanged = world.notes();
  EXPECT_EQ(exchanged.outcome, FlightOutcome::went_on);
  EXPECT_TRUE(share_link(consent, exchanged));

  static_cast<void>(world.send(post_form("/oauth/token", refresh(tokens.member("refresh_token")))));
  EXPECT_EQ(world.notes().outcome, FlightOutcome::untold) << "a refresh without trouble is not recorded";
  static_cast<void>(world.send(post_form("/oauth/token", refresh(tokens.member("refresh_token")))));
  EXPECT_EQ(world.notes().outcome, FlightOutcome::odd) << "within its grace";
  EXPECT_TRUE(share_link(exchanged, world.notes()));

  for (const FlightNotes& notes : {asked, shown, consent, exchanged, world.notes()}) {
    for (const std::string& secret : {code, tokens.member("refresh_token"), tokens.member("access_token"),
                                      std::string("secret-of-todo-plugin"), std::string("the-state-of-ada")})
      EXPECT_EQ(whole(notes).find(secret), std::string::npos) << whole(notes);
  }
}

/// A request that fails, and what an operator is told of it.
struct Failing {
  const char* sentence;
  TestRequest (*make)(World& world);
  FlightOutcome outcome;
  std::string cause;
};

const Failing kFailing[] = {
    {"an exchange with another redirect URI",
     [](World& world) {
       return post_form("/oauth/token",
                        code_exchange(obtain_code(world, world.sign_in()), std::string(World::kPluginRedirect) + "/"));
     },
     FlightOutcome::failed,
     "The exchange came with redirect_uri " + std::string(World::kPluginRedirect) + "/, but the code was issued for " +
         std::string(World::kPluginRedirect) + ". They differ in the slash at their end."},
    {"an exchange with the redirect URI of somebody else, which is no slip",
     [](World& world) {
       return post_form("/oauth/token",
                        code_exchange(obtain_code(world, world.sign_in()), "https://evil.example/steal/it"));
     },
     FlightOutcome::failed,
     "The exchange came with redirect_uri https://evil.example/steal/it, but the code was issued for " +
         std::string(World::kPluginRedirect) + "."},
    {"an exchange that came too late",
     [](World& world) {
       auto request = post_form(
           "/oauth/token", code_exchange(obtain_code(world, world.sign_in()), std::string(World::kPluginRedirect)));
       world.move_clock(seconds(75));
       return request;
     },
     FlightOutcome::failed, "The exchange came 15 seconds after the code had expired."},
    {"a code that comes twice",
     [](World& world) {
       auto request = post_form(
           "/oauth/token", code_exchange(obtain_code(world, world.sign_in()), std::string(World::kPluginRedirect)));
       static_cast<void>(world.send(request));
       return request;
     },
     FlightOutcome::failed,
     "The code had been exchanged before: whoever comes second may have stolen it, so the grant of its first use was "
     "ended."},
    {"a code of nobody",
     [](World&) { return post_form("/oauth/token", code_exchange("abc", std::string(World::kPluginRedirect))); },
     FlightOutcome::failed,
     "The code is none of this server's, or its user has disconnected this client or was disabled since, or it is so "
     "old "
     "that nothing is known of it any more."},
    {"a code whose exchange came a second too late",
     [](World& world) {
       auto request = post_form(
           "/oauth/token", code_exchange(obtain_code(world, world.sign_in()), std::string(World::kPluginRedirect)));
       world.move_clock(seconds(61));
       return request;
     },
     FlightOutcome::failed, "The exchange came 1 second after the code had expired."},
    {"a wrong secret",
     [](World&) {
       return post_form(
           "/oauth/token",
           {{"grant_type", "client_credentials"}, {"client_id", "todo-plugin"}, {"client_secret", "secret-of-worker"}});
     },
     FlightOutcome::failed, "The client's secret is wrong: an old one from before a rotation, or another client's."},
    {"a client of nobody",
     [](World&) {
       return post_form("/oauth/token", {{"grant_type", "client_credentials"}, {"client_id", "stranger"}});
     },
     FlightOutcome::failed, "No client with this id is registered here."},
    {"a refresh after the grant has ended",
     [](World& world) {
       auto request = post_form("/oauth/token", refresh(obtain_tokens(world).member("refresh_token")));
       world.move_clock(std::chrono::days(400));
       return request;
     },
     FlightOutcome::failed, "The grant was not refreshed for so long that it expired at "},
    {"a redirect URI that is not registered",
     [](World&) {
       return get(
           "/oauth/authorize?response_type=code&client_id=todo-plugin&redirect_uri=https%3A%2F%2Fchatgpt.com%2Faip"
           "%2Fplugin-0123456789abcdef0123456789abcdef%2Foauth%2Fcallback");
     },
     FlightOutcome::failed,
     "The request came with redirect_uri "
     "https://chatgpt.com/aip/plugin-0123456789abcdef0123456789abcdef/oauth/callback, "
     "and the client has registered " +
         std::string(World::kPluginRedirect) +
         ". A GPT comes back to chat.openai.com or to chatgpt.com, as its user's browser has it: register both."},
    {"a request that names no client", [](World&) { return get("/oauth/authorize?response_type=code"); },
     FlightOutcome::failed, "The plugin did not say which client it is."},
    {"a missing challenge is told by redirect",
     [](World&) {
       return get("/oauth/authorize?response_type=code&client_id=desktop-app&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcb");
     },
     FlightOutcome::failed, "The request came with redirect_uri http://127.0.0.1/cb, and the client has registered "},
    {"a body that is no form", [](World&) { return post_raw("/oauth/token", "text/plain", "x"); },
     FlightOutcome::failed, "The Content-Type 'text/plain' is not supported"},
    {"the two addresses swapped: a browser comes to the token endpoint",
     [](World&) {
       return get("/oauth/token?response_type=code&client_id=todo-plugin&state=the-state-of-ada&redirect_uri=" +
                  percent_encode(World::kPluginRedirect));
     },
     FlightOutcome::failed,
     "This is the token endpoint, and the request is one for the authorization endpoint: the two addresses are swapped "
     "in "
     "the assistant's settings (client_url and authorization_url of a plugin's manifest, Authorization URL and Token "
     "URL of "
     "a GPT)."},
    {"and a client to the authorization endpoint",
     [](World&) { return post_form("/oauth/authorize", code_exchange("abc", std::string(World::kPluginRedirect))); },
     FlightOutcome::failed,
     "This is the authorization endpoint, and the request is one for the token endpoint: the two addresses are swapped "
     "in "},
    {"in JSON too",
     [](World&) {
       return post_json("/oauth/authorize",
                        R"({"grant_type":"authorization_code","client_secret":"secret-of-x","code":"abc"})");
     },
     FlightOutcome::failed, "This is the authorization endpoint, and the request is one for the token endpoint: "},
    {"another method than an endpoint's", [](World&) { return get("/oauth/par?client_id=todo-plugin"); },
     FlightOutcome::failed, "This endpoint does not take GET: send POST."},
    {"at the registration", [](World&) { return get("/oauth/register"); }, FlightOutcome::failed,
     "This endpoint does not take GET: send POST."},
    {"registration of nonsense", [](World&) { return post_json("/oauth/register", "[]"); }, FlightOutcome::failed,
     "The body must be a JSON object, not an array."},
};

TEST(Notes, OfAFailureTheCauseIsNoted) {
  for (const Failing& row : kFailing) {
    SCOPED_TRACE(row.sentence);
    World world;
    const auto request = row.make(world);
    static_cast<void>(world.send(request));
    EXPECT_EQ(world.notes().outcome, row.outcome);
    EXPECT_TRUE(world.notes().sentence.starts_with(row.cause)) << world.notes().sentence;
    EXPECT_FALSE(world.notes().sentence.empty());
    EXPECT_EQ(whole(world.notes()).find("secret-of"), std::string::npos);
  }
}

/// THREATS N47: neither in the values nor in the sentence, and not in the log.
TEST(Notes, ARedirectUrisQueryIsNotTold) {
  const TestRequest requests[] = {
      post_form("/oauth/par", {{"response_type", "code"},
                               {"client_id", "todo-plugin"},
                               {"client_secret", "secret-of-todo-plugin"},
                               {"redirect_uri", "https://no.example/cb?tok=WHISPERED and this"}}),
      post_json("/oauth/register", R"({"redirect_uris":["http://evil.example/cb?tok=WHISPERED"]})"),
      post_json("/oauth/register", R"({"redirect_uris":["https://evil.example/cb?tok=a WHISPERED"]})"),
      post_json("/oauth/register",
                R"({"redirect_uris":["http://127.0.0.1/cb?tok=WHISPERED"],"application_type":"web"})"),
      get("/oauth/"
          "authorize?response_type=code&client_id=todo-plugin&redirect_uri=https%3A%2F%2Fno.example%2Fcb%3Ftok%"
          "3DWHISPERED"),
      post_form("/oauth/token",
                {{"grant_type", "client_credentials"}, {"client_id", "https://no.example/cb?tok=WHISPERED"}}),
  };
  for (const TestRequest& request : requests) {
    World world;
    static_cast<void>(world.send(request));
    EXPECT_EQ(world.notes().outcome, FlightOutcome::failed) << request.target;
    EXPECT_EQ(whole(world.notes()).find("WHISPERED"), std::string::npos) << whole(world.notes());
    EXPECT_EQ(world.log().find("WHISPERED"), std::string::npos) << world.log();
  }
}

/// What came is kept, and a swapped request leads to the sign-in that it was meant to begin.
TEST(Notes, OfAMethodThatIsRefusedTheStepAndWhatCameAreNoted) {
  World world;
  static_cast<void>(world.send(get("/oauth/token?" + std::string(kAsk.substr(kAsk.find('?') + 1)))));
  const FlightNotes swapped = world.notes();
  EXPECT_EQ(swapped.stage, FlightStage::token_request);
  EXPECT_EQ(std::ranges::find(swapped.values, "client_id", &FlightNotes::Value::name)->value, "todo-plugin");
  EXPECT_EQ(whole(swapped).find("the-state-of-ada"), std::string::npos);
  static_cast<void>(world.send(get(std::string(kAsk))));
  EXPECT_TRUE(share_link(swapped, world.notes()));
}

TEST(Notes, WhoSaysNoEndsAFlowWithoutAFault) {
  World world;
  const std::string cookie = world.sign_in();
  const auto page = world.send(get(std::string(kAsk)).with("Cookie", cookie));
  static_cast<void>(decide(world, cookie, page, "deny"));
  EXPECT_EQ(world.notes().outcome, FlightOutcome::odd);
  EXPECT_EQ(world.notes().sentence, "The user said no on the consent page.");
}

TEST(Notes, APollingDeviceIsNotRecordedUntilItHasItsTokens) {
  World world;
  const auto asked = ask_for_device_code(world);
  EXPECT_EQ(world.notes().outcome, FlightOutcome::went_on);
  const FlightNotes begun = world.notes();
  static_cast<void>(poll(world, asked.member("device_code")));
  EXPECT_EQ(world.notes().outcome, FlightOutcome::untold);
  EXPECT_TRUE(share_link(begun, world.notes()));
}

TEST(Notes, EveryErrorPageShowsTheRequestsId) {
  const TestRequest requests[] = {get("/oauth/authorize"), post_form("/consent", {}),
                                  get("/oauth/logout?id_token_hint=x"), post_form("/sign-in", {}), get("/consent")};
  for (const TestRequest& request : requests) {
    World world;
    const auto answer = world.send(request);
    EXPECT_GE(answer.status, 400) << request.target;
    EXPECT_NE(world.notes().outcome, FlightOutcome::untold) << request.target;
    EXPECT_NE(answer.body.find(R"(<code class="request-id">test</code>)"), std::string::npos)
        << request.target << answer.body;
  }
}

TEST(Notes, WhatIsNoStepOfAFlowIsNotRecorded) {
  World world;
  for (const char* const path : {"/oauth/jwks", "/healthz", "/sign-in", "/.well-known/oauth-authorization-server"}) {
    static_cast<void>(world.send(get(path)));
    EXPECT_EQ(world.notes().outcome, FlightOutcome::untold) << path;
  }
}

}  // namespace
}  // namespace chatelaine::provider
