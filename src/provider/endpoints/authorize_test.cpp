#include <gtest/gtest.h>

#include "accounts/return_to.hpp"
#include "base/block_on.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

constexpr const char* kPlugin = "response_type=code&client_id=todo-plugin&scope=";
const std::string kRedirect =
    "&redirect_uri=https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-0123456789abcdef0123456789abcdef%2Foauth%2Fcallback";

TestResponse authorize(World& world, const std::string& query, const std::string& cookie = "") {
  auto request = get("/oauth/authorize?" + query);
  if (!cookie.empty()) request.with("Cookie", cookie);
  return world.send(request);
}

/// A refusal page, word for word.
Told page(const std::string& happened, const std::string& to_do, const std::string& detail = "") {
  return {400, "",
          "This plugin cannot sign you in yet " + happened + " It is the plugin author's turn: " + to_do +
              (detail.empty() ? "" : " Technical details " + detail)};
}
Told repeated(const std::string& parameter) {
  return page("The link that brought you here says the same thing twice.",
              "each parameter of the authorization URL may come once.", "Repeated parameter: " + parameter);
}
Told unreadable(const std::string& parameter) {
  return page("The link that brought you here cannot be read.",
              "the authorization URL's query must be percent-encoded, with two hexadecimal digits after every percent "
              "sign, and have at most 128 parameters.",
              "Unreadable near: " + parameter);
}
Told without_client() {
  return page("The plugin did not say which client it is.",
              "the authorization URL needs client_id=… with the client ID that `chatelaine client add` printed.",
              "Missing parameter: client_id");
}
Told unknown_client(const std::string& received) {
  return page("The plugin's client ID is not registered here.",
              "enter the client ID that `chatelaine client add` printed on this server. `chatelaine client list` shows "
              "those that exist.",
              "Received client_id: " + received);
}
Told foreign_redirect(const std::string& received) {
  return page("The plugin wants to return to an address that is not registered for it.",
              "if the address below is the callback URL that the assistant shows for this plugin, run `chatelaine "
              "client update todo-plugin --redirect-uri URI` with --redirect-uri for each address it shall have, this "
              "one among them. Addresses are compared byte for byte, the slash at the end included.",
              "Received redirect_uri: " + received);
}
Told too_long() {
  return page("The link that brought you here is too long.",
              "the authorization URL's query may have at most 4096 characters, counted with everything but letters, "
              "digits and -._~ percent-encoded. What the client wants to remember belongs in its own storage, with a "
              "short state that finds it.");
}

std::vector<WrongRequest> told_on_a_page() {
  const auto row = [](const char* sentence, const std::string& query, Told told) {
    return WrongRequest{sentence, get("/oauth/authorize?" + query), std::move(told)};
  };
  const std::string plugin = kPlugin;
  return {
      row("no parameters at all", "", without_client()),
      row("a missing client_id", "response_type=code" + kRedirect, without_client()),
      row("RFC 6749 §3.1: an empty client_id counts as omitted", "client_id=&response_type=code", without_client()),
      row("an unknown client", "response_type=code&client_id=nobody" + kRedirect, unknown_client("nobody")),
      row("an unknown client's name is data", "client_id=%3Cscript%3Ealert(1)%3C/script%3E",
          unknown_client("<script>alert(1)</script>")),
      row("a repeated client_id", plugin + kRedirect + "&client_id=worker", repeated("client_id")),
      row("a repeated redirect_uri", plugin + kRedirect + kRedirect, repeated("redirect_uri")),
      row("a repeated parameter without a client", "scope=a&scope=b", repeated("scope")),
      row("a repeated parameter of an unknown client", "client_id=nobody&scope=a&scope=b", unknown_client("nobody")),
      row("a repeated parameter with a foreign redirect_uri",
          "client_id=todo-plugin&redirect_uri=https://evil.example/&scope=a&scope=b",
          foreign_redirect("https://evil.example/")),
      row("a stray percent sign in client_id", "client_id=%zz", unreadable("client_id")),
      row("a stray percent sign in redirect_uri", "client_id=todo-plugin&redirect_uri=%", unreadable("redirect_uri")),
      row("a foreign redirect_uri", plugin + "&redirect_uri=https://evil.example/cb",
          foreign_redirect("https://evil.example/cb")),
      row("a redirect_uri with a slash too many", plugin + kRedirect + "%2F",
          foreign_redirect(std::string(World::kPluginRedirect) + "/")),
      row("no redirect_uri where there are two", "response_type=code&client_id=strict-web",
          page("The plugin did not say where to go after the sign-in.",
               "the authorization URL needs redirect_uri=…, since this client has more than one registered.",
               "Missing parameter: redirect_uri")),
      row("a client without redirect URIs", "response_type=code&client_id=newcomer&redirect_uri=https://new.example/",
          page("No address is registered to which this plugin may return after the sign-in.",
               "take the callback URL that the assistant shows after the plugin's installation, and run `chatelaine "
               "client update newcomer --redirect-uri URI` with it.",
               "Received redirect_uri: https://new.example/")),
      row("a query of more than 4 KiB", plugin + kRedirect + "&state=" + std::string(4096, 's'), too_long()),
      row("a query that grows over 4 KiB as it is encoded", plugin + kRedirect + "&state=" + std::string(1400, '\\'),
          too_long()),
  };
}

/// RFC 6749 §4.1.2.1, §3.1.2.2, §3.1.2.4, §10.14: nothing is redirected before client and redirect URI are proven.
TEST(Authorize, UnprovenRequestsGetAPage) {
  World world;
  for (const auto& row : told_on_a_page()) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(tell(answer), row.told);
    EXPECT_FALSE(answer.header("Location"));
    EXPECT_EQ(answer.body.find("<script>alert"), std::string::npos);
    // What is registered stays the operator's business.
    EXPECT_EQ(answer.body.find("strict.example"), std::string::npos);
    EXPECT_NE(answer.header("Content-Security-Policy").value_or("").find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_FALSE(answer.header("Access-Control-Allow-Origin")) << "RFC 9700 §2.6";
  }
}

/// RFC 9700 §4.11.2, OpenID Connect Core §3.1.2.6: nor is it where an answer without a page was asked for.
TEST(Authorize, AForeignRedirectUriGetsAPageWhateverElseIsAskedFor) {
  World world;
  for (const std::string more :
       {"&prompt=none", "openid&prompt=none", "&response_mode=form_post", "&response_mode=fragment", "&response_mode=x",
        "&max_age=x", "&prompt=none&max_age=x"}) {
    SCOPED_TRACE(more);
    const auto answer = authorize(world, kPlugin + more + "&redirect_uri=https://evil.example/cb");
    EXPECT_EQ(tell(answer), foreign_redirect("https://evil.example/cb"));
    EXPECT_FALSE(answer.header("Location"));
    EXPECT_EQ(answer.body.find("action=\"https://evil.example"), std::string::npos);
  }
}

TEST(Authorize, WhatNamesNoClientOfOursIsNotLoggedAsOne) {
  World world;
  const std::string unknown(300, 'x');
  EXPECT_EQ(authorize(world, "client_id=" + unknown).status, 400);
  EXPECT_EQ(world.log().find(unknown), std::string::npos);
  EXPECT_NE(world.log().find("client= "), std::string::npos) << world.log();
}

std::string many_parameters() {
  std::string query;
  for (int i = 0; i < 129; ++i) query += "&p" + std::to_string(i) + "=";
  return query;
}

/// Proven requests of strict-web with a state; `rest` is what is wrong with them.
std::vector<WrongRequest> told_by_redirect() {
  const std::string client = "client_id=strict-web&redirect_uri=https://strict.example/cb&state=s%20%2B%26%C3%A9";
  const std::string code = client + "&response_type=code";
  const std::string challenge = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  const std::string proven = code + challenge + "&code_challenge_method=S256";
  const auto row = [](const char* sentence, const std::string& query, const char* error, const char* description) {
    return WrongRequest{sentence, get("/oauth/authorize?" + query), {303, error, description}};
  };
  constexpr const char* kPkceRequired =
      "PKCE is required: send code_challenge and code_challenge_method=S256 (RFC 7636). If the client cannot, as "
      "ChatGPT "
      "plugins cannot, have the operator register it with a secret and PKCE optional.";
  constexpr const char* kWrongChallenge =
      "code_challenge must be the SHA-256 digest of the code_verifier in base64url: 43 characters, no =.";
  constexpr const char* kForbidden = "The scope holds a character that RFC 6749 section 3.3 forbids.";
  return {
      row("RFC 6749 §3.1.1: a missing response_type", client + challenge, "invalid_request",
          "response_type is missing: send response_type=code."),
      // DEVIATION OAuth 2.0 Multiple Response Type Encoding Practices §2.1: told in the query.
      row("RFC 9700 §2.1.2: response_type=token", client + "&response_type=token", "unsupported_response_type",
          "The response_type 'token' is not supported: send response_type=code."),
      row("a response_mode that we do not have", proven + "&response_mode=web_message", "invalid_request",
          "The response_mode 'web_message' is not supported: send query, fragment or form_post, or leave it out."),
      row("RFC 9101: a request object", proven + "&request=e30.", "request_not_supported",
          "The parameter request is not supported: send plain parameters."),
      row("RFC 9101: a request object to fetch", proven + "&request_uri=https://evil.example",
          "request_uri_not_supported", "The parameter request_uri is not supported: send plain parameters."),
      row("RFC 7636 §4.4.1: PKCE required", code, "invalid_request", kPkceRequired),
      row("RFC 7636 §4.4.1: plain is refused", code + challenge + "&code_challenge_method=plain", "invalid_request",
          "code_challenge_method must be S256."),
      row("RFC 7636 §4.3: a challenge without a method", code + challenge, "invalid_request",
          "code_challenge_method is missing: send code_challenge_method=S256."),
      row("RFC 7636 §4.3: a method without a challenge", code + "&code_challenge_method=S256", "invalid_request",
          "code_challenge_method was sent without code_challenge."),
      row("RFC 7636 §4.2: a challenge that is too short", code + "&code_challenge=abc&code_challenge_method=S256",
          "invalid_request", kWrongChallenge),
      row("RFC 7636 §4.2: a challenge with padding", code + challenge + "%3D&code_challenge_method=S256",
          "invalid_request", kWrongChallenge),
      row("RFC 6749 §3.3: an unknown scope", proven + "&scope=lists:burn", "invalid_scope",
          "The scope 'lists:burn' is unknown or not allowed. Allowed: lists:read lists:write."),
      row("RFC 6749 §3.3: a scope of others", proven + "&scope=lists:read%20lists:delete", "invalid_scope",
          "The scope 'lists:delete' is unknown or not allowed. Allowed: lists:read lists:write."),
      row("RFC 6749 §3.3: scopes parted by commas", proven + "&scope=lists:read,lists:write", "invalid_scope",
          "The scope 'lists:read,lists:write' is unknown: scopes are parted by blanks, not by commas."),
      row("RFC 6749 §3.3: a forbidden character", proven + "&scope=lists:read%22", "invalid_scope", kForbidden),
      row("RFC 8707 §2: a foreign resource", proven + "&resource=https://other.example", "invalid_target",
          "The resource 'https://other.example' is not served here."),
      row("RFC 6749 §3.1: a repeated parameter", proven + "&scope=&scope=", "invalid_request",
          "The parameter 'scope' appears more than once."),
      row("RFC 6749 §3.1: a repeated parameter of no meaning", proven + "&x=1&x=2", "invalid_request",
          "The parameter 'x' appears more than once."),
      row("a stray percent sign", proven + "&scope=%zz", "invalid_request",
          "The parameter 'scope' holds a % that two hexadecimal digits do not follow."),
      row("129 parameters", client + many_parameters(), "invalid_request",
          "The request holds more than 128 parameters."),
  };
}

// DEVIATION RFC 9700 §4.11.2: nobody has signed in.
TEST(Authorize, ProvenRequestsLearnTheirFaultByRedirect) {
  World world;
  for (const auto& row : told_by_redirect()) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(tell(answer), row.told);
    EXPECT_TRUE(answer.header("Location").value_or("").starts_with("https://strict.example/cb?"));
    EXPECT_EQ(answer.location_parameter("state"), "s +&\xC3\xA9");
    EXPECT_EQ(answer.location_parameter("iss"), "https://todo.example.com");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << "RFC 9700 §4.2.4";
  }
}

/// RFC 6749 §4.1.2.1: one that came twice, or cannot be read, is not echoed.
TEST(Authorize, AStateInDoubtIsLeftOut) {
  World world;
  for (const char* state : {"&state=a&state=b", "&state=%zz"}) {
    const auto answer = authorize(world, kPlugin + kRedirect + state);
    EXPECT_EQ(answer.location_parameter("error"), "invalid_request") << state;
    EXPECT_EQ(answer.header("Location").value_or("").find("state="), std::string::npos) << state;
  }
}

TEST(Authorize, AClientThatMayNotIsUnauthorized) {
  World world;
  const oauth::ClientId id("strict-web");
  auto client = *block_on(world.storage().clients().find_client(id));
  client.grant_types = {oauth::GrantType::client_credentials};
  ASSERT_TRUE(block_on(world.storage().clients().update_client(client, world.now())));
  const Told unauthorized{303, "unauthorized_client",
                          "This client is not registered for the grant authorization_code."};
  EXPECT_EQ(tell(authorize(world, "response_type=code&client_id=strict-web&redirect_uri=https://strict.example/cb")),
            unauthorized);
}

TEST(Authorize, SignedOutLeadsToSignInAndBack) {
  World world;
  const auto answer = authorize(world, kPlugin + kRedirect);
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.location_parameter("return_to"), "/oauth/authorize?" + (kPlugin + kRedirect));
}

/// However the client wrote it, the request survives sign-in, consent and a change of account.
TEST(Authorize, ARequestThatIsNotWrittenAsWeWouldIsCarriedOn) {
  World world;
  const std::string state = "a\\b{\"c\":1}'<>`|^" + std::string(500, '/');
  const std::string query = kPlugin + kRedirect + "&state=" + state;
  const auto sent = authorize(world, query);
  ASSERT_EQ(sent.status, 303);
  const auto return_to = sent.location_parameter("return_to");
  ASSERT_TRUE(accounts::is_local_path(return_to)) << return_to;

  const auto cookie = world.sign_in();
  const auto page = world.send(get(return_to).with("Cookie", cookie));
  ASSERT_EQ(page.status, 200);
  EXPECT_TRUE(accounts::is_local_path(page.form_field("return_to"))) << page.form_field("return_to");
  auto allow = post_form(
      "/consent",
      {{"form_token", page.form_field("form_token")}, {"request", page.form_field("request")}, {"decision", "allow"}});
  EXPECT_EQ(world.send(allow.with("Cookie", cookie)).location_parameter("state"), state);
}

TEST(Authorize, TheLongestRequestIsCarriedOn) {
  World world;
  const auto cookie = world.sign_in();
  const std::string start = kPlugin + kRedirect + "&state=";
  const std::string state((4096 - start.size()) / 3, '/');
  const auto return_to = authorize(world, start + percent_encode(state)).location_parameter("return_to");
  ASSERT_TRUE(accounts::is_local_path(return_to));
  const auto page = world.send(get(return_to).with("Cookie", cookie));
  auto allow = post_form(
      "/consent",
      {{"form_token", page.form_field("form_token")}, {"request", page.form_field("request")}, {"decision", "allow"}});
  EXPECT_EQ(world.send(allow.with("Cookie", cookie)).location_parameter("state"), state);
}

TEST(Authorize, AsksOnceAndRemembers) {
  World world;
  const auto cookie = world.sign_in();
  const auto page = authorize(world, kPlugin + kRedirect, cookie);
  EXPECT_EQ(page.status, 200);
  const auto words = visible_text(page.body);
  for (const char* said : {"Todo Helper", "chat.openai.com", "read your lists", "add to your lists", "delete lists"}) {
    EXPECT_NE(words.find(said), std::string::npos) << said;
  }
  // The assistant's callback may go on to another origin of its own, which Chromium asks form-action about too.
  EXPECT_NE(
      page.header("Content-Security-Policy").value_or("").find("form-action 'self' https://chat.openai.com https:;"),
      std::string::npos);

  EXPECT_FALSE(obtain_code(world, cookie).empty());
  const auto again = authorize(world, kPlugin + kRedirect, cookie);
  EXPECT_EQ(again.status, 303);
  EXPECT_TRUE(again.location_parameter("code").starts_with("ctl_ac_"));
  EXPECT_EQ(again.location_parameter("iss"), "https://todo.example.com");
  EXPECT_EQ(again.header("Location")->find("state="), std::string::npos);
}

TEST(Authorize, ARememberedConsentAfterOurOwnFormGoesOnByRefresh) {
  World world;
  const auto cookie = world.sign_in();
  ASSERT_FALSE(obtain_code(world, cookie).empty());
  auto request = get("/oauth/authorize?" + (kPlugin + kRedirect)).with("Cookie", cookie);
  const auto answer = world.send(request.with("Sec-Fetch-Site", "same-origin"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.header("Location"));
  EXPECT_TRUE(answer.header("Refresh").value_or("").starts_with("0;url=https://chat.openai.com/"));
}

TEST(Authorize, AGrownScopeIsAskedAgain) {
  World world;
  const auto cookie = world.sign_in();
  const std::string narrow = "response_type=code&client_id=todo-plugin&scope=lists:read" + kRedirect;
  const auto page = authorize(world, narrow, cookie);
  auto allow = post_form(
      "/consent",
      {{"form_token", page.form_field("form_token")}, {"request", page.form_field("request")}, {"decision", "allow"}});
  ASSERT_EQ(world.send(allow.with("Cookie", cookie)).status, 303);
  EXPECT_EQ(authorize(world, narrow, cookie).status, 303);
  EXPECT_EQ(authorize(world, kPlugin + kRedirect, cookie).status, 200);
}

TEST(Authorize, ALoopbackRedirectAlwaysAsks) {
  World world;
  const auto cookie = world.sign_in();
  const std::string query =
      "response_type=code&client_id=desktop-app&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback"
      "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
  for (int i = 0; i < 2; ++i) {
    const auto page = authorize(world, query, cookie);
    ASSERT_EQ(page.status, 200);
    auto allow = post_form("/consent", {{"form_token", page.form_field("form_token")},
                                        {"request", page.form_field("request")},
                                        {"decision", "allow"}});
    EXPECT_EQ(world.send(allow.with("Cookie", cookie)).status, 303);
  }
}

/// RFC 9700 §2.6.
TEST(Authorize, NoOtherOriginsScriptMayAsk) {
  World world;
  const std::string target = std::string("/oauth/authorize?") + kPlugin + "lists%3Aread" + kRedirect;
  for (const char* method : {"OPTIONS", "GET", "POST"}) {
    TestRequest request{.method = method, .target = target, .headers = {}, .body = {}};
    request.with("Origin", "https://elsewhere.example").with("Access-Control-Request-Method", "GET");
    for (const auto& header : world.send(request).headers)
      EXPECT_FALSE(header.name.starts_with("Access-Control-")) << method << ": " << header.name;
  }
}

TEST(Authorize, OtherMethodsAreAPageWithAllow) {
  World world;
  auto put = get("/oauth/authorize");
  put.method = "PUT";
  const auto answer = world.send(put);
  const Told told{
      405, "",
      "Nothing to see here This address is one step of a sign-in and shows nothing by itself. Go back to the "
      "assistant and begin the sign-in there."};
  EXPECT_EQ(tell(answer), told);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
}

}  // namespace
}  // namespace chatelaine::provider
