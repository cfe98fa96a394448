#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/block_on.hpp"
#include "base/json.hpp"
#include "oauth/authorize/pushed_authorization_request.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"
#include "storage/fault.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

const std::string kRedirect(World::kPluginRedirect);

/// What todo-plugin pushes, with its secret in the body.
std::vector<Form::Field> plugin_fields() {
  return {{"client_id", "todo-plugin"}, {"client_secret", "secret-of-todo-plugin"},
          {"response_type", "code"},    {"scope", "lists:read"},
          {"redirect_uri", kRedirect},  {"state", "a&b"}};
}

std::string push(World& world) { return world.send(post_form("/oauth/par", plugin_fields())).member("request_uri"); }

std::string authorize_target(const std::string& request_uri, const std::string& more = "",
                             const std::string& client = "todo-plugin") {
  return "/oauth/authorize?client_id=" + client + "&request_uri=" + percent_encode(request_uri) + more;
}

Told begin_again() {
  return {400, "",
          "Begin the sign-in again This sign-in has been used already, or was left lying for too long. Go back to the "
          "assistant and begin the sign-in there once more. Technical details The request_uri is not one that this "
          "client was given in the last ten minutes, or it is spent."};
}

/// RFC 9126 §2.2.
TEST(PushedAuthorizationRequest, TheAnswerIs201WithAUriAndItsLifetime) {
  World world;
  const auto answer = world.send(post_form("/oauth/par", plugin_fields()));
  EXPECT_EQ(answer.status, 201);
  EXPECT_TRUE(answer.member("request_uri").starts_with("urn:ietf:params:oauth:request_uri:ctl_pr_"));
  EXPECT_EQ(answer.member("expires_in"), "600");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
}

// DEVIATION RFC 9126 §2.1: JSON too.
TEST(PushedAuthorizationRequest, AJsonBodyIsTaken) {
  World world;
  json::object members;
  for (const auto& field : plugin_fields()) members[field.name] = field.value;
  EXPECT_EQ(world.send(post_json("/oauth/par", json::serialize(members))).status, 201);
}

TEST(PushedAuthorizationRequest, StorageKeepsNoSecretOfIt) {
  World world;
  const auto handle = oauth::parse_request_uri(push(world));
  ASSERT_TRUE(handle);
  const oauth::PushedAuthorizationRequestId id{handle->id};
  const auto found = block_on(world.storage().pushed_authorization_requests().find_pushed_authorization_request(id));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->parameters.find("secret"), std::string::npos) << found->parameters;
  EXPECT_EQ(found->secret_hash, handle->hash());
}

/// RFC 9126 §4: the browser carries the name of the request alone, through sign-in and consent.
TEST(PushedAuthorizationRequest, LeadsToACodeForWhatWasPushed) {
  World world;
  const auto request_uri = push(world);
  const auto target = authorize_target(request_uri);
  const auto sent = world.send(get(target));
  ASSERT_EQ(sent.status, 303);
  const auto return_to = sent.location_parameter("return_to");
  EXPECT_EQ(return_to, target);

  const auto cookie = world.sign_in();
  const auto page = world.send(get(return_to).with("Cookie", cookie));
  ASSERT_EQ(page.status, 200);
  EXPECT_NE(visible_text(page.body).find("read your lists"), std::string::npos);
  const auto answer = decide(world, cookie, page, "allow");
  ASSERT_EQ(answer.status, 303);
  EXPECT_EQ(answer.location_parameter("state"), "a&b");
  EXPECT_EQ(answer.location_parameter("iss"), "https://todo.example.com");
  const auto tokens = world.send(post_form("/oauth/token", {{"grant_type", "authorization_code"},
                                                            {"client_id", "todo-plugin"},
                                                            {"client_secret", "secret-of-todo-plugin"},
                                                            {"code", answer.location_parameter("code")},
                                                            {"redirect_uri", kRedirect}}));
  EXPECT_EQ(tokens.member("scope"), "lists:read");
  EXPECT_EQ(world.log().find(request_uri.substr(request_uri.find("ctl_pr_"))), std::string::npos);
}

TEST(PushedAuthorizationRequest, ARememberedConsentAnswersAndSpendsIt) {
  World world;
  const auto cookie = world.sign_in();
  ASSERT_FALSE(obtain_code(world, cookie).empty());
  const auto target = authorize_target(push(world));
  auto head = get(target).with("Cookie", cookie);
  head.method = "HEAD";
  EXPECT_EQ(world.send(head).status, 200) << "RFC 9110 §9.2.1: HEAD uses nothing up";
  const auto answer = world.send(get(target).with("Cookie", cookie));
  EXPECT_TRUE(answer.location_parameter("code").starts_with("ctl_ac_"));
  EXPECT_EQ(tell(world.send(get(target).with("Cookie", cookie))), begin_again());
}

/// A fault of the query itself is told as the pushed request says, and nothing of it is used up.
TEST(PushedAuthorizationRequest, AFaultOfTheQueryGoesWhereThePushedRequestSays) {
  World world;
  const auto answer = world.send(get(authorize_target(push(world), "&state=forged&x=1&x=2")));
  const Told told{303, "invalid_request", "The parameter 'x' appears more than once."};
  EXPECT_EQ(tell(answer), told);
  EXPECT_EQ(answer.location_parameter("state"), "a&b");
}

/// Whatever storage fails at, the same request can be answered once it works again.
TEST(PushedAuthorizationRequest, AFaultUsesNothingUp) {
  for (const std::string noun : {"authorization_codes", "pushed_authorization_requests"}) {
    SCOPED_TRACE(noun);
    World world;
    const auto cookie = world.sign_in();
    const auto page = world.send(get(authorize_target(push(world))).with("Cookie", cookie));
    int uses = 0;
    // The second use of pushed requests is the one that spends.
    const int failing = noun == "authorization_codes" ? 1 : 2;
    world.watch_storage([&](std::string_view used) {
      if (used == noun && ++uses == failing) throw storage::StorageFault("disk full");
    });
    EXPECT_EQ(decide(world, cookie, page, "allow").status, 503);
    world.watch_storage({});
    EXPECT_TRUE(decide(world, cookie, page, "allow").location_parameter("code").starts_with("ctl_ac_"));
  }
}

/// RFC 9101 §6.3, to which RFC 9126 §4 points: nothing that the browser brings beside it counts.
TEST(PushedAuthorizationRequest, TheQuerysOtherParametersDoNotCount) {
  World world;
  const auto cookie = world.sign_in();
  const auto target = authorize_target(
      push(world), "&scope=lists:write&state=forged&response_mode=fragment&redirect_uri=https://evil.example/");
  const auto page = world.send(get(target).with("Cookie", cookie));
  ASSERT_EQ(page.status, 200);
  const auto answer = decide(world, cookie, page, "allow");
  EXPECT_TRUE(answer.header("Location").value_or("").starts_with(kRedirect + "?code="));
  EXPECT_EQ(answer.location_parameter("state"), "a&b");
}

TEST(PushedAuthorizationRequest, ServesOnceHoweverItIsAnswered) {
  for (const std::string decision : {"allow", "deny"}) {
    SCOPED_TRACE(decision);
    World world;
    const auto cookie = world.sign_in();
    const auto target = authorize_target(push(world));
    const auto page = world.send(get(target).with("Cookie", cookie));
    // A page that is loaded again spends nothing.
    ASSERT_EQ(world.send(get(target).with("Cookie", cookie)).status, 200);
    EXPECT_EQ(decide(world, cookie, page, decision).status, 303);
    EXPECT_EQ(tell(world.send(get(target).with("Cookie", cookie))), begin_again());
    EXPECT_EQ(tell(decide(world, cookie, page, "allow")), begin_again());
  }
}

/// OpenID Connect Core §3.1.2.6: also an answer that nobody was asked for is the one that it has.
TEST(PushedAuthorizationRequest, IsSpentByTheRefusalToAskAnybody) {
  World world;
  auto fields = plugin_fields();
  fields.push_back({"prompt", "none"});
  const auto target = authorize_target(world.send(post_form("/oauth/par", fields)).member("request_uri"));
  auto head = get(target);
  head.method = "HEAD";
  EXPECT_EQ(world.send(head).location_parameter("error"), "login_required");
  EXPECT_EQ(world.send(get(target)).location_parameter("error"), "login_required")
      << "RFC 9110 §9.2.1: HEAD uses nothing up";
  EXPECT_EQ(tell(world.send(get(target))), begin_again());
}

/// Of two answers at once one counts: the other's request is spent between its check and its answer.
TEST(PushedAuthorizationRequest, ARivalMayHaveAnsweredInBetween) {
  World world;
  const auto cookie = world.sign_in();
  const auto request_uri = push(world);
  const auto page = world.send(get(authorize_target(request_uri)).with("Cookie", cookie));
  const oauth::PushedAuthorizationRequestId id{oauth::parse_request_uri(request_uri)->id};
  int uses = 0;
  world.watch_storage([&](std::string_view noun) {
    if (noun != "pushed_authorization_requests" || ++uses != 2) return;
    world.watch_storage({});
    EXPECT_TRUE(block_on(world.storage().pushed_authorization_requests().spend_pushed_authorization_request(id)));
  });
  EXPECT_EQ(tell(decide(world, cookie, page, "allow")), begin_again());
}

struct WrongUse {
  const char* sentence;
  std::function<std::string(World&)> target;
};

TEST(PushedAuthorizationRequest, Rfc9126Section4WhatDoesNotCountLeadsNowhere) {
  const WrongUse rows[] = {
      {"expired",
       [](World& world) {
         const auto request_uri = push(world);
         world.move_clock(oauth::kPushedRequestLifetime);
         return authorize_target(request_uri);
       }},
      {"another client's", [](World& world) { return authorize_target(push(world), "", "strict-web"); }},
      {"mistyped", [](World& world) { return authorize_target(push(world) + "x"); }},
      {"made up", [](World&) { return authorize_target("urn:ietf:params:oauth:request_uri:x"); }},
      {"of no handle", [](World&) { return authorize_target("urn:ietf:params:oauth:request_uri:"); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    World world;
    EXPECT_EQ(tell(world.send(get(row.target(world)))), begin_again());
  }
}

/// RFC 9126 §7.4: a client's facts may have changed since it pushed.
TEST(PushedAuthorizationRequest, IsCheckedAnewWhenItIsUsed) {
  World world;
  const auto target = authorize_target(push(world));
  auto client = *block_on(world.storage().clients().find_client(oauth::ClientId("todo-plugin")));
  client.scope = *oauth::Scope::parse("lists:write");
  ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
  EXPECT_EQ(world.send(get(target)).location_parameter("error"), "invalid_scope");
}

TestRequest public_push() {
  return post_form("/oauth/par", {{"client_id", "desktop-app"},
                                  {"response_type", "code"},
                                  {"redirect_uri", "http://127.0.0.1:49152/callback"},
                                  {"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
                                  {"code_challenge_method", "S256"}});
}

/// RFC 9126 §2.3: whoever reads a public client's id can push in its name, and must not fill the disk so.
TEST(PushedAuthorizationRequest, APublicClientPushesWithPkceUpToItsBound) {
  World world;
  world.change_settings([](auto& settings) { settings.limits.pushed_requests_of_client = 3; });
  for (int i = 0; i < 3; ++i) ASSERT_EQ(world.send(public_push()).status, 201);
  const auto answer = world.send(public_push());
  const Told told{429, "temporarily_unavailable", "This client has too many pushed requests that nobody has answered."};
  EXPECT_EQ(tell(answer), told);
  EXPECT_EQ(answer.header("Retry-After"), "60");
  EXPECT_EQ(world.send(post_form("/oauth/par", plugin_fields())).status, 201) << "others are not held up";
}

/// RFC 9126 §2.3, RFC 6585 §4: nor must one address use up what a public client's own users need.
TEST(PushedAuthorizationRequest, AnAddressPushesSoManyWithinAWhile) {
  World world;
  for (int i = 0; i < 100; ++i) ASSERT_EQ(world.send(public_push()).status, 201);
  world.move_clock(std::chrono::minutes{5});
  const auto answer = world.send(public_push());
  const Told told{429, "temporarily_unavailable", "Your address has pushed too many requests in a short time."};
  EXPECT_EQ(tell(answer), told);
  EXPECT_EQ(answer.header("Retry-After"), "600");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  world.set_address("198.51.100.9");
  EXPECT_EQ(world.send(public_push()).status, 201) << "another address";
  world.set_address("192.0.2.7");
  EXPECT_EQ(world.send(post_form("/oauth/par", plugin_fields())).status, 201)
      << "a client that an operator vouches for";
  world.move_clock(std::chrono::minutes{10});
  EXPECT_EQ(world.send(public_push()).status, 201);
}

/// Where anybody can register a client, a secret says nothing for it.
TEST(PushedAuthorizationRequest, AClientThatRegisteredItselfIsBoundedToo) {
  World world;
  auto client = *block_on(world.storage().clients().find_client(oauth::ClientId("todo-plugin")));
  client.origin = oauth::ClientOrigin::registration;
  ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
  world.change_settings([](auto& settings) { settings.limits.pushed_requests.of_address = 2; });
  for (int i = 0; i < 2; ++i) ASSERT_EQ(world.send(post_form("/oauth/par", plugin_fields())).status, 201);
  EXPECT_EQ(world.send(post_form("/oauth/par", plugin_fields())).status, 429);
}

/// RFC 9126 §4 and §6: by redirect, since client and redirect URI are proven.
TEST(PushedAuthorizationRequest, AClientThatMustPushSendsNoBrowserWithAPlainRequest) {
  World world;
  const std::string plain = "/oauth/authorize?response_type=code&client_id=push-only&state=s1";
  const Told must_push{303, "invalid_request",
                       "The request must be pushed: send its parameters to the pushed authorization request endpoint, "
                       "and the browser with the request_uri that comes back (RFC 9126)."};
  const auto answer = world.send(get(plain));
  EXPECT_EQ(tell(answer), must_push);
  EXPECT_TRUE(answer.header("Location").value_or("").starts_with("https://push.example/cb?error="));
  EXPECT_EQ(answer.location_parameter("state"), "s1");
  EXPECT_EQ(tell(world.send(get(plain + "&request_uri=https://push.example/request"))), must_push)
      << "only what was pushed here is pushed";

  auto pushed = post_form("/oauth/par", {{"client_id", "push-only"}, {"response_type", "code"}});
  const auto request_uri = world.send(pushed.with("Authorization", basic("push-only"))).member("request_uri");
  EXPECT_EQ(world.send(get(authorize_target(request_uri, "", "push-only"))).location_parameter("error"), "");

  EXPECT_EQ(tell(world.send(get("/oauth/authorize?client_id=todo-plugin"))).error, "invalid_request");
  world.change_settings([](auto& settings) { settings.flows.require_pushed_requests = true; });
  EXPECT_EQ(tell(world.send(get("/oauth/authorize?client_id=todo-plugin"))), must_push) << "RFC 9126 §5: every client";
}

/// Where none are taken, those from before count no more, and a client that must push is told whose turn it is.
TEST(PushedAuthorizationRequest, SwitchedOffItServesNoRequestFromBefore) {
  World world;
  const auto target = authorize_target(push(world));
  world.change_settings([](auto& settings) { settings.flows.pushed_requests = false; });
  EXPECT_EQ(
      tell(world.send(get(target))),
      (Told{303, "request_uri_not_supported", "The parameter request_uri is not supported: send plain parameters."}));
  EXPECT_EQ(tell(world.send(get("/oauth/authorize?response_type=code&client_id=push-only"))),
            (Told{303, "invalid_request",
                  "This client is registered to push its requests, and this server takes none: its operator must "
                  "change the client or [flows] pushed_requests."}));
}

std::vector<Form::Field> without(const std::string& name) {
  auto fields = plugin_fields();
  std::erase_if(fields, [&](const Form::Field& field) { return field.name == name; });
  return fields;
}
std::vector<Form::Field> with(const std::string& name, const std::string& value) {
  auto fields = without(name);
  fields.push_back({name, value});
  return fields;
}

std::vector<WrongRequest> wrong_pushes() {
  const auto row = [](const char* sentence, const std::vector<Form::Field>& fields, Told told) {
    return WrongRequest{sentence, post_form("/oauth/par", fields), std::move(told)};
  };
  auto in_header = post_form("/oauth/par", {{"response_type", "code"}, {"redirect_uri", "https://strict.example/cb"}});
  in_header.with("Authorization", basic("strict-web"));
  return {
      row("no secret", without("client_secret"),
          {401, "invalid_client", "This client has a secret, and the request does not carry it."}),
      row("a wrong secret", with("client_secret", "wrong"),
          {401, "invalid_client", "The client is unknown, or its secret is wrong."}),
      row("an unknown client", with("client_id", "nobody"),
          {401, "invalid_client", "The client is unknown, or its secret is wrong."}),
      row("RFC 9126 §2.1: a request_uri", with("request_uri", "urn:ietf:params:oauth:request_uri:x"),
          {400, "invalid_request", "request_uri cannot be pushed itself: send the parameters."}),
      {"RFC 9126 §2.1: no client_id beside Basic",
       in_header,
       {400, "invalid_request",
        "client_id is missing in the body: it is a parameter of every authorization request, however the client "
        "authenticates."}},
      row("RFC 9126 §2.3: a foreign redirect URI", with("redirect_uri", "https://evil.example/"),
          {400, "invalid_request", "The redirect_uri 'https://evil.example/' is not registered for this client."}),
      row("RFC 6749 §3.3: an unknown scope", with("scope", "lists:burn"),
          {400, "invalid_scope", "The scope 'lists:burn' is unknown or not allowed. Allowed: lists:read lists:write."}),
      row("RFC 6749 §3.1.1: no response_type", without("response_type"),
          {400, "invalid_request", "response_type is missing: send response_type=code."}),
      row("a response_mode that we do not have", with("response_mode", "web_message"),
          {400, "invalid_request",
           "The response_mode 'web_message' is not supported: send query, fragment or form_post, or leave it out."}),
      {"another content type",
       post_raw("/oauth/par", "text/plain", "client_id=todo-plugin"),
       {400, "invalid_request",
        "The Content-Type 'text/plain' is not supported: send application/x-www-form-urlencoded or application/json."}},
      {"a repeated parameter",
       post_raw("/oauth/par", "application/x-www-form-urlencoded", "client_id=todo-plugin&client_id=todo-plugin"),
       {400, "invalid_request", "The parameter 'client_id' appears more than once."}},
      {"RFC 9126 §2.3: GET",
       get("/oauth/par"),
       {405, "invalid_request", "This endpoint does not take GET: send POST."}},
  };
}

TEST(PushedAuthorizationRequest, WrongPushesAreTold) {
  World world;
  for (const auto& row : wrong_pushes()) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(tell(answer), row.told);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  }
}

}  // namespace
}  // namespace chatelaine::provider
