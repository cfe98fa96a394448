#include "oauth/authorize/request.hpp"

#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const Issuer kIssuer("https://api.example");

/// The plugin document's URL pattern, as ChatGPT sends it.
Form seed_query() {
  return *parse_form(
      "response_type=code&client_id=plugin&scope=&redirect_uri=https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-1%2Foauth%"
      "2Fcallback");
}
ResponseTarget target() { return {RedirectUri(kCallback), State("s")}; }

TEST(AuthorizationRequestTest, TheSeedsPatternIsTakenAsItIs) {
  const Client client = plugin_client();
  EXPECT_EQ(find_client_id(seed_query())->value(), "plugin");
  const auto where = check_redirect_uri(seed_query(), client);
  ASSERT_TRUE(where);
  EXPECT_EQ(where->redirect_uri.value(), kCallback);
  EXPECT_FALSE(where->state);
  const auto request = check_authorization_request(seed_query(), client, *where, one_resource(), {});
  ASSERT_TRUE(request) << request.error().error.description;
  EXPECT_EQ(request->scope, client.scope) << "an empty scope is the client's own";
  EXPECT_EQ(request->resources, std::vector{kApi});
  EXPECT_FALSE(request->code_challenge);
  EXPECT_TRUE(request->redirect_uri_was_sent);
}

struct TargetRow {
  std::string_view sentence;
  std::vector<std::string> registered;
  std::optional<std::string> received;
  std::optional<UnredirectableError::Kind> error;
};
class Targets : public testing::TestWithParam<TargetRow> {};
TEST_P(Targets, AreComparedAsTheRfcSays) {
  const auto& row = GetParam();
  Client client = plugin_client();
  client.redirect_uris.clear();
  for (const std::string& uri : row.registered) client.redirect_uris.emplace_back(uri);
  const auto where = check_redirect_uri(changed(seed_query(), {{"redirect_uri", row.received}}), client);
  ASSERT_EQ(where.has_value(), !row.error) << row.sentence;
  if (where) {
    const bool was_sent = row.received && !row.received->empty();
    EXPECT_EQ(where->redirect_uri.value(), was_sent ? *row.received : row.registered.front()) << row.sentence;
  } else {
    EXPECT_EQ(where.error().kind, *row.error) << row.sentence;
    EXPECT_EQ(where.error().received, row.received.value_or("")) << row.sentence;
  }
}
constexpr auto kForeign = UnredirectableError::Kind::unregistered_redirect_uri;
const std::string kUri = "https://a.example/cb";
const std::string kLoopback = "http://127.0.0.1:8080/cb?x=1";
// RFC 9700 §2.1, RFC 8252 §8.4: byte for byte, a loopback port excepted.
INSTANTIATE_TEST_SUITE_P(
    Rfc9700Section21, Targets,
    testing::Values(
        TargetRow{"the registered one", {kUri}, kUri, {}},
        TargetRow{"one of several", {"https://b.example/", kUri}, kUri, {}},
        // DEVIATION OpenID Connect Core §3.1.2.1: whatever the scope.
        TargetRow{"RFC 6749 §3.1.2.3: absent where there is one", {kUri}, std::nullopt, {}},
        TargetRow{"RFC 6749 §3.1: empty counts as absent", {kUri}, "", {}},
        TargetRow{"RFC 6749 §3.1.2.3: absent where there are two",
                  {kUri, kLoopback},
                  std::nullopt,
                  UnredirectableError::Kind::missing_redirect_uri},
        TargetRow{"a client without redirect URIs", {}, kUri, UnredirectableError::Kind::no_redirect_uris},
        TargetRow{"another host", {kUri}, "https://evil.example/cb", kForeign},
        TargetRow{"another scheme", {kUri}, "http://a.example/cb", kForeign},
        TargetRow{"the host in another case", {kUri}, "https://A.example/cb", kForeign},
        TargetRow{"the path in another case (CVE-2020-15234)", {kUri}, "https://a.example/CB", kForeign},
        TargetRow{"a trailing slash", {kUri}, kUri + "/", kForeign},
        TargetRow{"a query", {kUri}, kUri + "?x=1", kForeign}, TargetRow{"a fragment", {kUri}, kUri + "#x", kForeign},
        TargetRow{"the default port spelled out", {kUri}, "https://a.example:443/cb", kForeign},
        TargetRow{"a path that leads back", {kUri}, "https://a.example/x/..;/cb", kForeign},
        TargetRow{"a longer path", {kUri}, kUri + "x", kForeign},
        TargetRow{"a shorter path", {kUri}, "https://a.example/c", kForeign},
        TargetRow{"userinfo", {kUri}, "https://a.example@evil.example/cb", kForeign},
        TargetRow{"a percent-encoded character", {kUri}, "https://a.example/%63b", kForeign},
        TargetRow{"a NUL at the end", {kUri}, kUri + std::string(1, '\0'), kForeign},
        TargetRow{"a blank at the end", {kUri}, kUri + " ", kForeign},
        TargetRow{"RFC 8252 §7.3: another loopback port", {kLoopback}, "http://127.0.0.1:51004/cb?x=1", {}},
        TargetRow{"RFC 8252 §7.3: no loopback port", {kLoopback}, "http://127.0.0.1/cb?x=1", {}},
        TargetRow{"RFC 8252 §7.3: registered without a port", {"http://127.0.0.1/cb"}, "http://127.0.0.1:1/cb", {}},
        TargetRow{"RFC 8252 §7.3: the IPv6 loopback", {"http://[::1]/cb"}, "http://[::1]:65535/cb", {}},
        TargetRow{"loopback: another path", {kLoopback}, "http://127.0.0.1:1/other?x=1", kForeign},
        TargetRow{"loopback: another query (CVE-2020-15233)", {kLoopback}, "http://127.0.0.1:1/cb?x=2", kForeign},
        TargetRow{"loopback: no query", {kLoopback}, "http://127.0.0.1:1/cb", kForeign},
        TargetRow{"loopback: a user name", {"http://127.0.0.1/cb"}, "http://127.0.0.1:80@evil.example/cb", kForeign},
        TargetRow{"loopback: the registration's bytes as a user name",
                  {"http://127.0.0.1"},
                  "http://127.0.0.1@evil.example",
                  kForeign},
        TargetRow{"loopback: another host that begins alike",
                  {"http://127.0.0.1"},
                  "http://127.0.0.1.evil.example",
                  kForeign},
        TargetRow{"loopback: an empty port", {"http://127.0.0.1/cb"}, "http://127.0.0.1:/cb", kForeign},
        TargetRow{"loopback: a port that is none", {"http://127.0.0.1/cb"}, "http://127.0.0.1:65536/cb", kForeign},
        TargetRow{"loopback: a port of zero", {"http://127.0.0.1/cb"}, "http://127.0.0.1:0/cb", kForeign},
        TargetRow{"loopback: a signed port", {"http://127.0.0.1/cb"}, "http://127.0.0.1:+80/cb", kForeign},
        TargetRow{"loopback: the other family", {"http://127.0.0.1/cb"}, "http://[::1]/cb", kForeign},
        TargetRow{"loopback: https keeps its port", {"https://127.0.0.1/cb"}, "https://127.0.0.1:8443/cb", kForeign},
        TargetRow{"localhost is compared exactly", {"http://localhost:8080/cb"}, "http://localhost:8081/cb", kForeign},
        TargetRow{"localhost is not 127.0.0.1", {"http://127.0.0.1/cb"}, "http://localhost/cb", kForeign},
        TargetRow{"127.0.0.2 keeps its port", {"http://127.0.0.2:1/cb"}, "http://127.0.0.2:2/cb", kForeign},
        TargetRow{"RFC 8252 §7.1: a private-use scheme", {"com.example.app:/cb"}, "com.example.app:/cb", {}}));

TEST(AuthorizationRequestTest, ClientIdIsNeededBeforeAnythingElse) {
  for (const std::optional<std::string>& id : {std::optional<std::string>(), std::optional<std::string>("")}) {
    const auto found = find_client_id(changed(seed_query(), {{"client_id", id}}));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, UnredirectableError::Kind::missing_client_id);
  }
}

TEST(AuthorizationRequestTest, StateIsKeptByteForByteAlsoWhenEmpty) {
  for (const std::string& state : {std::string(), std::string("x"), std::string("\0\xff\r\n&=+% \"", 10)}) {
    const auto where = check_redirect_uri(changed(seed_query(), {{"state", state}}), plugin_client());
    ASSERT_TRUE(where);
    ASSERT_TRUE(where->state);
    EXPECT_EQ(where->state->value(), state);
  }
}

struct RequestRow {
  std::string_view sentence;
  std::vector<Change> changes;
  std::optional<ErrorCode> error;
};
class Requests : public testing::TestWithParam<RequestRow> {};
TEST_P(Requests, OfAPluginAreChecked) {
  const auto request = check_authorization_request(changed(seed_query(), GetParam().changes), plugin_client(), target(),
                                                   one_resource(), {});
  ASSERT_EQ(request.has_value(), !GetParam().error) << GetParam().sentence;
  if (!request) {
    EXPECT_EQ(request.error().error.code, *GetParam().error) << GetParam().sentence;
    EXPECT_EQ(request.error().target.state, State("s")) << GetParam().sentence;
  }
}
// RFC 6749 §4.1.1: what such a request must, may and must not hold.
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section411, Requests,
    testing::Values(
        RequestRow{"§3.1.1: response_type is required", {{"response_type", {}}}, ErrorCode::invalid_request},
        RequestRow{
            "§3.1: an empty response_type counts as omitted", {{"response_type", ""}}, ErrorCode::invalid_request},
        RequestRow{"RFC 9700 §2.1.2: token", {{"response_type", "token"}}, ErrorCode::unsupported_response_type},
        RequestRow{"§3.1.1: code token", {{"response_type", "code token"}}, ErrorCode::unsupported_response_type},
        RequestRow{"§3.1.1: the case matters", {{"response_type", "CODE"}}, ErrorCode::unsupported_response_type},
        RequestRow{"§3.3: an absent scope is the client's own", {{"scope", {}}}, {}},
        RequestRow{"§3.3: a narrower scope", {{"scope", "todo.read"}}, {}},
        RequestRow{"§3.3: an unknown scope", {{"scope", "todo.read admin"}}, ErrorCode::invalid_scope},
        RequestRow{"§3.3: parted by commas", {{"scope", "todo.read,todo.write"}}, ErrorCode::invalid_scope},
        RequestRow{"§3.3: a forbidden character", {{"scope", "todo.read\n"}}, ErrorCode::invalid_scope},
        RequestRow{"RFC 7636: a challenge", {{"code_challenge", kChallenge}, {"code_challenge_method", "S256"}}, {}},
        RequestRow{
            "RFC 7636: a challenge without method", {{"code_challenge", kChallenge}}, ErrorCode::invalid_request},
        RequestRow{"RFC 7636: plain",
                   {{"code_challenge", kVerifier}, {"code_challenge_method", "plain"}},
                   ErrorCode::invalid_request},
        RequestRow{"RFC 8707 §2: our resource", {{"resource", "https://api.example"}}, {}},
        RequestRow{"RFC 8707 §2: our resource with a slash", {{"resource", "https://api.example/"}}, {}},
        RequestRow{"RFC 8707 §2: another resource", {{"resource", "https://other.example"}}, ErrorCode::invalid_target},
        RequestRow{
            "RFC 8707 §2: two slashes are another", {{"resource", "https://api.example//"}}, ErrorCode::invalid_target},
        // OpenID Connect Core §6.1, §6.2: each has an error of its own.
        RequestRow{"RFC 9101: a request object", {{"request", "e30."}}, ErrorCode::request_not_supported},
        RequestRow{"RFC 9101: a request object to fetch",
                   {{"request_uri", "https://evil.example"}},
                   ErrorCode::request_uri_not_supported},
        RequestRow{"§3.1: an empty request counts as omitted", {{"request", ""}}, {}},
        RequestRow{"§3.1: an empty request_uri counts as omitted", {{"request_uri", ""}}, {}},
        RequestRow{"§3.1: unknown parameters are ignored", {{"prompt", "login"}, {"x", "y"}}, {}}));

/// RFC 9700 §2.1.1, RFC 8252 §8.1: also where a registration says otherwise.
TEST(AuthorizationRequestTest, Rfc9700Section211PkceIsRequiredOfEveryPublicClient) {
  Client lenient_public = public_client();
  lenient_public.pkce = PkcePolicy::optional;
  Client strict_confidential = plugin_client();
  strict_confidential.pkce = PkcePolicy::required;
  for (const Client& client : {public_client(), lenient_public, strict_confidential}) {
    const auto request = check_authorization_request(seed_query(), client, target(), one_resource(), {});
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().error.code, ErrorCode::invalid_request);
    EXPECT_TRUE(request.error().error.description.starts_with("PKCE is required")) << request.error().error.description;
    const Form with_challenge =
        changed(seed_query(), {{"code_challenge", kChallenge}, {"code_challenge_method", "S256"}});
    const auto proven = check_authorization_request(with_challenge, client, target(), one_resource(), {});
    ASSERT_TRUE(proven);
    EXPECT_EQ(proven->code_challenge, CodeChallenge{kChallenge});
  }
}

TEST(AuthorizationRequestTest, AClientNotRegisteredForTheGrantIsUnauthorized) {
  Client client = plugin_client();
  client.grant_types = {GrantType::client_credentials};
  const auto request = check_authorization_request(seed_query(), client, target(), one_resource(), {});
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().error.code, ErrorCode::unauthorized_client);
}

TEST(AuthorizationRequestTest, TheErrorNamesTheForeignScope) {
  const auto request = check_authorization_request(changed(seed_query(), {{"scope", "todo.read admin"}}),
                                                   plugin_client(), target(), one_resource(), {});
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().error.description,
            "The scope 'admin' is unknown or not allowed. Allowed: todo.read todo.write.");
}

}  // namespace
}  // namespace chatelaine::oauth
