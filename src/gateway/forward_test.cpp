#include "gateway/forward.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;
using testing::ElementsAre;
using testing::IsEmpty;

struct RemovedRow {
  std::string_view name;
  std::string header;
  std::string value;
};

/// RFC 9700 §4.9.3, §4.13: neither the token, nor what poses as our own word.
TEST(Forward, WhatIsNotTheApisBusinessIsRemoved) {
  const RemovedRow rows[] = {
      {"THREATS N01: the token is for us alone", "Authorization", "Bearer abc"},
      {"the scheme does not matter", "authorization", "Basic abc"},
      {"THREATS N04: identity from outside", "Chatelaine-Subject", "admin"},
      {"THREATS N04: in lower case", "chatelaine-subject", "admin"},
      {"THREATS N04: with underscores, as CGI reads dashes", "Chatelaine_Subject", "admin"},
      {"THREATS N04: with both", "CHATELAINE-sub_ject", "admin"},
      {"THREATS N04: with a dot, as CGI reads dashes", "Chatelaine.Subject", "admin"},
      {"THREATS N04: one that we may invent later", "Chatelaine-Anything", "x"},
      {"RFC 9110 §7.6.1: Connection itself", "Connection", "close"},
      {"RFC 9110 §7.6.1: what it needs", "Keep-Alive", "5"},
      {"RFC 9110 §7.6.1: TE", "TE", "trailers"},
      {"RFC 9110 §7.6.1: Upgrade", "Upgrade", "h2c"},
      {"RFC 9110 §11.7.1: credentials for a proxy", "Proxy-Authorization", "Basic abc"},
      {"with underscores", "Proxy_Authorization", "Basic abc"},
      {"what CGI makes HTTP_PROXY of", "Proxy", "http://evil.example"},
      {"framing with underscores", "Transfer_Encoding", "chunked"},
      {"what one connection needs, with underscores", "Keep_Alive", "5"},
      {"an upgrade's settings, with underscores", "HTTP2_Settings", "x"},
      {"framing is made anew", "Content-Length", "5"},
      {"framing is made anew", "Transfer-Encoding", "chunked"},
      {"the upstream has its own name", "Host", "todo.example.com"},
      {"Expect was answered by us", "Expect", "100-continue"},
      {"RFC 7239: what the client says of itself", "Forwarded", "for=127.0.0.1"},
      {"the client's own idea of its address", "X-Real-IP", "127.0.0.1"},
      {"and of the prefix", "X-Forwarded-Prefix", "/admin"},
      {"and of the port, with underscores", "X_Forwarded_Port", "1"},
      {"another method than the one that was judged", "X-HTTP-Method-Override", "DELETE"},
      {"another path than the one that was judged", "X-Original-URL", "/admin"},
      {"another path than the one that was judged", "X-Rewrite-URL", "/admin"},
      {"what names a call to a check behind this one", "X-Original-URI", "/admin"},
      {"in the other spelling", "X-Forwarded-Uri", "/admin"},
      {"the longest name that is known", "X_Http_Method.Override", "DELETE"},
      {"a cookie of ours alone", "Cookie", "__Host-chatelaine=secret"},
  };
  for (const RemovedRow& row : rows) {
    SCOPED_TRACE(row.name);
    const GatewaySettings settings = make_settings();
    FakeRequest request("GET", "/todos");
    request.header("Accept", "text/plain").header(row.header, row.value);
    ForwardedHeaders headers(request.get(), settings);
    const auto sent = headers.take();
    EXPECT_THAT(values_of(sent, row.header), IsEmpty());
    EXPECT_THAT(values_of(sent, "Accept"), ElementsAre("text/plain"));
  }
}

TEST(Forward, OrdinaryHeadersPassInTheirOrder) {
  const GatewaySettings settings = make_settings();
  FakeRequest request("POST", "/todos");
  request.header("Content-Type", "application/json").header("X-A", "1").header("x-a", "2").header("Accept", "*/*");
  request.header("openai-conversation-id", "c1").header("Origin", "https://chat.example.com");
  // As long as the longest name that is removed, and one that begins with it.
  request.header("X-HTTP-Method-Overridd", "1").header("X-HTTP-Method-Override2", "2");
  ForwardedHeaders headers(request.get(), settings);
  const auto sent = headers.take();
  EXPECT_THAT(values_of(sent, "Content-Type"), ElementsAre("application/json"));
  EXPECT_THAT(values_of(sent, "X-A"), ElementsAre("1", "2"));
  EXPECT_THAT(values_of(sent, "openai-conversation-id"), ElementsAre("c1"));
  EXPECT_THAT(values_of(sent, "Origin"), ElementsAre("https://chat.example.com"));
  EXPECT_THAT(values_of(sent, "X-HTTP-Method-Overridd"), ElementsAre("1"));
  EXPECT_THAT(values_of(sent, "X-HTTP-Method-Override2"), ElementsAre("2"));
}

TEST(Forward, WhatProxiesSayComesFromConfigurationAndPeer) {
  const GatewaySettings settings = make_settings();
  FakeRequest request("GET", "/todos");
  request.header("X-Forwarded-For", "127.0.0.1")
      .header("X-Forwarded-Host", "evil.example")
      .header("X_Forwarded_Proto", "http");
  ForwardedHeaders headers(request.get(), settings);
  const auto sent = headers.take();
  EXPECT_THAT(values_of(sent, "X-Forwarded-For"), ElementsAre("203.0.113.9"));
  EXPECT_THAT(values_of(sent, "X-Forwarded-Host"), ElementsAre("todo.example.com"));
  EXPECT_THAT(values_of(sent, "X-Forwarded-Proto"), ElementsAre("https"));
  EXPECT_THAT(values_of(sent, "X_Forwarded_Proto"), IsEmpty());
}

TEST(Forward, ConnectionCannotTakeIdentityOff) {
  // THREATS N07: identity is added after the hop-by-hop headers are gone.
  const GatewaySettings settings = make_settings();
  FakeRequest request("GET", "/todos");
  request.header("Connection", "close, Chatelaine-Subject, X-Forwarded-For, X-Hop").header("X-Hop", "1");
  ForwardedHeaders headers(request.get(), settings);
  headers.add_identity(std::make_shared<const Identity>(make_identity(make_token({"read"}), "a.b.c")));
  const auto sent = headers.take();
  EXPECT_THAT(values_of(sent, "Chatelaine-Subject"), ElementsAre("user-1"));
  EXPECT_THAT(values_of(sent, "X-Forwarded-For"), ElementsAre("203.0.113.9"));
  EXPECT_THAT(values_of(sent, "X-Hop"), IsEmpty());
}

struct CookieRow {
  std::string_view name;
  std::string sent;
  std::vector<std::string> passed;
};

TEST(Forward, CookiesOfOursAreTakenOutAndOthersKept) {
  // RFC 6265 §4.2.1: pairs, separated by a semicolon and a blank.
  const CookieRow rows[] = {
      {"others pass", "a=1; b=2", {"a=1; b=2"}},
      {"ours in the middle", "a=1; __Host-chatelaine=s; b=2", {"a=1; b=2"}},
      {"ours first, without a blank", "__Host-csrf=t;a=1", {"a=1"}},
      {"ours twice", "__Host-chatelaine=s; __Host-chatelaine=t", {}},
      {"blanks before the equals sign", "__Host-chatelaine =s; a=1", {"a=1"}},
      {"a name that only begins like ours", "__Host-chatelaine2=s", {"__Host-chatelaine2=s"}},
      {"a value that looks like ours", "a=__Host-chatelaine", {"a=__Host-chatelaine"}},
      {"empty pairs", ";; a=1 ;", {"a=1"}},
  };
  for (const CookieRow& row : rows) {
    SCOPED_TRACE(row.name);
    const GatewaySettings settings = make_settings();
    FakeRequest request("GET", "/todos");
    request.header("Cookie", row.sent);
    ForwardedHeaders headers(request.get(), settings);
    EXPECT_EQ(values_of(headers.take(), "cookie"), row.passed);
  }
}

TEST(Forward, IdentityIsWrittenHeaderByHeader) {
  const GatewaySettings settings = make_settings();
  FakeRequest request("GET", "/todos");
  ForwardedHeaders headers(request.get(), settings);
  headers.add_identity(std::make_shared<const Identity>(Identity{"user-1", "client-1", "read write", "", "a.b.c"}));
  const auto sent = headers.take();
  EXPECT_THAT(values_of(sent, "Chatelaine-Subject"), ElementsAre("user-1"));
  EXPECT_THAT(values_of(sent, "Chatelaine-Client"), ElementsAre("client-1"));
  EXPECT_THAT(values_of(sent, "Chatelaine-Scope"), ElementsAre("read write"));
  EXPECT_THAT(values_of(sent, "Chatelaine-Grant"), IsEmpty());
  EXPECT_THAT(values_of(sent, "Chatelaine-Assertion"), ElementsAre("a.b.c"));
}

TEST(Forward, UpstreamCookiesOfOurNamesAreDropped) {
  net::Response response;
  response.add_header("Set-Cookie", "__Host-chatelaine=forged; Path=/");
  response.add_header("set-cookie", "a=1; Path=/");
  response.add_header("Set-Cookie", "__Host-csrf");
  response.add_header("Set-Cookie", "=__Host-chatelaine=forged; Path=/");
  response.add_header("Set-Cookie", " = __Host-csrf =forged");
  response.add_header("Chatelaine-Note", "stays");
  remove_own_cookies(response, make_settings().own_cookie_names);
  EXPECT_THAT(values_of(response.headers, "Set-Cookie"), ElementsAre("a=1; Path=/"));
  EXPECT_THAT(values_of(response.headers, "Chatelaine-Note"), ElementsAre("stays"));
}

TEST(Forward, AuthorisedAnswersAreNotForSharedCaches) {
  net::Response plain;
  forbid_shared_caching(plain);
  EXPECT_THAT(values_of(plain.headers, "Cache-Control"), ElementsAre("private"));
  EXPECT_THAT(values_of(plain.headers, "Vary"), ElementsAre("Authorization"));

  net::Response own;
  own.add_header("cache-control", "no-store").add_header("Vary", "Accept");
  forbid_shared_caching(own);
  EXPECT_THAT(values_of(own.headers, "Cache-Control"), ElementsAre("no-store"));
  EXPECT_THAT(values_of(own.headers, "Vary"), ElementsAre("Accept", "Authorization"));
}

}  // namespace
}  // namespace chatelaine::gateway
