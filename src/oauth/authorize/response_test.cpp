#include "oauth/authorize/response.hpp"

#include <gtest/gtest.h>

#include "oauth/authorize/consent.hpp"
#include "oauth/authorize/redirect_uri.hpp"
#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const Issuer kIssuer("https://api.example");

/// Where the browser goes in the mode query.
std::string code_location(const ResponseTarget& target, const AuthorizationCodeSecret& code) {
  return std::get<RedirectResponse>(make_code_response(target, code, kIssuer)).location;
}

/// RFC 9207 §2, RFC 9700 §4.4.2: a client that asks several servers can tell whose answer it is.
TEST(AuthorizationResponseTest, Rfc9207Section2EveryAnswerNamesItsIssuer) {
  const AuthorizationCodeSecret code("ctl_ac_x");
  EXPECT_EQ(code_location({RedirectUri(kCallback), State("a b")}, code),
            kCallback + "?code=ctl_ac_x&state=a%20b&iss=https%3A%2F%2Fapi.example");
  EXPECT_EQ(code_location({RedirectUri(kCallback), std::nullopt}, code),
            kCallback + "?code=ctl_ac_x&iss=https%3A%2F%2Fapi.example");
  const auto denied =
      make_error_response({RedirectUri(kCallback), State("s")}, {ErrorCode::access_denied, "No.", "why"}, kIssuer);
  EXPECT_EQ(std::get<RedirectResponse>(denied).location,
            kCallback + "?error=access_denied&error_description=No.&state=s&iss=https%3A%2F%2Fapi.example");
}

TEST(AuthorizationResponseTest, Rfc6749Section312TheUrisOwnQueryIsKept) {
  EXPECT_EQ(code_location({RedirectUri("https://a.example/?x=1"), std::nullopt}, AuthorizationCodeSecret("c")),
            "https://a.example/?x=1&code=c&iss=https%3A%2F%2Fapi.example");
}

TEST(AuthorizationResponseTest, Rfc6749Section412StateComesBackByteForByte) {
  for (const std::string& state : {std::string(), std::string("\0\xff\r\n&=+%#\"", 10), std::string("\xc3\xa9")}) {
    const std::string location = code_location({RedirectUri(kCallback), State(state)}, AuthorizationCodeSecret("c"));
    EXPECT_EQ(location.find_first_of("\r\n\"# "), std::string::npos);
    const auto form = parse_form(std::string_view(location).substr(kCallback.size() + 1));
    ASSERT_TRUE(form);
    EXPECT_EQ(form->get("state"), state);
  }
}

struct ConsentRow {
  std::string_view sentence;
  std::string redirect_uri;
  std::optional<std::string> remembered_scope;
  ConsentDecision decision;
};
class Consents : public testing::TestWithParam<ConsentRow> {};
TEST_P(Consents, AreRemembered) {
  const auto& row = GetParam();
  const AuthorizationRequest request{.client_id = ClientId("plugin"),
                                     .target = {RedirectUri(row.redirect_uri), std::nullopt},
                                     .scope = *Scope::parse("read write"),
                                     .resources = {kApi}};
  std::vector<Consent> remembered;
  if (row.remembered_scope) {
    remembered.push_back(
        {.client_id = ClientId("plugin"), .resource = kApi, .scope = *Scope::parse(*row.remembered_scope)});
  }
  const auto needed = make_consents({}, request.client_id, {request.resources, request.scope}, one_resource(), kNow);
  EXPECT_EQ(decide_consent(request, needed, remembered, {}), row.decision) << row.sentence;
}
constexpr auto kAsk = ConsentDecision::ask;
// RFC 8252 §8.6, RFC 6749 §10.2: a client that proves nothing is not answered without the person.
INSTANTIATE_TEST_SUITE_P(
    Rfc8252Section86, Consents,
    testing::Values(ConsentRow{"the first time", kCallback, {}, kAsk},
                    ConsentRow{"the same scope", kCallback, "read write", ConsentDecision::remembered},
                    ConsentRow{"a wider consent", kCallback, "read write x", ConsentDecision::remembered},
                    ConsentRow{"the scope grew", kCallback, "read", kAsk},
                    ConsentRow{"a loopback redirect", "http://127.0.0.1/cb", "read write", kAsk},
                    ConsentRow{"localhost", "https://localhost/cb", "read write", kAsk},
                    ConsentRow{"the IPv6 loopback", "http://[::1]:8/cb", "read write", kAsk},
                    ConsentRow{"a private-use scheme", "com.example.app:/cb", "read write", kAsk}));

TEST(ConsentTest, CountsForItsUserClientAndResourceAlone) {
  const AuthorizationRequest request{
      .client_id = ClientId("plugin"), .target = {RedirectUri(kCallback), std::nullopt}, .resources = {kApi}};
  const auto needed =
      make_consents(UserId{1}, request.client_id, {request.resources, request.scope}, one_resource(), kNow);
  const Consent given{.user_id = UserId{1}, .client_id = ClientId("plugin"), .resource = kApi};
  EXPECT_EQ(decide_consent(request, needed, {given}, {}), ConsentDecision::remembered);
  EXPECT_EQ(decide_consent(request, {}, {given}, {}), kAsk) << "nothing to compare with is no consent";
  for (const auto& [user_id, client_id, resource] :
       {std::tuple(2, "plugin", "https://api.example"), std::tuple(1, "other", "https://api.example"),
        std::tuple(1, "plugin", "https://b.example")}) {
    const Consent other{.user_id = UserId{user_id}, .client_id = ClientId(client_id), .resource = Resource(resource)};
    EXPECT_EQ(decide_consent(request, needed, {other}, {}), kAsk);
  }
}

/// RFC 8707 §2.1: each of the resources must be covered by what was allowed there.
TEST(ConsentTest, OfSeveralResourcesEachIsAskedAbout) {
  const Resource notes("https://notes.example");
  const ProtectedResources resources({.identifier = kApi},
                                     {{.identifier = notes, .scopes = Scope({"notes.read", "share"})}});
  const AuthorizationRequest request{.client_id = ClientId("plugin"),
                                     .target = {RedirectUri(kCallback), std::nullopt},
                                     .scope = *Scope::parse("todo.read notes.read"),
                                     .resources = {kApi, notes}};
  const auto needed = make_consents(UserId{1}, request.client_id, {request.resources, request.scope}, resources, kNow);
  ASSERT_EQ(needed.size(), 2U);
  EXPECT_EQ(needed[0].scope.to_string(), "notes.read todo.read") << "every scope means something there";
  EXPECT_EQ(needed[1].scope.to_string(), "notes.read");
  EXPECT_EQ(decide_consent(request, needed, needed, {}), ConsentDecision::remembered);
  EXPECT_EQ(decide_consent(request, needed, {needed[0]}, {}), kAsk);
  auto narrower = needed;
  narrower[1].scope = Scope({"share"});
  EXPECT_EQ(decide_consent(request, needed, narrower, {}), kAsk);
}

/// What a scope opens since the user saw it last is asked about, and nothing else is asked again.
TEST(ConsentTest, WhatWasOpenedSinceIsAskedAbout) {
  const AuthorizationRequest request{.client_id = ClientId("plugin"),
                                     .target = {RedirectUri(kCallback), std::nullopt},
                                     .scope = *Scope::parse("read write"),
                                     .resources = {kApi}};
  const auto needed = make_consents({}, request.client_id, {request.resources, request.scope}, one_resource(), kNow);
  Consent given = needed.at(0);
  given.seen_at = {{"read", kNow}, {"write", kNow - seconds(10)}};
  const struct {
    std::string_view scope;
    Instant since;
    ConsentDecision decision;
  } rows[] = {
      {"read", kNow, ConsentDecision::remembered},
      {"read", kNow + seconds(1), kAsk},
      {"write", kNow - seconds(10), ConsentDecision::remembered},
      {"write", kNow, kAsk},
      {"read write", kNow, kAsk},
      {"read share", kNow + seconds(1), ConsentDecision::remembered},
      {"share", kNow + seconds(1), ConsentDecision::remembered},
  };
  for (const auto& row : rows)
    EXPECT_EQ(decide_consent(request, needed, {given}, {{*Scope::parse(row.scope), row.since}}), row.decision)
        << row.scope;
  given.seen_at.erase("read");
  EXPECT_FALSE(has_seen(given, {*Scope::parse("read"), Instant()})) << "what is not known was not seen";
}

struct RegistrationRow {
  std::string_view sentence;
  std::string uri;
  bool is_taken;
};
class Registrations : public testing::TestWithParam<RegistrationRow> {};
TEST_P(Registrations, OfRedirectUrisAreChecked) {
  const auto uri = check_redirect_uri_registration(GetParam().uri);
  ASSERT_EQ(uri.has_value(), GetParam().is_taken) << GetParam().sentence;
  if (uri) {
    EXPECT_EQ(uri->value(), GetParam().uri) << GetParam().sentence;
  } else {
    EXPECT_EQ(uri.error().code, ErrorCode::invalid_request) << GetParam().sentence;
  }
}
// RFC 6749 §3.1.2, RFC 8252 §8.4: whole URIs, to places that one party holds.
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section312, Registrations,
    testing::Values(RegistrationRow{"the seed's callback", kCallback, true},
                    RegistrationRow{"a port, a query, a trailing slash", "https://a.example:8443/cb/?x=1", true},
                    RegistrationRow{"no path", "https://a.example", true},
                    RegistrationRow{"http on loopback", "http://127.0.0.1:9000/cb", true},
                    RegistrationRow{"http on the IPv6 loopback", "http://[::1]/cb", true},
                    RegistrationRow{"http on localhost", "http://localhost:9000/cb", true},
                    RegistrationRow{"RFC 8252 §7.1: a reversed domain name", "com.example.app:/cb", true},
                    RegistrationRow{"empty", "", false}, RegistrationRow{"relative", "/cb", false},
                    RegistrationRow{"without scheme", "//a.example/cb", false},
                    RegistrationRow{"a host alone", "a.example/cb", false},
                    // RFC 9700 §2.6: http is for loopback alone.
                    RegistrationRow{"http elsewhere", "http://a.example/cb", false},
                    RegistrationRow{"http on a name that begins alike", "http://127.0.0.1.evil.example/", false},
                    RegistrationRow{"a fragment", "https://a.example/cb#x", false},
                    RegistrationRow{"an empty fragment", "https://a.example/cb#", false},
                    RegistrationRow{"a user name", "https://user@a.example/cb", false},
                    RegistrationRow{"a user name on loopback", "http://127.0.0.1:80@evil.example/cb", false},
                    RegistrationRow{"a wildcard host", "https://*.example/cb", false},
                    RegistrationRow{"no host", "https:///cb", false},
                    RegistrationRow{"a port that is none", "https://a.example:99999/cb", false},
                    RegistrationRow{"a blank", "https://a.example/c b", false},
                    RegistrationRow{"a blank at the end", "https://a.example/cb ", false},
                    RegistrationRow{"a line break", "https://a.example/cb\r\nX: y", false},
                    RegistrationRow{"a NUL", std::string("https://a.example/\0", 19), false},
                    RegistrationRow{"a backslash", "https://a.example\\@evil.example/", false},
                    RegistrationRow{"not ASCII", "https://\xc3\xa9.example/", false},
                    RegistrationRow{"a script", "javascript:alert(1)", false},
                    RegistrationRow{"data", "data:text/html,x", false},
                    RegistrationRow{"a file", "file:///etc/passwd", false},
                    RegistrationRow{"a private-use scheme without a dot", "myapp://cb", false},
                    RegistrationRow{"very long", "https://a.example/" + std::string(3000, 'x'), false}));

}  // namespace
}  // namespace chatelaine::oauth
