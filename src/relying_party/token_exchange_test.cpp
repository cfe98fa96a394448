#include "relying_party/token_exchange.hpp"

#include <gtest/gtest.h>

#include <array>

#include "relying_party/revocation.hpp"

namespace chatelaine::relying_party {
namespace {

using oauth::TokenRequestEncoding;
using Kind = TokenFailure::Kind;

ClientCredentials client() { return {oauth::ClientId("id 1"), oauth::ClientSecret("s&cret")}; }

CodeExchange exchange(std::optional<CodeVerifier> verifier) {
  return {oauth::AuthorizationCodeSecret("the code"), oauth::RedirectUri("https://h.example/cb"), std::move(verifier)};
}

TEST(TokenRequest, HasTheDocumentsMembersInItsOrder) {
  EXPECT_EQ(make_code_exchange_body(TokenRequestEncoding::json, client(), exchange(std::nullopt)),
            R"({"grant_type":"authorization_code","client_id":"id 1","client_secret":"s&cret","code":"the code",)"
            R"("redirect_uri":"https://h.example/cb"})");
  EXPECT_EQ(make_code_exchange_body(TokenRequestEncoding::form, client(), exchange(CodeVerifier("v"))),
            "grant_type=authorization_code&client_id=id%201&client_secret=s%26cret&code=the%20code&"
            "redirect_uri=https%3A%2F%2Fh.example%2Fcb&code_verifier=v");
  EXPECT_EQ(make_refresh_body(TokenRequestEncoding::json, client(), oauth::RefreshTokenSecret("r")),
            R"({"grant_type":"refresh_token","client_id":"id 1","client_secret":"s&cret","refresh_token":"r"})");
  EXPECT_EQ(make_refresh_body(TokenRequestEncoding::form, client(), oauth::RefreshTokenSecret("r")),
            "grant_type=refresh_token&client_id=id%201&client_secret=s%26cret&refresh_token=r");
  EXPECT_EQ(make_revocation_body(client(), "t", TokenTypeHint::refresh_token),
            "token=t&token_type_hint=refresh_token&client_id=id%201&client_secret=s%26cret");
}

struct LegalRow {
  const char* sentence;
  const char* body;
  std::optional<std::int64_t> expires_in;
  const char* refresh_token;
};

constexpr const char* kNone = "(none)";

TEST(TokenAnswer, TakesEveryLegalAnswer) {
  const LegalRow rows[] = {
      {"the document's sample without its trailing comma",
       R"({"access_token":"a","token_type":"bearer","refresh_token":"r","expires_in":59})", 59, "r"},
      {"RFC 6749 §5.1: refresh_token is optional", R"({"access_token":"a","token_type":"bearer","expires_in":59})", 59,
       kNone},
      {"RFC 6749 §5.1: expires_in is only recommended", R"({"access_token":"a","token_type":"bearer"})", std::nullopt,
       kNone},
      {"RFC 6749 §5.1: token_type in capitals", R"({"access_token":"a","token_type":"BEARER"})", std::nullopt, kNone},
      {"RFC 6749 §5.1: token_type as RFC 6750 writes it", R"({"access_token":"a","token_type":"Bearer"})", std::nullopt,
       kNone},
      {"a scope", R"({"access_token":"a","token_type":"bearer","scope":"read write"})", std::nullopt, kNone},
      {"an empty scope", R"({"access_token":"a","token_type":"bearer","scope":""})", std::nullopt, kNone},
      {"RFC 6749 §5.1: unknown members are ignored",
       R"({"access_token":"a","token_type":"bearer","id_token":"x","ext_expires_in":"1","nested":{"a":[1]}})",
       std::nullopt, kNone},
      {"zero seconds is a number of seconds", R"({"access_token":"a","token_type":"bearer","expires_in":0})", 0, kNone},
      {"a life of a thousand years is cut to ten",
       R"({"access_token":"a","token_type":"bearer","expires_in":31556952000})", 315569520, kNone},
      {"a number beyond 64 bits of sign is cut as well",
       R"({"access_token":"a","token_type":"bearer","expires_in":18446744073709551615})", 315569520, kNone},
      {"white space around the object", " \r\n{\"access_token\":\"a\",\"token_type\":\"bearer\"}\n", std::nullopt,
       kNone},
      {"an error member that is null is none", R"({"access_token":"a","token_type":"bearer","error":null})",
       std::nullopt, kNone},
  };
  for (const LegalRow& row : rows) {
    const auto answer = judge_token_answer({200, {}, row.body}, {});
    ASSERT_TRUE(answer) << row.sentence << ": " << answer.error().message;
    EXPECT_EQ(answer->access_token.reveal(), "a") << row.sentence;
    EXPECT_EQ(answer->expires_in.has_value(), row.expires_in.has_value()) << row.sentence;
    if (answer->expires_in) {
      EXPECT_EQ(answer->expires_in->count(), *row.expires_in) << row.sentence;
    }
    EXPECT_EQ(answer->refresh_token ? answer->refresh_token->reveal() : kNone, row.refresh_token) << row.sentence;
  }
}

struct FaultRow {
  const char* sentence;
  int status;
  const char* body;
  Kind kind;
  /// What the sentence for the author must name.
  const char* names;
};

constexpr Kind kMalformed = Kind::malformed_answer;

const FaultRow kFaults[] = {
    {"the document's own sample, with its trailing comma", 200,
     R"({ "access_token": "example_token", "token_type": "bearer", "refresh_token": "example_token", "expires_in": 59, })",
     kMalformed, "trailing comma"},
    {"numbers as strings", 200, R"({"access_token":"a","token_type":"bearer","expires_in":"3600"})", kMalformed,
     "without quotes"},
    {"a fraction of a second", 200, R"({"access_token":"a","token_type":"bearer","expires_in":59.5})", kMalformed,
     "whole number"},
    {"a negative life", 200, R"({"access_token":"a","token_type":"bearer","expires_in":-1})", kMalformed, "negative"},
    {"expires_in is null", 200, R"({"access_token":"a","token_type":"bearer","expires_in":null})", kMalformed, "null"},
    {"token_type is missing", 200, R"({"access_token":"a"})", kMalformed, "\"token_type\" is missing"},
    {"RFC 6749 §7.1: another token type", 200, R"({"access_token":"a","token_type":"DPoP"})", kMalformed, "DPoP"},
    {"token_type is empty", 200, R"({"access_token":"a","token_type":""})", kMalformed, "token_type"},
    {"token_type is a number", 200, R"({"access_token":"a","token_type":1})", kMalformed, "a number"},
    {"access_token is missing", 200, R"({"token_type":"bearer"})", kMalformed, "\"access_token\" is missing"},
    {"access_token has another name", 200, R"({"accessToken":"a","token_type":"bearer"})", kMalformed, "access_token"},
    {"access_token is empty", 200, R"({"access_token":"","token_type":"bearer"})", kMalformed, "empty"},
    {"access_token is a number", 200, R"({"access_token":12,"token_type":"bearer"})", kMalformed, "a number"},
    {"access_token is null", 200, R"({"access_token":null,"token_type":"bearer"})", kMalformed, "null"},
    {"access_token holds a line break", 200, R"({"access_token":"a\r\nX: y","token_type":"bearer"})", kMalformed,
     "printable"},
    {"access_token holds a blank", 200, R"({"access_token":"a b","token_type":"bearer"})", kMalformed, "blank"},
    {"refresh_token is null", 200, R"({"access_token":"a","token_type":"bearer","refresh_token":null})", kMalformed,
     "refresh_token"},
    {"refresh_token is empty", 200, R"({"access_token":"a","token_type":"bearer","refresh_token":""})", kMalformed,
     "refresh_token"},
    {"scope is an array", 200, R"({"access_token":"a","token_type":"bearer","scope":["a","b"]})", kMalformed,
     "an array"},
    {"a member is there twice", 200, R"({"access_token":"a","access_token":"b","token_type":"bearer"})", kMalformed,
     "twice"},
    {"an array instead of an object", 200, R"([{"access_token":"a"}])", kMalformed, "an array"},
    {"a bare string", 200, R"("a")", kMalformed, "a string"},
    {"an empty body", 200, "", kMalformed, "empty"},
    {"an HTML page", 200, "\n<!doctype html><title>Sign in</title>", kMalformed, "HTML"},
    {"an HTML error page", 500, "<html>", kMalformed, "status 500"},
    {"a form, as GitHub answers by default", 200, "access_token=a&token_type=bearer", kMalformed, "form"},
    {"single quotes", 200, "{'access_token':'a'}", kMalformed, "double quotes"},
    {"201 instead of 200", 201, R"({"access_token":"a","token_type":"bearer"})", kMalformed, "201"},
    {"a redirect", 302, "", kMalformed, "redirects"},
    {"a server error without a body", 503, "", kMalformed, "status 503"},
    {"a client error in JSON that is none of RFC 6749's", 400, R"({"message":"no"})", kMalformed, "400"},
    {"error is an object", 400, R"({"error":{"code":400}})", kMalformed, "an object"},
    {"RFC 6749 §5.2: invalid_grant", 400, R"({"error":"invalid_grant"})", Kind::grant_refused,
     "answered invalid_grant"},
    {"an error with status 200, as GitHub sends it", 200, R"({"error":"invalid_grant","error_description":"expired"})",
     Kind::grant_refused, "expired"},
    {"RFC 6749 §5.2: invalid_client is 401", 401, R"({"error":"invalid_client"})", Kind::client_refused, "secret"},
    {"RFC 6749 §5.2: unauthorized_client", 400, R"({"error":"unauthorized_client"})", Kind::client_refused,
     "client ID"},
    {"RFC 6749 §5.2: invalid_request", 400, R"({"error":"invalid_request","error_description":"no code"})",
     Kind::request_refused, "no code"},
    {"an error that nobody knows", 400, R"({"error":"<b>odd</b>"})", Kind::request_refused, "<b>odd</b>"},
    {"an error beside a token is an error", 200,
     R"({"access_token":"a","token_type":"bearer","error":"invalid_scope"})", Kind::request_refused, "invalid_scope"},
};

TEST(TokenAnswer, NamesTheProvidersFault) {
  for (const FaultRow& row : kFaults) {
    const auto answer = judge_token_answer({row.status, {}, row.body}, {});
    ASSERT_FALSE(answer) << row.sentence;
    EXPECT_EQ(answer.error().kind, row.kind) << row.sentence << ": " << answer.error().message;
    EXPECT_NE(answer.error().message.find(row.names), std::string::npos)
        << row.sentence << ": " << answer.error().message;
    EXPECT_EQ(answer.error().message.find("example_token"), std::string::npos) << row.sentence;
  }
}

TEST(TokenRequest, CanCarryTheCredentialsInBasic) {
  // RFC 6749 §2.3.1: form-encoded, then base64 of "id:secret".
  EXPECT_EQ(make_basic_credentials(client()), "Basic aWQlMjAxOnMlMjZjcmV0");
  EXPECT_EQ(make_code_exchange_body(TokenRequestEncoding::form, client(), exchange(CodeVerifier("v")),
                                    CredentialsPlace::header),
            "grant_type=authorization_code&code=the%20code&redirect_uri=https%3A%2F%2Fh.example%2Fcb&code_verifier=v");
}

TEST(TokenAnswer, HandsOnAnIdToken) {
  const auto with =
      judge_token_answer({200, {}, R"({"access_token":"a","token_type":"bearer","id_token":"x.y.z"})"}, {});
  ASSERT_TRUE(with && with->id_token);
  EXPECT_EQ(with->id_token->reveal(), "x.y.z");
  const auto odd = judge_token_answer({200, {}, R"({"access_token":"a","token_type":"bearer","id_token":7})"}, {});
  ASSERT_TRUE(odd);
  EXPECT_FALSE(odd->id_token);
}

TEST(TokenAnswer, CapsAndCleansWhatAProviderWrites) {
  const std::string long_text(5000, 'x');
  const auto capped =
      judge_token_answer({400, {}, R"({"error":"invalid_request","error_description":")" + long_text + "\"}"}, {});
  EXPECT_LT(capped.error().message.size(), 400U);
  const auto cleaned =
      judge_token_answer({400, {}, R"({"error":"x\u001b[31m","error_description":"a\r\nb \"c\" \u00e9"})"}, {});
  EXPECT_EQ(cleaned.error().message.find_first_of("\r\n\x1b\\"), std::string::npos) << cleaned.error().message;
}

TEST(TokenAnswer, NeverQuotesWhatWasSent) {
  const std::array<std::string_view, 2> sent{"the-secret", "the-refresh-token"};
  const auto described = judge_token_answer(
      {400, {}, R"({"error":"invalid_request","error_description":"bad token the-refresh-token"})"}, sent);
  EXPECT_EQ(described.error().message.find("the-refresh-token"), std::string::npos);
  const auto echoed = judge_token_answer({400, {}, R"({"error":"the-secret"})"}, sent);
  EXPECT_EQ(echoed.error().message.find("the-secret"), std::string::npos);
  const auto as_type = judge_token_answer({200, {}, R"({"access_token":"a","token_type":"the-secret"})"}, sent);
  EXPECT_EQ(as_type.error().message,
            "The token endpoint answered wrongly: \"token_type\" is \"\"; only bearer tokens can be sent.");
  const auto as_name = judge_token_answer({200, {}, R"({"the-secret":1,"the-secret":2})"}, sent);
  EXPECT_EQ(as_name.error().message.find("the-secret"), std::string::npos) << as_name.error().message;
}

}  // namespace
}  // namespace chatelaine::relying_party
