#include "rehearsal/answers.hpp"

#include <gtest/gtest.h>

#include "rehearsal/profile_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Visit;

Visit answer(int status, std::string body, std::vector<net::Header> headers = {}) {
  net::FetchedDocument document;
  document.status = status;
  document.headers = std::move(headers);
  document.body = std::move(body);
  return {"GET", "https://a.example/x", std::move(document), {}};
}

Visit silence(net::FetchError::Kind kind) {
  return {"GET", "https://a.example/x", std::unexpected(inspection::NoAnswer{kind, "it took too long"}), {}};
}

/// `fault state: sentence` a line, without what is good.
std::string write(const Remarks& remarks) {
  std::string text;
  for (const Remark& remark : remarks)
    if (remark.verdict != Verdict::ok)
      text += std::string(to_string(remark.verdict)) + ' ' + std::string(remark.code) + ": " + remark.seen + '\n';
  return text;
}

/// RFC 6749 §4.1.2, RFC 9207 §2.4: what comes back from the sign-in.
TEST(Return, IsJudgedAsTheAssistantJudgesIt) {
  auto profile = connector_profile();
  Server server;
  server.issuer = "https://a.example";
  server.metadata = json::object{{"authorization_response_iss_parameter_supported", true}};
  const Client client;
  const UsedRedirect redirect{&profile.redirects.front(), oauth::RedirectUri("https://helper.example/cb")};
  const OneTime one_time{"a b+c/=", std::nullopt};
  struct Row {
    std::string_view sentence;
    std::string_view query;
    std::string_view said;
  };
  constexpr std::string_view kState = "&state=a%20b%2Bc%2F%3D";
  constexpr std::string_view kIss = "&iss=https%3A%2F%2Fa.example";
  const auto whole = [&](std::string_view first) {
    return std::string(first) + std::string(kState) + std::string(kIss);
  };
  const std::vector<std::pair<Row, std::string>> rows{
      {{"all is there", "", ""}, whole("?code=1")},
      {{"state is lost", "", "fault state: `state` did not come back, though it was sent\n"},
       "?code=1" + std::string(kIss)},
      {{"state was decoded once too often", "",
        "fault state: state was sent as \"a b+c/=\" and came back as \"a b c/=\"\n"},
       "?code=1&state=a+b+c%2F%3D" + std::string(kIss)},
      {{"iss is promised and missing", "",
        "fault issuer_returned: the metadata promises `iss`, and the answer has none\n"},
       "?code=1" + std::string(kState)},
      {{"iss has a slash", "",
        "fault issuer_returned: iss is \"https://a.example/\", and the issuer \"https://a.example\"\n"},
       "?code=1" + std::string(kState) + "&iss=https%3A%2F%2Fa.example%2F"},
      {{"no code", "", "fault answer: neither a code nor an error came back\n"}, whole("?x=1")},
      {{"the code in the fragment", "",
        "fault state: `state` did not come back, though it was sent\nfault issuer_returned: the metadata promises "
        "`iss`, and the answer has none\nfault answer: the code stands in the fragment, which no server sees\n"},
       "#code=1"},
      {{"a scope is refused", "",
        "fault scope_optional: the authorization endpoint answers with \"invalid_scope\". It says: \"scope is "
        "missing\".\n"},
       whole("?error=invalid_scope&error_description=scope%20is%20missing")},
      {{"a code that comes twice", "",
        "fault answer: the query of the redirect cannot be read (\"code\" is repeated or badly encoded)\n"},
       "?code=1&code=2"},
  };
  for (const auto& [row, query] : rows) {
    const auto judged =
        judge_return("https://helper.example/cb" + query, {profile, server, client}, redirect, one_time);
    EXPECT_EQ(write(judged.remarks), row.said) << row.sentence;
  }
}

/// RFC 6749 §5.1, §5.2
TEST(Tokens, AreJudged) {
  struct Row {
    std::string_view sentence;
    Visit visit;
    std::string_view said;
  };
  for (const Row& row : {
           Row{"they come", answer(200, R"({"access_token":"t","token_type":"Bearer"})"), ""},
           Row{"void code", answer(400, R"({"error":"invalid_grant","error_description":"code expired"})"),
               "fault token_answer: the token endpoint refuses with invalid_grant. It says: \"code expired\".\n"},
           Row{"wrong client", answer(401, R"({"error":"invalid_client"})"),
               "fault token_client: the token endpoint refuses the client with \"invalid_client\".\n"},
           Row{"it repeats what was sent",
               answer(400, R"({"error":"invalid_request","error_description":"bad s3cret"})"),
               "fault token_answer: the token endpoint refuses with \"invalid_request\".\n"},
           Row{"a page", answer(200, "<html>"),
               "fault token_answer: the token endpoint answered wrongly: it sent an HTML page (status 200) instead of "
               "JSON.\n"},
           Row{"too slow", silence(net::FetchError::Kind::timed_out),
               "fault token_time: the token endpoint did not answer within 10s\n"},
       }) {
    const std::vector<std::string_view> sent{"s3cret"};
    EXPECT_EQ(write(judge_tokens(row.visit, connector_profile(), Point::token_answer, sent).remarks), row.said)
        << row.sentence;
  }
  EXPECT_EQ(
      write(judge_tokens(silence(net::FetchError::Kind::timed_out), connector_profile(), Point::refreshed, {}).remarks),
      "fault token_time: the token endpoint did not answer within 30s\n");
}

TEST(FirstTokens, NeedARefreshTokenAndALifetime) {
  const auto judge = [](std::string_view body) {
    const auto judged = judge_tokens(answer(200, std::string(body)), plugin_profile(), Point::token_answer, {});
    return write(judge_first_tokens(*judged.tokens, plugin_profile()));
  };
  EXPECT_EQ(judge(R"({"access_token":"t","token_type":"bearer","expires_in":59,"refresh_token":"r"})"), "");
  EXPECT_EQ(judge(R"({"access_token":"t","token_type":"bearer","expires_in":3600})"),
            "fault refresh_token: no refresh token came, and the access token ends in 1h\n");
  EXPECT_EQ(judge(R"({"access_token":"t","token_type":"bearer","refresh_token":"r"})"),
            "warning lifetime: the token answer has no expires_in\n");
}

TEST(Call, IsJudgedByItsStatus) {
  const auto judge = [](int status, std::string challenge = {}) {
    return write({judge_call(answer(status, "", {{"WWW-Authenticate", std::move(challenge)}}), Point::api_call)});
  };
  EXPECT_EQ(judge(200), "");
  EXPECT_EQ(judge(401, "Bearer error=invalid_token"),
            "fault api_call: https://a.example/x refuses the token that was just given, with status 401. It says: "
            "\"invalid_token\".\n");
  EXPECT_EQ(judge(403), "fault api_call: https://a.example/x refuses the call with status 403.\n");
  EXPECT_EQ(judge(500),
            "fault call_answer: https://a.example/x answers with status 500: the token is taken, but the call fails\n");
  EXPECT_EQ(
      judge(404),
      "warning call_answer: https://a.example/x answers with status 404: the token is taken, but the call fails\n");
}

/// MCP 2025-11-25, tools: an error of the tool is a result, with status 200.
TEST(ToolCall, IsJudgedByItsResult) {
  const auto judge = [](int status, std::string body) {
    return write({judge_tool_call(answer(status, std::move(body), {{"Content-Type", "application/json"}}), "list")});
  };
  EXPECT_EQ(judge(200, R"({"jsonrpc":"2.0","id":2,"result":{"content":[]}})"), "");
  EXPECT_EQ(judge(200, R"({"jsonrpc":"2.0","id":2,"result":{"content":[],"isError":false}})"), "");
  EXPECT_EQ(
      judge(
          200,
          R"({"jsonrpc":"2.0","id":2,"result":{"isError":true,"content":[{"type":"text","text":"the API is not reachable"}]}})"),
      "fault call_answer: the tool \"list\" fails (`isError`). It says: \"the API is not reachable\".\n");
  EXPECT_EQ(judge(200, R"({"jsonrpc":"2.0","id":2,"result":{"isError":true}})"),
            "fault call_answer: the tool \"list\" fails (`isError`).\n");
  EXPECT_EQ(judge(200, R"({"jsonrpc":"2.0","id":2,"error":{"code":-32603,"message":"boom"}})"),
            "fault call_answer: the tool \"list\": the answer is an error: \"boom\"\n");
  EXPECT_EQ(
      judge(200, "<html>"),
      "fault call_answer: the tool \"list\": the answer holds no message with \"jsonrpc\": \"2.0\", \"id\": 2 and a "
      "result\n");
  EXPECT_EQ(judge(401, ""),
            "fault api_call: the tool \"list\": https://a.example/x refuses the token that was just given, with status "
            "401.\n");
}

/// RFC 7009 §2.1, §2.2; RFC 6749 §5.2
TEST(Revocation, EndsWhatItRevokes) {
  EXPECT_EQ(write({judge_revocation(answer(200, ""))}), "");
  EXPECT_EQ(write({judge_revocation(answer(404, ""))}),
            "fault revoked: https://a.example/x answers with status 404 to a revocation\n");
  const auto judge = [](int status, std::string body) {
    return write(judge_void_refresh(answer(status, std::move(body)), connector_profile(), {}));
  };
  EXPECT_EQ(judge(400, R"({"error":"invalid_grant"})"), "");
  EXPECT_EQ(judge(401, R"({"error":"invalid_client"})"),
            "fault refused_clearly: a refresh token that was revoked is refused with \"invalid_client\", and not with "
            "invalid_grant\n");
  EXPECT_EQ(judge(200, R"({"access_token":"t","token_type":"Bearer"})"),
            "fault revoked: the refresh token that was revoked still brings access tokens\n");
  EXPECT_EQ(judge(500, "oops"),
            "fault refused_clearly: a refresh token that was revoked is refused without an error that says so: "
            "https://a.example/x answers with status 500\n");
}

/// RFC 7591 §3.2.1
TEST(Registration, BringsAClient) {
  const auto judge = [](int status, std::string body) {
    return judge_registration(answer(status, std::move(body)), connector_profile(), {},
                              oauth::AuthenticationMethod::none);
  };
  const auto good =
      judge(201, R"({"client_id":"x","client_secret":"s","token_endpoint_auth_method":"client_secret_post"})");
  ASSERT_TRUE(good.client);
  EXPECT_EQ(good.client->method, oauth::AuthenticationMethod::client_secret_post);
  EXPECT_EQ(write(judge(200, R"({"client_id":"x"})").remarks),
            "warning client_registration: the registration is answered with status 200, not 201\n");
  EXPECT_EQ(write(judge(400, R"({"error":"invalid_redirect_uri","error_description":"no loopback"})").remarks),
            "fault client_registration: the registration endpoint refuses with \"invalid_redirect_uri\". It says: \"no "
            "loopback\".\n");
  EXPECT_EQ(write(judge(201, "{}").remarks), "fault client_registration: the registration's answer has no client_id\n");
}

/// RFC 7591 §3.2.1, RFC 7592 §3
TEST(Registration, KeepsTheKeyUnlessTheServerSaysOtherwise) {
  using oauth::AuthenticationMethod;
  struct Row {
    std::string_view sentence;
    std::string_view body;
    AuthenticationMethod method;
    bool is_managed;
  };
  for (const Row& row : {
           Row{"it repeats the method", R"({"client_id":"x","token_endpoint_auth_method":"private_key_jwt"})",
               AuthenticationMethod::private_key_jwt, false},
           Row{"it says nothing of it", R"({"client_id":"x"})", AuthenticationMethod::private_key_jwt, false},
           Row{"it makes a public client of it", R"({"client_id":"x","token_endpoint_auth_method":"none"})",
               AuthenticationMethod::none, false},
           Row{"it gives a secret instead",
               R"({"client_id":"x","client_secret":"s","token_endpoint_auth_method":"client_secret_post"})",
               AuthenticationMethod::client_secret_post, false},
           Row{"it lets the client be managed",
               R"({"client_id":"x","registration_client_uri":"https://a.example/x","registration_access_token":"t"})",
               AuthenticationMethod::private_key_jwt, true},
           Row{"it forgets the token", R"({"client_id":"x","registration_client_uri":"https://a.example/x"})",
               AuthenticationMethod::private_key_jwt, false},
       }) {
    const auto judged = judge_registration(answer(201, std::string(row.body)), connector_profile(), {},
                                           AuthenticationMethod::private_key_jwt);
    ASSERT_TRUE(judged.client) << row.sentence;
    EXPECT_EQ(judged.client->method, row.method) << row.sentence;
    EXPECT_EQ(judged.client->management.has_value(), row.is_managed) << row.sentence;
  }
}

TEST(RootDomains, AreOneForAnAction) {
  Server server;
  server.authorization_endpoint = "https://login.todo.example/a";
  server.token_endpoint = "https://todo.example/t";
  EXPECT_EQ(write(judge_root_domains(server, *parse_http_url("https://api.todo.example"))), "");
  server.token_endpoint = "https://tokens.example.net/t";
  EXPECT_EQ(
      write(judge_root_domains(server, *parse_http_url("https://api.todo.example"))),
      "fault endpoint_root_domain: \"https://tokens.example.net/t\" and the API at \"api.todo.example\" share no root "
      "domain\n");
}

}  // namespace
}  // namespace chatelaine::rehearsal
