#include "oauth/vocabulary.hpp"

#include <gtest/gtest.h>

#include "oauth/grants/grant.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::oauth {
namespace {

TEST(VocabularyTest, EveryNameReadsBack) {
  for (const auto grant_type : kGrantTypes) {
    EXPECT_EQ(parse_grant_type(to_string(grant_type)), grant_type);
    EXPECT_EQ(parse_grant_type_name(to_string(grant_type)), grant_type);
    EXPECT_EQ(parse_grant_type_name(short_name(grant_type)), grant_type);
  }
  for (const auto method : kAuthenticationMethods) {
    EXPECT_EQ(parse_authentication_method(to_string(method)), method) << "RFC 7591 §2";
  }
  for (const std::string_view unknown : {"", "Authorization_code", "password", "authorization_code "}) {
    EXPECT_FALSE(parse_grant_type(unknown)) << unknown;
    EXPECT_FALSE(parse_grant_type_name(unknown)) << unknown;
  }
  EXPECT_EQ(short_name(GrantType::refresh_token), "refresh_token");
  EXPECT_EQ(short_name(GrantType::device_code), "device_code") << "RFC 6749 §4.5, RFC 6755 §3: without the URN's start";
  EXPECT_FALSE(parse_grant_type("device_code")) << "RFC 8628 §3.4: on the wire the URN alone";
  EXPECT_FALSE(parse_authentication_method("client_secret_jwt"));
  EXPECT_EQ(to_string(RevocationReason::refresh_token_stolen), "refresh_token_stolen");
}

TEST(OAuthErrorTest, HasTheStatusOfItsRfc) {
  EXPECT_EQ(http_status(ErrorCode::invalid_client), 401) << "RFC 6749 §5.2";
  EXPECT_EQ(http_status(ErrorCode::invalid_token), 401) << "RFC 6750 §3.1";
  EXPECT_EQ(http_status(ErrorCode::insufficient_scope), 403) << "RFC 6750 §3.1";
  EXPECT_EQ(http_status(ErrorCode::invalid_grant), 400) << "RFC 6749 §5.2";
  for (const auto code : {ErrorCode::authorization_pending, ErrorCode::slow_down, ErrorCode::expired_token}) {
    EXPECT_EQ(http_status(code), 400) << "RFC 8628 §3.5: " << to_string(code);
  }
  EXPECT_EQ(http_status(ErrorCode::server_error), 500);
  EXPECT_EQ(http_status(ErrorCode::temporarily_unavailable), 503);
}

TEST(OAuthErrorTest, Rfc6749Section52DescriptionsHoldPrintableAsciiWithoutQuotesAndBackslashes) {
  const OAuthError error = refuse(ErrorCode::invalid_scope, "a\"b\\c\r\n\x7f\xc3\xa9~", "detail").error();
  EXPECT_EQ(error.description, "a'b/c?????~");
  EXPECT_EQ(error.detail, "detail");
  EXPECT_EQ(to_json(error), R"({"error":"invalid_scope","error_description":"a'b/c?????~"})");
}

TEST(OAuthErrorTest, ALongDescriptionIsCut) {
  EXPECT_EQ(refuse(ErrorCode::invalid_scope, std::string(100'000, 'x')).error().description.size(), 400U);
}

struct ScopeRow {
  std::string_view sentence;
  std::string_view text;
  std::optional<std::string> canonical;
};
class Scopes : public testing::TestWithParam<ScopeRow> {};
TEST_P(Scopes, AreReadAsTheRfcSays) {
  const auto scope = Scope::parse(GetParam().text);
  ASSERT_EQ(scope.has_value(), GetParam().canonical.has_value()) << GetParam().sentence;
  if (scope) {
    EXPECT_EQ(scope->to_string(), *GetParam().canonical) << GetParam().sentence;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section33, Scopes,
    testing::Values(ScopeRow{"the empty scope", "", ""}, ScopeRow{"order does not matter", "b a", "a b"},
                    ScopeRow{"a token counts once", "a b a", "a b"}, ScopeRow{"case matters", "a A", "A a"},
                    ScopeRow{"outer and repeated blanks are forgiven", "  a   b ", "a b"},
                    ScopeRow{"a URL is a token", "https://a.example/x:read", "https://a.example/x:read"},
                    ScopeRow{"a comma is part of a token", "a,b", "a,b"},
                    ScopeRow{"a tab is no separator", "a\tb", std::nullopt},
                    ScopeRow{"no line break", "a\nb", std::nullopt}, ScopeRow{"no double quote", "a\"", std::nullopt},
                    ScopeRow{"no backslash", "a\\b", std::nullopt}, ScopeRow{"no DEL", "a\x7f", std::nullopt},
                    ScopeRow{"no character outside ASCII", "\xc3\xa9", std::nullopt},
                    ScopeRow{"no NUL", std::string_view("a\0b", 3), std::nullopt}));

TEST(ScopeTest, IsASet) {
  const Scope read = *Scope::parse("read");
  const Scope both = *Scope::parse("write read");
  EXPECT_TRUE(both.includes(read));
  EXPECT_FALSE(read.includes(both));
  EXPECT_TRUE(read.includes(Scope()));
  EXPECT_TRUE(both.contains("write"));
  EXPECT_FALSE(both.contains("wri"));
  EXPECT_EQ(both.without(read).to_string(), "write");
  EXPECT_EQ(read.united_with(*Scope::parse("admin read")).to_string(), "admin read");
  EXPECT_EQ(both.intersected_with(*Scope::parse("admin read")), read);
  EXPECT_TRUE(both.intersected_with(Scope()).empty());
  EXPECT_EQ(Scope({"b", "a", "b"}), *Scope::parse("a b"));
}

}  // namespace
}  // namespace chatelaine::oauth
