#include "base/uri.hpp"

#include <gtest/gtest.h>

namespace chatelaine {
namespace {

struct GoodRow {
  std::string_view text;
  std::string origin;
  std::string host;
  std::uint16_t port;
  bool has_port;
  std::string path;
};
class HttpUrls : public testing::TestWithParam<GoodRow> {};
TEST_P(HttpUrls, AreReadIntoParts) {
  const auto& row = GetParam();
  const auto url = parse_http_url(row.text);
  ASSERT_TRUE(url) << row.text << ' ' << url.error();
  EXPECT_EQ(url->text, row.text);
  EXPECT_EQ(url->origin(), row.origin) << row.text;
  EXPECT_EQ(url->host, row.host) << row.text;
  EXPECT_EQ(url->port, row.port) << row.text;
  EXPECT_EQ(url->has_port, row.has_port) << row.text;
  EXPECT_EQ(url->path, row.path) << row.text;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc3986, HttpUrls,
    testing::Values(GoodRow{"https://example.com", "https://example.com", "example.com", 443, false, ""},
                    GoodRow{"HTTPS://Example.COM/A%2fb", "https://example.com", "example.com", 443, false, "/A%2fb"},
                    GoodRow{"http://127.0.0.1:8080/x", "http://127.0.0.1:8080", "127.0.0.1", 8080, true, "/x"},
                    GoodRow{"https://example.com:443/", "https://example.com", "example.com", 443, true, "/"},
                    GoodRow{"http://example.com:443/", "http://example.com:443", "example.com", 443, true, "/"},
                    GoodRow{"https://example.com:/", "https://example.com", "example.com", 443, false, "/"},
                    GoodRow{"http://[::1]:9000/cb", "http://[::1]:9000", "::1", 9000, true, "/cb"},
                    GoodRow{"https://[2001:DB8::1]", "https://[2001:db8::1]", "2001:db8::1", 443, false, ""},
                    GoodRow{"https://example.com:65535", "https://example.com:65535", "example.com", 65535, true, ""}));

TEST(HttpUrlTest, AHostThatBeginsLikeAnAddressIsReadWhole) {
  const auto url = parse_http_url("http://127.0.0.1.evil.example/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "127.0.0.1.evil.example");
  EXPECT_EQ(url->path, "/x");
  EXPECT_EQ(url->origin(), "http://127.0.0.1.evil.example");
  const auto resolved = resolve_url(*url, "/y");
  EXPECT_TRUE(!resolved || resolved->host == url->host) << resolved->text;
  const auto foreign = resolve_url(*parse_http_url("https://a.example/"), "//127.0.0.1.evil.example/");
  EXPECT_TRUE(!foreign || foreign->host == "127.0.0.1.evil.example") << foreign->text;
}

TEST(HttpUrlTest, NamesItsQueryFragmentAndUserinfo) {
  const auto url = parse_http_url("https://user:pw@example.com/p?a=b%20c#f");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->has_userinfo);
  EXPECT_EQ(url->host, "example.com");
  EXPECT_EQ(url->query, "a=b%20c");
  EXPECT_EQ(url->fragment, "f");
  const auto bare = parse_http_url("https://example.com/?#");
  ASSERT_TRUE(bare);
  EXPECT_TRUE(bare->has_query);
  EXPECT_TRUE(bare->has_fragment);
  EXPECT_FALSE(bare->has_userinfo);
}

TEST(HttpUrlTest, RefusesWhatIsNone) {
  for (const std::string_view bad : {"",
                                     "example.com",
                                     "/path",
                                     "//example.com",
                                     "ftp://example.com",
                                     "javascript:alert(1)",
                                     "https:",
                                     "https://",
                                     "https:///x",
                                     "https://:443",
                                     "https://example.com:0",
                                     "https://example.com:65536",
                                     "https://example.com:99999999",
                                     "https://example.com:99999/cb",
                                     "https://a@b@c.example",
                                     "https://[::1]x/",
                                     "https://a.example:1:2",
                                     "https://example.com:-1",
                                     "https://exam ple.com",
                                     "https://example.com/a b",
                                     "https://ex%61mple.com",
                                     "https://example.com\\@evil",
                                     "https://[::1",
                                     "https://[zz]",
                                     "https://example.com/%zz",
                                     " https://example.com",
                                     "https://example.com\n"}) {
    EXPECT_FALSE(parse_http_url(bad)) << bad;
  }
}

TEST(ResolveTest, Rfc3986Section5) {
  const HttpUrl base = *parse_http_url("https://example.com/.well-known/ai-plugin.json");
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"openapi.yaml", "https://example.com/.well-known/openapi.yaml"},
      {"/openapi.yaml", "https://example.com/openapi.yaml"},
      {"../openapi.yaml", "https://example.com/openapi.yaml"},
      {"//other.example/x", "https://other.example/x"},
      {"http://other.example/x", "http://other.example/x"},
      {"?v=1", "https://example.com/.well-known/ai-plugin.json?v=1"}};
  for (const auto& [reference, resolved] : rows) {
    const auto url = resolve_url(base, reference);
    ASSERT_TRUE(url) << reference;
    EXPECT_EQ(url->text, resolved) << reference;
  }
  EXPECT_FALSE(resolve_url(base, "javascript:alert(1)"));
  EXPECT_FALSE(resolve_url(base, "a b"));
}

TEST(AppendQueryTest, KeepsWhatIsThere) {
  EXPECT_EQ(append_query("https://a.example", "x=1"), "https://a.example?x=1");
  EXPECT_EQ(append_query("https://a.example/?y=2", "x=1"), "https://a.example/?y=2&x=1");
  EXPECT_EQ(append_query("https://a.example/?", "x=1"), "https://a.example/?x=1");
  EXPECT_EQ(append_query("https://a.example/?y&", "x=1"), "https://a.example/?y&x=1");
  EXPECT_EQ(append_query("https://a.example/#f", "x=1"), "https://a.example/?x=1#f");
  EXPECT_EQ(append_query("https://a.example/#f?", "x=1"), "https://a.example/?x=1#f?");
  EXPECT_EQ(append_query("https://a.example/", ""), "https://a.example/");
}

TEST(LoopbackTest, IsKnownBySpelling) {
  for (const std::string_view host : {"localhost", "127.0.0.1", "127.255.0.3", "::1"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const std::string_view host : {"", "example.com", "128.0.0.1", "127.0.0.1.example", "127.1", "0.0.0.0", "::2"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

/// RFC 3986 §4.3: no relative reference, and no fragment, which is not part of such a URI.
TEST(AbsoluteUriTest, Rfc3986Section43) {
  for (const char* text : {"https://api.example", "https://api.example/v1/?a=b", "http://127.0.0.1:8080/mcp",
                           "urn:example:api", "com.example.app:/x", "HTTPS://api.example/"}) {
    EXPECT_TRUE(is_absolute_uri(text)) << text;
  }
  for (const char* text : {"", "api", "/v1", "//api.example", "https://api.example#x", "urn:example:api#",
                           "https:", "https:/api.example", "https://", "https://api.example/a b", "1a:b", "urn:%zz",
                           ":b", "https://\xc3\xa4.example", "https://api.example:99999"}) {
    EXPECT_FALSE(is_absolute_uri(text)) << text;
  }
}

}  // namespace
}  // namespace chatelaine
