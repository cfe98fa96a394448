#include "oauth/tokens/token_request.hpp"

#include <gtest/gtest.h>

#include "base/form.hpp"
#include "oauth/facts_for_tests.hpp"
#include "oauth/tokens/bearer.hpp"
#include "oauth/tokens/challenge.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr std::string_view kJsonType = "application/json";

struct GoodRow {
  std::string_view sentence;
  std::string content_type;
  std::string body;
  std::string fields;
};
class ReadableBodies : public testing::TestWithParam<GoodRow> {};
TEST_P(ReadableBodies, BecomeOneForm) {
  const auto form = parse_token_request_body(GetParam().content_type, GetParam().body);
  ASSERT_TRUE(form) << GetParam().sentence << ": " << form.error().description;
  EXPECT_EQ(encode_form(*form), GetParam().fields) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section413, ReadableBodies,
    testing::Values(GoodRow{"a form", std::string(kFormType), "grant_type=authorization_code&code=a%2Bb+c",
                            "grant_type=authorization_code&code=a%2Bb%20c"},
                    // DEVIATION RFC 6749 §4.1.3: JSON too.
                    GoodRow{"the plugin document's JSON", std::string(kJsonType),
                            R"({"grant_type":"authorization_code","code":"a+b"})",
                            "grant_type=authorization_code&code=a%2Bb"},
                    GoodRow{"JSON escapes", "application/json", R"({"code":"\u0061\n"})", "code=a%0A"},
                    GoodRow{"charset=UTF-8", "application/json; charset=UTF-8", "{}", ""},
                    GoodRow{"a quoted charset", "application/x-www-form-urlencoded;charset=\"utf-8\"", "a=b", "a=b"},
                    GoodRow{"the media type knows no case", "Application/JSON", "{}", ""},
                    GoodRow{"another parameter", "application/json; profile=x; charset=utf-8", "{}", ""},
                    GoodRow{"an empty form", std::string(kFormType), "", ""}));

struct BadRow {
  std::string_view sentence;
  std::optional<std::string> content_type;
  std::string body;
  std::string_view told;  ///< part of the description
};
class UnreadableBodies : public testing::TestWithParam<BadRow> {};
TEST_P(UnreadableBodies, AreInvalidRequestsWithAReason) {
  const auto form = parse_token_request_body(GetParam().content_type, GetParam().body);
  ASSERT_FALSE(form) << GetParam().sentence;
  EXPECT_EQ(form.error().code, ErrorCode::invalid_request) << GetParam().sentence;
  EXPECT_NE(form.error().description.find(GetParam().told), std::string::npos)
      << GetParam().sentence << ": " << form.error().description;
}
std::string many_members() {
  std::string body = "{";
  for (int i = 0; i < 129; ++i) body += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":"")";
  return body + "}";
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section52, UnreadableBodies,
    testing::Values(
        BadRow{"no content type", {}, "a=b", "Content-Type is missing"},
        BadRow{"an empty content type", "", "a=b", "not supported"},
        BadRow{"another content type", "text/plain", "a=b", "'text/plain' is not supported"},
        BadRow{"a type that begins alike", "application/jsonp", "{}", "not supported"},
        BadRow{"multipart", "multipart/form-data; boundary=x", "--x--", "not supported"},
        BadRow{"another charset", "application/json; charset=utf-16", "{}", "UTF-8"},
        BadRow{"two charsets", "application/json; charset=utf-8; charset=latin1", "{}", "UTF-8"},
        BadRow{"§3.2: a repeated parameter", std::string(kFormType), "code=a&code=b", "'code' appears more than once"},
        BadRow{"a repeated parameter under another spelling", std::string(kFormType), "code=a&c%6fde=b",
               "'code' appears more than once"},
        BadRow{"a stray %", std::string(kFormType), "code=%4", "'code' holds a %"},
        BadRow{"many parameters", std::string(kFormType),
               [] {
                 std::string body;
                 for (int i = 0; i < 129; ++i) body += "a" + std::to_string(i) + "=&";
                 return body;
               }(),
               "more than 128"},
        BadRow{"a repeated JSON name", std::string(kJsonType), R"({"code":"a","code":"b"})", "'code' appears twice"},
        BadRow{"a repeated JSON name under another spelling", std::string(kJsonType), R"({"code":"a","c\u006fde":"b"})",
               "'code' appears twice"},
        BadRow{"a number", std::string(kJsonType), R"({"code":1})", "'code' must be a string, not a number"},
        BadRow{"a boolean", std::string(kJsonType), R"({"code":true})", "'code' must be a string, not a boolean"},
        BadRow{"null", std::string(kJsonType), R"({"scope":null})", "'scope' must be a string, not null"},
        BadRow{"an array", std::string(kJsonType), R"({"code":["a"]})", "'code' must be a string, not an array"},
        BadRow{"an object", std::string(kJsonType), R"({"code":{}})", "'code' must be a string, not an object"},
        BadRow{"RFC 8707 §2: a resource that is no string", std::string(kJsonType), R"({"resource":["urn:a",1]})",
               "'resource' must be a string or a list of strings"},
        BadRow{"RFC 8707 §2: a list in a list", std::string(kJsonType), R"({"resource":[["urn:a"]]})",
               "'resource' must be a string or a list of strings"},
        BadRow{"RFC 8707 §2: another parameter beside several resources", std::string(kFormType),
               "resource=urn:a&code=a&resource=urn:b&code=b", "'code' appears more than once"},
        BadRow{"a JSON array", std::string(kJsonType), "[]", "must be a JSON object, not an array"},
        BadRow{"a JSON string", std::string(kJsonType), R"("a")", "must be a JSON object, not a string"},
        BadRow{"an empty body", std::string(kJsonType), "", "empty"},
        BadRow{"a form under JSON's name", std::string(kJsonType), "grant_type=x", "not readable JSON"},
        BadRow{"a trailing comma", std::string(kJsonType), R"({"code":"a",})", "trailing comma"},
        BadRow{"text after the object", std::string(kJsonType), "{} {}", "not readable JSON"},
        BadRow{"deep nesting", std::string(kJsonType), std::string(5000, '['), "nested"},
        BadRow{"invalid UTF-8", std::string(kJsonType), "{\"code\":\"\xff\"}", "not readable JSON"},
        BadRow{"JSON under the form's name", std::string(kFormType), R"({"client_secret":"s"})", "looks like JSON"},
        BadRow{"JSON under the form's name that no form could be", std::string(kFormType),
               " {\"client_secret\":\"100%\"}", "looks like JSON"},
        BadRow{"many members", std::string(kJsonType), many_members(), "more than 128"}));

/// RFC 6819 §4.6.7: what is no name may be a secret that came in the wrong place, and answers are logged.
TEST(UnreadableBodyTest, WhatIsNoNameIsNotQuoted) {
  for (const std::string& name : {std::string("\"ctl_cs_x\""), std::string("a b"), std::string(65, 'x')}) {
    for (const std::string& body : {name + "=%4", name + "=a&" + name + "=b"}) {
      const auto form = parse_token_request_body(kFormType, body);
      ASSERT_FALSE(form) << body;
      EXPECT_TRUE(form.error().description.starts_with("A parameter ")) << form.error().description;
    }
  }
  const std::string longest(64, 'x');
  EXPECT_EQ(parse_token_request_body(kFormType, longest + "=%4").error().description,
            "The parameter '" + longest + "' holds a % that two hexadecimal digits do not follow.");
}

struct GrantTypeRow {
  std::string_view sentence;
  std::optional<std::string> text;
  std::optional<ErrorCode> error;
  std::string_view told;
};
class GrantTypes : public testing::TestWithParam<GrantTypeRow> {};
TEST_P(GrantTypes, AreChecked) {
  Form form;
  if (GetParam().text) form.add("grant_type", *GetParam().text);
  const auto grant_type = check_grant_type(form, plugin_client(), Flows{});
  ASSERT_EQ(grant_type.has_value(), !GetParam().error) << GetParam().sentence;
  if (!grant_type) {
    EXPECT_EQ(grant_type.error().code, *GetParam().error) << GetParam().sentence;
    EXPECT_NE(grant_type.error().description.find(GetParam().told), std::string::npos) << GetParam().sentence;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section52, GrantTypes,
    testing::Values(
        GrantTypeRow{"authorization_code", "authorization_code", {}, ""},
        GrantTypeRow{"refresh_token", "refresh_token", {}, ""},
        GrantTypeRow{"client_credentials", "client_credentials", {}, ""},
        GrantTypeRow{"RFC 8628 §3.4: device_code", "urn:ietf:params:oauth:grant-type:device_code", {}, ""},
        GrantTypeRow{"the operator's short name", "device_code", ErrorCode::unsupported_grant_type, "'device_code'"},
        GrantTypeRow{"a missing grant_type is invalid_request", {}, ErrorCode::invalid_request, "missing"},
        GrantTypeRow{"an empty grant_type is invalid_request", "", ErrorCode::invalid_request, "missing"},
        // RFC 6749 §4.3: no password grant.
        GrantTypeRow{"RFC 9700 §2.4: password", "password", ErrorCode::unsupported_grant_type, "password grant"},
        GrantTypeRow{"RFC 9700 §2.1.2: implicit", "implicit", ErrorCode::unsupported_grant_type, "implicit grant"},
        GrantTypeRow{"the case matters", "Refresh_Token", ErrorCode::unsupported_grant_type, "Refresh_Token"},
        GrantTypeRow{"unknown", "x", ErrorCode::unsupported_grant_type, "'x'"}));

TEST(GrantTypeTest, Rfc6749Section52WhatTheClientMayNotUseIsUnauthorized) {
  for (const GrantType grant_type : kGrantTypes) {
    Form form;
    form.add("grant_type", std::string(to_string(grant_type)));
    Client client = plugin_client();
    EXPECT_EQ(check_grant_type(form, client, Flows{}), grant_type);
    std::erase(client.grant_types, grant_type);
    const auto refused = check_grant_type(form, client, Flows{});
    ASSERT_FALSE(refused) << to_string(grant_type);
    EXPECT_EQ(refused.error().code, ErrorCode::unauthorized_client) << to_string(grant_type);
    EXPECT_NE(refused.error().description.find("every grant type it shall have"), std::string::npos);
  }
}

TEST(GrantTypeTest, Rfc6749Section52WhatIsSwitchedOffIsUnsupported) {
  const auto tell = [](std::string_view text, const Flows& flows) {
    Form form;
    form.add("grant_type", std::string(text));
    const auto refused = check_grant_type(form, plugin_client(), flows);
    return refused ? std::string() : std::string(to_string(refused.error().code)) + ": " + refused.error().description;
  };
  Flows flows;
  flows.client_credentials = false;
  EXPECT_EQ(tell("client_credentials", flows),
            "unsupported_grant_type: The grant_type 'client_credentials' is not supported: use authorization_code, "
            "refresh_token or urn:ietf:params:oauth:grant-type:device_code.");
  EXPECT_EQ(tell("refresh_token", flows), "");
  flows = {.authorization_code = false, .device_code = false};
  EXPECT_EQ(tell("password", flows),
            "unsupported_grant_type: The grant_type 'password' is not supported: use refresh_token or "
            "client_credentials.")
      << "what is off is not recommended";
}

TEST(GrantTypeTest, Rfc6749Section44ClientCredentialsIsForConfidentialClients) {
  Form form;
  form.add("grant_type", "client_credentials");
  Client client = public_client();
  client.grant_types = {GrantType::client_credentials};
  const auto refused = check_grant_type(form, client, Flows{});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unauthorized_client);
}

struct BearerRow {
  std::string_view sentence;
  std::string_view header;
  std::optional<std::string_view> token;
};
class BearerHeaders : public testing::TestWithParam<BearerRow> {};
TEST_P(BearerHeaders, AreRead) {
  EXPECT_EQ(parse_bearer_header(GetParam().header), GetParam().token) << GetParam().sentence;
}
// RFC 6750 §2.1: the scheme, one space, and the token's alphabet.
INSTANTIATE_TEST_SUITE_P(
    Rfc6750Section21, BearerHeaders,
    testing::Values(
        BearerRow{"a token", "Bearer abc", "abc"}, BearerRow{"every character", "Bearer aZ09-._~+/==", "aZ09-._~+/=="},
        BearerRow{"the scheme knows no case", "bEARER abc", "abc"}, BearerRow{"several blanks", "Bearer   abc", "abc"},
        BearerRow{"no token", "Bearer ", {}}, BearerRow{"the scheme alone", "Bearer", {}}, BearerRow{"empty", "", {}},
        BearerRow{"another scheme", "Basic abc", {}}, BearerRow{"no blank", "Bearerabc", {}},
        BearerRow{"two tokens", "Bearer abc def", {}}, BearerRow{"a blank at the end", "Bearer abc ", {}},
        BearerRow{"a tab", "Bearer\tabc", {}}, BearerRow{"a comma", "Bearer abc,def", {}},
        BearerRow{"padding alone", "Bearer ==", {}}, BearerRow{"padding in the middle", "Bearer a=b", {}},
        BearerRow{"a line break", "Bearer abc\r\nX: y", {}}, BearerRow{"not ASCII", "Bearer \xc3\xa9", {}}));

TEST(BearerChallengeTest, Rfc6750Section3) {
  EXPECT_EQ(make_bearer_challenge("API", std::nullopt, {}), R"(Bearer realm="API")");
  EXPECT_EQ(make_bearer_challenge("API", OAuthError{ErrorCode::insufficient_scope, "Too little.", "x"},
                                  {.scope = *Scope::parse("b a")}),
            R"(Bearer realm="API", error="insufficient_scope", error_description="Too little.", scope="a b")");
}

TEST(BearerChallengeTest, Rfc9728Section5_1) {
  EXPECT_EQ(make_bearer_challenge("API", std::nullopt,
                                  {.scope = *Scope::parse("a"), .resource_metadata = "https://a.example/\""}),
            R"(Bearer realm="API", scope="a", resource_metadata="https://a.example/\"")");
}

TEST(BearerChallengeTest, NothingBreaksOutOfItsQuotes) {
  EXPECT_EQ(make_bearer_challenge("a\"b\\c\r\nX: y", OAuthError{ErrorCode::invalid_token, "\"\xff\n", ""}, {}),
            "Bearer realm=\"a\\\"b\\\\c??X: y\", error=\"invalid_token\", error_description=\"\\\"??\"");
}

/// RFC 8707 §2: the one parameter that may come several times, §2.1: in JSON as a string or a list of strings.
TEST(TokenRequestTest, SeveralResourcesAreReadFromEitherEncoding) {
  using Values = std::vector<std::string_view>;
  const auto read = [](std::string_view type, const std::string& body) {
    const auto form = parse_token_request_body(type, body);
    EXPECT_TRUE(form) << body;
    std::string text;
    for (const auto value : form->get_all("resource")) text.append(value).append(" ");
    return text;
  };
  EXPECT_EQ(read(kFormType, "resource=urn%3Aa&code=c&resource=urn%3Ab"), "urn:a urn:b ");
  EXPECT_EQ(read(kJsonType, R"({"resource":["urn:a","urn:b"],"code":"c"})"), "urn:a urn:b ");
  EXPECT_EQ(read(kJsonType, R"({"resource":"urn:a"})"), "urn:a ");
  EXPECT_EQ(read(kJsonType, R"({"resource":[]})"), "") << "as omitted";
  std::string many = R"({"resource":["urn:a")";
  for (int i = 0; i < 128; ++i) many += R"(,"urn:a")";
  EXPECT_FALSE(parse_token_request_body(kJsonType, many + "]}")) << "bounded as a form is";
  EXPECT_EQ(Form().get_all("resource"), Values{});
}

}  // namespace
}  // namespace chatelaine::oauth
