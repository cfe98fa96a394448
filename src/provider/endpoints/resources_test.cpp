// RFC 8707 over HTTP: which resources a client asks for at each door, and what its tokens open and who learns of them.
// The wrong values themselves stand in oauth/resource_test.cpp.

#include <gtest/gtest.h>

#include <functional>

#include "base/block_on.hpp"
#include "base/json.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;
using Fields = std::vector<Form::Field>;
using Names = std::vector<std::string>;

const std::string kTodo = "https://todo.example.com";
const std::string kNotes = "https://notes.example.com/mcp";
const std::string kRedirect = "https://organizer.example/cb";

Fields with_resources(Fields fields, const Names& resources) {
  for (const auto& resource : resources) fields.push_back({"resource", resource});
  return fields;
}

Fields authorization_request(const Names& resources, const std::string& scope = "") {
  return with_resources(
      {{"response_type", "code"}, {"client_id", "organizer"}, {"redirect_uri", kRedirect}, {"scope", scope}},
      resources);
}

/// ada's browser, and organizer, which she has opened.
struct Organizer {
  World world;
  std::string cookie = world.sign_in();

  TestResponse authorize(const Fields& query) {
    return world.send(get("/oauth/authorize?" + encode_form(query)).with("Cookie", cookie));
  }
  std::string obtain_code(const Fields& query) {
    auto answer = authorize(query);
    if (answer.status == 200) answer = decide(world, cookie, answer, "allow");
    return answer.location_parameter("code");
  }
  TestResponse ask(const std::string& path, const Fields& fields, const std::string& client = "organizer") {
    return world.send(post_form(path, fields).with("Authorization", basic(client)));
  }
  TestResponse exchange(const std::string& code, const Names& resources = {}) {
    return ask(
        "/oauth/token",
        with_resources({{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", kRedirect}}, resources));
  }
  TestResponse refresh(const std::string& token, const Names& resources = {}, const std::string& scope = "") {
    return ask(
        "/oauth/token",
        with_resources({{"grant_type", "refresh_token"}, {"refresh_token", token}, {"scope", scope}}, resources));
  }
  /// `aud | scope | seconds` of an answer's access token; the error where there is none.
  std::string tell_token(const TestResponse& answer) {
    if (answer.status != 200) return answer.member("error");
    const auto verified = block_on(world.verifier().verify_for_any_resource(answer.member("access_token")));
    if (!verified) return "a token of no use";
    EXPECT_EQ((*verified)->scope.to_string(), answer.member("scope"));
    std::string text;
    for (const auto& one : (*verified)->audience) text += one.value() + " ";
    return text + "| " + answer.member("scope") + " | " + answer.member("expires_in");
  }
  void set_format(std::optional<oauth::AccessTokenFormat> format) {
    auto client = *block_on(world.storage().clients().find_client(oauth::ClientId("organizer")));
    client.access_token_format = format;
    ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
  }
};

bool is_opaque(const TestResponse& answer) { return answer.member("access_token").starts_with("ctl_at_"); }

struct FlowRow {
  const char* sentence;
  Names asked;
  Names exchanged;
  std::string first;
  Names refreshed;
  std::string next;
};

const std::string kEverything = "lists:read lists:write notes:read";
const std::string kBoth = kTodo + " " + kNotes + " | " + kEverything + " | 30";

std::vector<FlowRow> flows() {
  const std::string todo = kTodo + " | " + kEverything + " | 59";
  const std::string notes = kNotes + " | lists:read notes:read | 30";
  return {
      {"§2.1: nothing named is the default", {}, {}, todo, {}, todo},
      {"§2.1: one", {kNotes}, {}, notes, {}, notes},
      {"§2.1: several, and a token for all of them", {kTodo, kNotes}, {}, kBoth, {}, kBoth},
      {"§2.2: the exchange narrows, the refresh token keeps the whole", {kTodo, kNotes}, {kNotes}, notes, {}, kBoth},
      {"§2.2: each refresh names its own", {kTodo, kNotes}, {kTodo}, todo, {kNotes}, notes},
      {"§2.2: not more than was allowed", {kTodo}, {kTodo, kNotes}, "invalid_target", {}, ""},
      {"§2.2: not another at a refresh", {kTodo}, {}, todo, {kNotes}, "invalid_target"},
      {"§2: an unknown one at the exchange", {kTodo}, {"https://x.example"}, "invalid_target", {}, ""},
      {"RFC 9068 §3: a token asked for by an alias is marked with it",
       {"urn:example:todo"},
       {"urn:example:todo"},
       kTodo + " urn:example:todo | " + kEverything + " | 59",
       {kTodo + "/"},
       kTodo + " " + kTodo + "/ | " + kEverything + " | 59"},
  };
}

TEST(Resources, FromTheAuthorizationRequestToTheLastRefresh) {
  for (const auto& row : flows()) {
    SCOPED_TRACE(row.sentence);
    Organizer organizer;
    const auto code = organizer.obtain_code(authorization_request(row.asked));
    const auto first = organizer.exchange(code, row.exchanged);
    EXPECT_EQ(organizer.tell_token(first), row.first);
    if (first.status != 200) {
      // RFC 6749 §4.1.2: the code is not spent by a request that gave nothing.
      EXPECT_EQ(organizer.exchange(code).status, 200);
      continue;
    }
    const auto next = organizer.refresh(first.member("refresh_token"), row.refreshed);
    EXPECT_EQ(organizer.tell_token(next), row.next);
    if (next.status != 200) {
      EXPECT_EQ(organizer.refresh(first.member("refresh_token")).status, 200);
    }
  }
}

/// RFC 8707 §2.2: scope and resource narrow together, for this token alone.
TEST(Resources, ARefreshNarrowsScopeAndResource) {
  Organizer organizer;
  auto tokens = organizer.exchange(organizer.obtain_code(authorization_request({kTodo, kNotes})));
  tokens = organizer.refresh(tokens.member("refresh_token"), {kNotes}, "lists:read lists:write");
  EXPECT_EQ(organizer.tell_token(tokens), kNotes + " | lists:read | 30");
  EXPECT_EQ(organizer.refresh(tokens.member("refresh_token"), {kNotes}, "lists:write").member("error"),
            "invalid_scope");
  EXPECT_EQ(organizer.tell_token(organizer.refresh(tokens.member("refresh_token"))), kBoth);
}

TEST(Resources, ClientCredentialsNamesThemToo) {
  Organizer organizer;
  const auto ask = [&](const Names& resources, const std::string& scope = "") {
    return organizer.tell_token(organizer.ask(
        "/oauth/token", with_resources({{"grant_type", "client_credentials"}, {"scope", scope}}, resources)));
  };
  EXPECT_EQ(ask({}), kTodo + " | " + kEverything + " | 59");
  EXPECT_EQ(ask({kNotes}, "notes:read"), kNotes + " | notes:read | 30");
  EXPECT_EQ(ask({kTodo, kNotes}), kBoth);
  EXPECT_EQ(ask({kNotes}, "lists:write"), "invalid_scope");
  EXPECT_EQ(ask({kNotes, "https://x.example"}), "invalid_target");
}

/// RFC 8707 §2.1: as JSON a string or a list of strings.
TEST(Resources, AJsonTokenRequestNamesSeveral) {
  Organizer organizer;
  const auto ask = [&](const std::string& resource) {
    auto request = post_json("/oauth/token", R"({"grant_type":"client_credentials","resource":)" + resource + "}");
    return organizer.tell_token(organizer.world.send(std::move(request).with("Authorization", basic("organizer"))));
  };
  EXPECT_EQ(ask(R"([")" + kTodo + R"(",")" + kNotes + R"("])"), kBoth);
  EXPECT_EQ(ask(R"(")" + kNotes + R"(")"), kNotes + " | lists:read notes:read | 30");
  EXPECT_EQ(ask("[1]"), "invalid_request");
}

struct WrongRow {
  const char* sentence;
  Fields more;
  const char* error;
};
const std::vector<WrongRow> kWrong{
    {"RFC 8707 §2: an unknown one", {{"resource", "https://x.example"}}, "invalid_target"},
    {"RFC 8707 §2: an unknown one beside a known", {{"resource", kTodo}, {"resource", "urn:x"}}, "invalid_target"},
    {"RFC 8707 §2: a fragment", {{"resource", kTodo + "#x"}}, "invalid_target"},
    {"RFC 8707 §2: not absolute", {{"resource", "todo"}}, "invalid_target"},
    {"RFC 6749 §3.1: nothing else may be repeated", {{"resource", kTodo}, {"scope", "lists:read"}}, "invalid_request"},
    {"RFC 6749 §3.3: a scope of which nothing is left", {{"resource", kNotes}}, "invalid_scope"},
};

TEST(Resources, WhatIsWrongIsToldByRedirectAndToWhoeverPushesIt) {
  for (const auto& row : kWrong) {
    SCOPED_TRACE(row.sentence);
    Organizer organizer;
    auto fields = authorization_request({}, "lists:write");
    fields.insert(fields.end(), row.more.begin(), row.more.end());
    const auto answer = organizer.authorize(fields);
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(answer.location_parameter("error"), row.error);
    EXPECT_EQ(answer.location_parameter("iss"), kTodo);
    const auto pushed = organizer.ask("/oauth/par", fields);
    EXPECT_EQ(pushed.status, 400);
    EXPECT_EQ(pushed.member("error"), row.error);
  }
}

/// RFC 9126 §2.1: what is pushed is an authorization request like any other.
TEST(Resources, APushedRequestKeepsThemAll) {
  Organizer organizer;
  const auto pushed = organizer.ask("/oauth/par", authorization_request({kTodo, kNotes}));
  ASSERT_EQ(pushed.status, 201) << pushed.body;
  const auto code = organizer.obtain_code({{"client_id", "organizer"}, {"request_uri", pushed.member("request_uri")}});
  EXPECT_EQ(organizer.tell_token(organizer.exchange(code)), kBoth);
}

TEST(Resources, TheWayThroughSignInKeepsThemAll) {
  World world;
  const auto answer = world.send(get("/oauth/authorize?" + encode_form(authorization_request({kTodo, kNotes}))));
  ASSERT_EQ(answer.status, 303);
  const auto back = answer.location_parameter("return_to");
  const auto page = world.send(get(back).with("Cookie", world.sign_in()));
  EXPECT_EQ(page.status, 200);
  const auto words = visible_text(page.body);
  EXPECT_NE(words.find("At " + kTodo + " Notes It cannot"), std::string::npos) << words;
}

/// RFC 8628 §3.1: a device asks for them as at the authorization endpoint.
TEST(Resources, ADeviceNamesThemToo) {
  Organizer ada;
  const auto start = [&](const Names& resources) {
    const Fields fields{{"client_id", "tv-app"}};
    return ada.world.send(post_form("/oauth/device_authorization", with_resources(fields, resources)));
  };
  EXPECT_EQ(start({"https://x.example"}).member("error"), "invalid_target");
  const auto asked = start({kTodo, kNotes});
  const auto page = type_user_code(ada.world, ada.cookie, asked.member("user_code"));
  EXPECT_NE(visible_text(page.body).find("At " + kTodo + " Notes It cannot"), std::string::npos);
  EXPECT_EQ(decide_device(ada.world, ada.cookie, page, "allow").status, 200);
  EXPECT_EQ(block_on(ada.world.storage().consents().list_consents(ada.world.ada())).size(), 2U);
  const auto poll = [&](const Names& resources) {
    const Fields fields{{"client_id", "tv-app"},
                        {"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                        {"device_code", asked.member("device_code")}};
    return ada.world.send(post_form("/oauth/token", with_resources(fields, resources)));
  };
  EXPECT_EQ(poll({"urn:x"}).member("error"), "invalid_target");
  const auto tokens = poll({kNotes});
  EXPECT_EQ(ada.tell_token(tokens), kNotes + " | lists:read | 30");
  const auto whole = ada.world.send(post_form(
      "/oauth/token",
      {{"client_id", "tv-app"}, {"grant_type", "refresh_token"}, {"refresh_token", tokens.member("refresh_token")}}));
  EXPECT_EQ(ada.tell_token(whole), kTodo + " " + kNotes + " | lists:read lists:write | 30");
}

/// A consent is a user's, a client's and a resource's.
TEST(Resources, APersonIsAskedOnceAboutEach) {
  Organizer organizer;
  const auto is_asked = [&](const Names& resources, const std::string& scope = "") {
    return organizer.authorize(authorization_request(resources, scope)).status == 200;
  };
  EXPECT_TRUE(is_asked({kNotes}));
  EXPECT_NE(organizer.obtain_code(authorization_request({kNotes}, "notes:read")), "");
  EXPECT_FALSE(is_asked({kNotes}, "notes:read"));
  EXPECT_TRUE(is_asked({kNotes})) << "the scope grew";
  EXPECT_TRUE(is_asked({kTodo}, "notes:read")) << "another resource";
  EXPECT_TRUE(is_asked({kTodo, kNotes}, "notes:read")) << "one of the two was not allowed";
  EXPECT_NE(organizer.obtain_code(authorization_request({kTodo, kNotes})), "");
  EXPECT_FALSE(is_asked({kNotes, kTodo}));
  EXPECT_FALSE(is_asked({kTodo}));
  EXPECT_EQ(block_on(organizer.world.storage().consents().list_consents(organizer.world.ada())).size(), 2U);
}

TEST(Resources, ThePageNamesThemWhereTheUsualOneIsNotMeantAlone) {
  Organizer organizer;
  const auto words = [&](const Names& resources) {
    return visible_text(organizer.authorize(authorization_request(resources)).body);
  };
  EXPECT_EQ(words({}).find(" At "), std::string::npos);
  EXPECT_EQ(words({"urn:example:todo"}).find(" At "), std::string::npos) << "by an alias, it is the usual one";
  EXPECT_NE(words({kNotes}).find("At Notes It cannot"), std::string::npos) << words({kNotes});
  EXPECT_NE(words({kNotes}).find(kNotes), std::string::npos) << "the identifier is one click away";
}

TEST(Resources, TheFormatIsTheClientsElseTheResources) {
  using enum oauth::AccessTokenFormat;
  struct Row {
    std::optional<oauth::AccessTokenFormat> clients;
    Names resources;
    bool is_opaque;
  };
  for (const auto& [clients, resources, opaque_expected] :
       {Row{{}, {kTodo}, false}, Row{{}, {kNotes}, true}, Row{{}, {kTodo, kNotes}, true}, Row{jwt, {kNotes}, false},
        Row{opaque, {kTodo}, true}}) {
    Organizer organizer;
    organizer.set_format(clients);
    const auto first = organizer.exchange(organizer.obtain_code(authorization_request(resources)));
    EXPECT_EQ(is_opaque(first), opaque_expected);
    EXPECT_EQ(is_opaque(organizer.refresh(first.member("refresh_token"))), opaque_expected);
  }
}

/// RFC 7009 §2.1: a token's own resource does not matter to whoever ends it. THREATS N12.
TEST(Resources, RevocationReachesTokensOfEveryResourceAndFormat) {
  using enum oauth::AccessTokenFormat;
  for (const auto format : {jwt, opaque}) {
    for (const Names& resources : {Names{kTodo}, Names{kNotes}, Names{kTodo, kNotes}}) {
      Organizer organizer;
      organizer.set_format(format);
      const auto tokens = organizer.exchange(organizer.obtain_code(authorization_request(resources)));
      const auto other = organizer.refresh(tokens.member("refresh_token"));
      const auto is_active = [&](const TestResponse& of) {
        return organizer.ask("/oauth/introspect", {{"token", of.member("access_token")}}).member("active") == "true";
      };
      EXPECT_TRUE(is_active(tokens));
      EXPECT_EQ(organizer.ask("/oauth/revoke", {{"token", tokens.member("access_token")}}).status, 200);
      EXPECT_FALSE(is_active(tokens));
      EXPECT_TRUE(is_active(other)) << "one token alone";
      EXPECT_EQ(organizer.ask("/oauth/revoke", {{"token", other.member("refresh_token")}}).status, 200);
      EXPECT_FALSE(is_active(other)) << "the grant, with all that came of it";
      EXPECT_EQ(block_on(organizer.world.verifier().verify(other.member("access_token"))).error().fault,
                tokens::TokenFault::revoked);
    }
  }
}

/// RFC 7662 §4, §2.2: each resource server learns of its own tokens, and of those no more than concerns it.
TEST(Resources, IntrospectionTellsEachServerItsPart) {
  Organizer organizer;
  const auto token_for = [&](const Names& resources) {
    return organizer.exchange(organizer.obtain_code(authorization_request(resources))).member("access_token");
  };
  const auto tell = [&](const std::string& token, const std::string& by) {
    const auto answer = organizer.ask("/oauth/introspect", {{"token", token}}, by);
    EXPECT_EQ(answer.status, 200);
    if (answer.body == R"({"active":false})") return std::string("inactive");
    const auto body = parse_json(answer.body)->get_object();
    return json::serialize(body.at("aud")) + " " + answer.member("scope");
  };
  const auto todo = token_for({kTodo});
  const auto notes = token_for({kNotes});
  const auto both = token_for({kTodo, kNotes});
  EXPECT_EQ(tell(todo, "worker"), "\"" + kTodo + "\" " + kEverything);
  EXPECT_EQ(tell(todo, "notes-api"), "inactive");
  EXPECT_EQ(tell(notes, "worker"), "inactive");
  EXPECT_EQ(tell(notes, "notes-api"), "\"" + kNotes + "\" lists:read notes:read");
  EXPECT_EQ(tell(both, "worker"), "\"" + kTodo + "\" " + kEverything);
  EXPECT_EQ(tell(both, "notes-api"), "\"" + kNotes + "\" lists:read notes:read");
  EXPECT_EQ(tell(both, "organizer"), "[\"" + kTodo + "\",\"" + kNotes + "\"] " + kEverything);
  EXPECT_EQ(tell(both, "todo-plugin"), "inactive") << "another assistant";
}

/// A client with a secret that acts for nobody is not for that alone a resource server (CVE-2026-37979).
TEST(Resources, IntrospectionIsForThoseWhoAreSaidToBeServers) {
  Organizer organizer;
  auto client = *block_on(organizer.world.storage().clients().find_client(oauth::ClientId("worker")));
  const auto token_for = [&](const Names& resources) {
    return organizer.exchange(organizer.obtain_code(authorization_request(resources))).member("access_token");
  };
  const auto is_told = [&](const std::string& token) {
    return organizer.ask("/oauth/introspect", {{"token", token}}, "worker").body != R"({"active":false})";
  };
  client.introspects = std::vector<oauth::Resource>{};
  ASSERT_TRUE(block_on(organizer.world.storage().clients().update_client(client, organizer.world.now())));
  EXPECT_FALSE(is_told(token_for({})));
  // Of one that was registered before that could be said.
  client.introspects.reset();
  ASSERT_TRUE(block_on(organizer.world.storage().clients().update_client(client, organizer.world.now())));
  EXPECT_TRUE(is_told(token_for({})));
  EXPECT_FALSE(is_told(token_for({kNotes})));
}

/// OpenID Connect Core §5.3: UserInfo stands on the default resource (docs/adr/0011).
TEST(Resources, UserInfoIsForTokensOfTheDefaultResource) {
  Organizer organizer;
  auto client = *block_on(organizer.world.storage().clients().find_client(oauth::ClientId("organizer")));
  client.openid = true;
  ASSERT_TRUE(block_on(organizer.world.storage().clients().update_client(client, organizer.world.now())));
  const auto answers = [&](const Names& resources) {
    const auto code = organizer.obtain_code(authorization_request(resources, "openid lists:read"));
    const auto token = organizer.exchange(code).member("access_token");
    return organizer.world.send(get("/oauth/userinfo").with("Authorization", "Bearer " + token)).status;
  };
  EXPECT_EQ(answers({kTodo}), 200);
  EXPECT_EQ(answers({kTodo, kNotes}), 200);
  EXPECT_EQ(answers({kNotes}), 401);
}

/// The operator takes a resource away (SIGHUP): what was granted for it alone ends, what was granted beside it stays.
TEST(Resources, OneThatIsServedNoMoreIsLeftOut) {
  Organizer organizer;
  const auto both = organizer.exchange(organizer.obtain_code(authorization_request({kTodo, kNotes})));
  const auto notes = organizer.exchange(organizer.obtain_code(authorization_request({kNotes})));
  organizer.world.change_settings(
      [](ProviderSettings& settings) { settings.resources = oauth::ProtectedResources(settings.resources.own()); });
  EXPECT_EQ(organizer.tell_token(organizer.refresh(both.member("refresh_token"))),
            kTodo + " | " + kEverything + " | 59");
  EXPECT_EQ(organizer.refresh(notes.member("refresh_token")).member("error"), "invalid_grant");
}

}  // namespace
}  // namespace chatelaine::provider
