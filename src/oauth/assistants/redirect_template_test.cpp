#include "oauth/assistants/redirect_template.hpp"

#include <gtest/gtest.h>

namespace chatelaine::oauth {
namespace {

RedirectTemplate make(std::string_view text) {
  auto parsed = RedirectTemplate::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error());
  return *parsed;
}

/// What no open part could hold.
constexpr std::string_view kNoFit = "no fit";

struct MatchRow {
  std::string_view name;
  std::string_view uri;
  /// kNoFit where it does not fit.
  std::string_view value;
};

void expect_matches(std::string_view text, std::span<const MatchRow> rows) {
  const RedirectTemplate parsed = make(text);
  for (const MatchRow& row : rows)
    EXPECT_EQ(parsed.match(row.uri).value_or(std::string(kNoFit)), row.value)
        << text << ": " << row.name << ": " << row.uri;
}

/// THREATS §1, RFC 9700 §4.1.3: the whole URI is compared, and nothing is decoded, folded or resolved before.
TEST(RedirectTemplate, FitsBySegmentAndByteAlone) {
  const MatchRow rows[] = {
      {"the id of a GPT", "https://chat.openai.com/aip/g-0a1B2c/oauth/callback", "0a1B2c"},
      {"one character", "https://chat.openai.com/aip/g-x/oauth/callback", "x"},
      {"RFC 3986 §2.3: every unreserved character", "https://chat.openai.com/aip/g-aZ09-._~/oauth/callback",
       "aZ09-._~"},
      {"dots beside a letter are no dot segment", "https://chat.openai.com/aip/g-../oauth/callback", ".."},
      {"no id", "https://chat.openai.com/aip/g-/oauth/callback", kNoFit},
      {"nothing", "", kNoFit},
      {"the template itself", "https://chat.openai.com/aip/g-{id}/oauth/callback", kNoFit},
      {"its beginning", "https://chat.openai.com/aip/g-", kNoFit},
      {"a slash at its end", "https://chat.openai.com/aip/g-x/oauth/callback/", kNoFit},
      {"a segment more at its end", "https://chat.openai.com/aip/g-x/oauth/callback/x", kNoFit},
      {"a segment more within", "https://chat.openai.com/aip/g-x/y/oauth/callback", kNoFit},
      {"an empty segment", "https://chat.openai.com/aip/g-x//oauth/callback", kNoFit},
      {"a segment less", "https://chat.openai.com/g-x/oauth/callback", kNoFit},
      {"letters behind", "https://chat.openai.com/aip/g-x/oauth/callbackx", kNoFit},
      {"RFC 3986 §5.2.4: up again", "https://chat.openai.com/aip/g-x/oauth/callback/../x", kNoFit},
      {"up and back", "https://chat.openai.com/aip/g-x/../g-x/oauth/callback", kNoFit},
      {"down from elsewhere", "https://chat.openai.com/aip/../aip/g-x/oauth/callback", kNoFit},
      {"a dot segment", "https://chat.openai.com/./aip/g-x/oauth/callback", kNoFit},
      {"parameters of a segment", "https://chat.openai.com/aip/g-x/..;/oauth/callback", kNoFit},
      {"an escaped slash", "https://chat.openai.com/aip/g-x%2fy/oauth/callback", kNoFit},
      {"an escaped letter, which would be the same one", "https://chat.openai.com/aip/g-%78/oauth/callback", kNoFit},
      {"an escaped literal", "https://chat.openai.com/aip/g-x/oauth/%63allback", kNoFit},
      {"a backslash, which browsers take for a slash", "https://chat.openai.com/aip/g-x\\oauth\\callback", kNoFit},
      {"a query", "https://chat.openai.com/aip/g-x/oauth/callback?a", kNoFit},
      {"an empty query", "https://chat.openai.com/aip/g-x/oauth/callback?", kNoFit},
      {"a query in the id", "https://chat.openai.com/aip/g-x?/oauth/callback", kNoFit},
      {"a fragment", "https://chat.openai.com/aip/g-x/oauth/callback#", kNoFit},
      {"a fragment in the id", "https://chat.openai.com/aip/g-x#/oauth/callback", kNoFit},
      {"another scheme", "http://chat.openai.com/aip/g-x/oauth/callback", kNoFit},
      {"the scheme in capitals", "HTTPS://chat.openai.com/aip/g-x/oauth/callback", kNoFit},
      {"the host in capitals", "https://Chat.OpenAI.com/aip/g-x/oauth/callback", kNoFit},
      {"the path in capitals", "https://chat.openai.com/AIP/g-x/oauth/callback", kNoFit},
      {"a host that ends in it", "https://evil-chat.openai.com/aip/g-x/oauth/callback", kNoFit},
      {"a host that begins with it", "https://chat.openai.com.evil.example/aip/g-x/oauth/callback", kNoFit},
      {"a dot behind the host", "https://chat.openai.com./aip/g-x/oauth/callback", kNoFit},
      {"user information", "https://user@chat.openai.com/aip/g-x/oauth/callback", kNoFit},
      {"the host as user information", "https://chat.openai.com@evil.example/aip/g-x/oauth/callback", kNoFit},
      {"the whole of it elsewhere", "https://evil.example/https://chat.openai.com/aip/g-x/oauth/callback", kNoFit},
      {"a port", "https://chat.openai.com:8443/aip/g-x/oauth/callback", kNoFit},
      {"the default port, written", "https://chat.openai.com:443/aip/g-x/oauth/callback", kNoFit},
      {"a blank before", " https://chat.openai.com/aip/g-x/oauth/callback", kNoFit},
      {"a line break in the id", "https://chat.openai.com/aip/g-x\n/oauth/callback", kNoFit},
      {"a zero byte behind", std::string_view("https://chat.openai.com/aip/g-x/oauth/callback\0", 47), kNoFit},
      {"letters beyond ASCII", "https://chat.openai.com/aip/g-é/oauth/callback", kNoFit},
      {"sub-delimiters", "https://chat.openai.com/aip/g-a+b/oauth/callback", kNoFit},
  };
  expect_matches("https://chat.openai.com/aip/g-{id}/oauth/callback", rows);
}

TEST(RedirectTemplate, ASegmentThatIsAllOpenIsNoDotSegment) {
  const MatchRow rows[] = {
      {"an id", "https://chatgpt.com/connector/oauth/Ab-1", "Ab-1"},
      {"three dots are a name", "https://chatgpt.com/connector/oauth/...", "..."},
      {"a dot segment", "https://chatgpt.com/connector/oauth/.", kNoFit},
      {"two dots", "https://chatgpt.com/connector/oauth/..", kNoFit},
      {"nothing", "https://chatgpt.com/connector/oauth/", kNoFit},
  };
  expect_matches("https://chatgpt.com/connector/oauth/{callback_id}", rows);
}

TEST(RedirectTemplate, WithoutAnOpenPartIsItselfAlone) {
  const MatchRow rows[] = {
      {"itself", "https://claude.ai/api/mcp/auth_callback", ""},
      {"a byte more", "https://claude.ai/api/mcp/auth_callback/", kNoFit},
      {"a byte less", "https://claude.ai/api/mcp/auth_callbac", kNoFit},
      {"another case", "https://claude.ai/api/MCP/auth_callback", kNoFit},
  };
  expect_matches("https://claude.ai/api/mcp/auth_callback", rows);
}

/// RFC 8252 §7.3.
TEST(RedirectTemplate, ALoopbackPortIsFree) {
  const MatchRow rows[] = {
      {"a port", "http://127.0.0.1:51004/callback", "51004"},
      {"none", "http://127.0.0.1/callback", ""},
      {"the largest", "http://127.0.0.1:65535/callback", "65535"},
      {"one too large", "http://127.0.0.1:65536/callback", kNoFit},
      {"zero", "http://127.0.0.1:0/callback", kNoFit},
      {"a zero in front", "http://127.0.0.1:080/callback", kNoFit},
      {"an empty port", "http://127.0.0.1:/callback", kNoFit},
      {"two ports", "http://127.0.0.1:1:2/callback", kNoFit},
      {"no number", "http://127.0.0.1:x/callback", kNoFit},
      {"another path", "http://127.0.0.1:1/other", kNoFit},
      {"a query", "http://127.0.0.1:1/callback?x", kNoFit},
      {"RFC 8252 §8.3: another name for it", "http://localhost:1/callback", kNoFit},
      {"another loopback address", "http://127.0.0.2:1/callback", kNoFit},
      {"the address in another notation", "http://127.1:1/callback", kNoFit},
      {"with TLS", "https://127.0.0.1:1/callback", kNoFit},
      {"a host that begins so", "http://127.0.0.1.evil.example/callback", kNoFit},
      {"user information", "http://127.0.0.1:1@evil.example/callback", kNoFit},
      {"a path before it", "http://127.0.0.1:1/x/callback", kNoFit},
  };
  expect_matches("http://127.0.0.1:{port}/callback", rows);
  const MatchRow localhost[] = {
      {"a port", "http://localhost:3118/callback", "3118"},
      {"none", "http://localhost/callback", ""},
      {"a host that begins so", "http://localhost.evil.example/callback", kNoFit},
      {"a zero in front", "http://localhost:01/callback", kNoFit},
  };
  expect_matches("http://localhost:{port}/callback", localhost);
  const MatchRow root[] = {{"a path that is its root", "http://[::1]:7/", "7"}, {"no path", "http://[::1]:7", kNoFit}};
  expect_matches("http://[::1]:{port}/", root);
}

TEST(RedirectTemplate, AnOpenHostIsAHostInItsOneSpelling) {
  const MatchRow rows[] = {
      {"a domain", "https://bots.example.com/api/oauth/authorization_code", "bots.example.com"},
      {"with a port", "https://bots.example.com:8443/api/oauth/authorization_code", "bots.example.com:8443"},
      {"the default port, written", "https://bots.example.com:443/api/oauth/authorization_code", kNoFit},
      {"an empty port", "https://bots.example.com:/api/oauth/authorization_code", kNoFit},
      {"in capitals", "https://Bots.example.com/api/oauth/authorization_code", kNoFit},
      {"user information", "https://a@bots.example.com/api/oauth/authorization_code", kNoFit},
      {"a wildcard", "https://*.example.com/api/oauth/authorization_code", kNoFit},
      {"an escape", "https://bots%2eexample.com/api/oauth/authorization_code", kNoFit},
      {"a path before it", "https://bots.example.com/x/api/oauth/authorization_code", kNoFit},
      {"no host", "https:///api/oauth/authorization_code", kNoFit},
      {"no TLS", "http://bots.example.com/api/oauth/authorization_code", kNoFit},
      {"an empty label", "https://a..b/api/oauth/authorization_code", kNoFit},
      {"dots alone", "https://../api/oauth/authorization_code", kNoFit},
      {"a dot alone", "https://./api/oauth/authorization_code", kNoFit},
      {"a hyphen alone", "https://-/api/oauth/authorization_code", kNoFit},
      {"RFC 1123 §2.1: a hyphen before", "https://-a.example/api/oauth/authorization_code", kNoFit},
      {"a hyphen behind", "https://a-.example/api/oauth/authorization_code", kNoFit},
      {"a dot behind it", "https://bots.example.com./api/oauth/authorization_code", kNoFit},
      {"127.0.0.1 to browsers", "https://127.1/api/oauth/authorization_code", kNoFit},
      {"the same as one number", "https://2130706433/api/oauth/authorization_code", kNoFit},
      {"the same in hexadecimal", "https://0x7f.1/api/oauth/authorization_code", kNoFit},
      {"a last label in hexadecimal", "https://127.0x1/api/oauth/authorization_code", kNoFit},
      {"an address", "https://192.0.2.1/api/oauth/authorization_code", kNoFit},
      {"a number that is not last", "https://7.example/api/oauth/authorization_code", "7.example"},
      {"a hyphen within", "https://my-bots.example/api/oauth/authorization_code", "my-bots.example"},
      {"a port that is none", "https://bots.example.com:65536/api/oauth/authorization_code", kNoFit},
      {"a query", "https://bots.example.com?/api/oauth/authorization_code", kNoFit},
  };
  expect_matches("https://{host}/api/oauth/authorization_code", rows);
}

TEST(RedirectTemplate, IsFilledWithWhatWouldFit) {
  const auto fill = [](std::string_view text, std::string_view value) {
    const auto uri = make(text).fill(value);
    return uri ? uri->value() : "-";
  };
  constexpr std::string_view kAction = "https://chatgpt.com/aip/g-{id}/oauth/callback";
  EXPECT_EQ(fill(kAction, "abc"), "https://chatgpt.com/aip/g-abc/oauth/callback");
  EXPECT_EQ(fill(kAction, "a/b"), "-");
  EXPECT_EQ(fill(kAction, ""), "-");
  EXPECT_EQ(fill(kAction, std::string(2000, 'x')), "-") << "no redirect URI may be so long";
  EXPECT_EQ(fill("https://chatgpt.com/connector/oauth/{callback_id}", ".."), "-");
  EXPECT_EQ(fill("http://localhost:{port}/callback", "3118"), "http://localhost:3118/callback");
  EXPECT_EQ(fill("http://localhost:{port}/callback", "99999"), "-");
  EXPECT_EQ(fill("https://{host}/cb", "bots.example.com"), "https://bots.example.com/cb");
  EXPECT_EQ(fill("https://{host}/cb", "bots.example.com/x"), "-");
  EXPECT_EQ(fill("https://{host}/cb", "a@b"), "-");
  EXPECT_EQ(fill("https://claude.ai/api/mcp/auth_callback", "x"), "-") << "nothing is open";
}

TEST(RedirectTemplate, IsCompleteWhereNothingMoreIsToBeKnown) {
  const auto complete = [](std::string_view text) {
    const auto uri = make(text).complete();
    return uri ? uri->value() : "-";
  };
  EXPECT_EQ(complete("https://claude.ai/api/mcp/auth_callback"), "https://claude.ai/api/mcp/auth_callback");
  EXPECT_EQ(complete("https://chatgpt.com/aip/g-{id}/oauth/callback"), "-");
  EXPECT_EQ(complete("https://{host}/cb"), "-");
  // RFC 8252 §7.3: on an address the port is free in requests; §8.3 advises against the name, whose port is not.
  EXPECT_EQ(complete("http://127.0.0.1:{port}/callback"), "http://127.0.0.1/callback");
  EXPECT_EQ(complete("http://[::1]:{port}/callback"), "http://[::1]/callback");
  EXPECT_EQ(complete("http://localhost:{port}/callback"), "-");
}

TEST(RedirectTemplate, RefusesWhatCouldBeReadTwoWays) {
  constexpr std::string_view kBraces = "must have one part in braces at most, such as {id}";
  constexpr std::string_view kName = "must name its open part in small letters, such as {id}";
  constexpr std::string_view kRegistrable =
      "must be a redirect URI that a client could register: https, or http on loopback";
  constexpr std::string_view kSpelling =
      "must be written as browsers write it, with a name for its host, or http and a loopback address, and a path of "
      "letters, digits, \"-\", \".\", \"_\" and \"~\", without query or fragment";
  constexpr std::string_view kPath = "must have its open part in the path; {port} and {host} alone stand before it";
  constexpr std::string_view kPort = "must have {port} behind a loopback address: http://127.0.0.1:{port}/callback";
  constexpr std::string_view kHost = "must have {host} as its whole host: https://{host}/callback";
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"", kRegistrable},
      {"a.example/cb", kRegistrable},
      {"http://a.example/cb", kRegistrable},
      {"https://u@a.example/cb", kRegistrable},
      {"https://*.a.example/cb", kRegistrable},
      {"https://a.example/cb#x", kRegistrable},
      {"javascript:{id}", kRegistrable},
      {"com.example.app:/{id}", kSpelling},
      {"https://a.example", kSpelling},
      {"https://A.example/cb", kSpelling},
      {"https://a.example:443/cb", kSpelling},
      {"https://a..example/cb", kSpelling},
      {"https://a.example./cb", kSpelling},
      {"https://-a.example/cb", kSpelling},
      {"https://2130706433/cb", kSpelling},
      {"https://192.0.2.1/cb", kSpelling},
      {"https://a.example/cb?x", kSpelling},
      {"https://a.example/a//cb", kSpelling},
      {"https://a.example/a/../cb", kSpelling},
      {"https://a.example/./cb", kSpelling},
      {"https://a.example/%63b", kSpelling},
      {"https://a.example/c+b", kSpelling},
      {"https://a.example/{id}/{id}", kBraces},
      {"https://a.example/{id", kBraces},
      {"https://a.example/id}", kBraces},
      {"https://a.example/{{id}}", kBraces},
      {"http://[::{port}]/cb", kPort},
      {"https://a.example/{}", kName},
      {"https://a.example/{Id}", kName},
      {"https://a.example/*", kSpelling},
      {"https://{id}.example/cb", kPath},
      {"https://{id}/cb", kPath},
      {"https://a.example{id}/cb", kPath},
      {"https://a.example/{host}", kHost},
      {"https://{host}.a.example/cb", kHost},
      {"https://a.{host}/cb", kHost},
      {"https://{host}:8443/cb", kHost},
      {"https://a.example:{port}/cb", kPort},
      {"https://127.0.0.1:{port}/cb", kPort},
      {"http://127.0.0.2:{port}/cb", kPort},
      {"http://127.0.0.1{port}/cb", kPort},
      {"http://127.0.0.1:1{port}/cb", kPort},
      {"http://127.0.0.1/{port}", kPort},
  };
  for (const auto& [text, error] : rows) {
    const auto parsed = RedirectTemplate::parse(text);
    EXPECT_EQ(parsed ? "taken" : parsed.error(), error) << text;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
