#include <gtest/gtest.h>

#include <algorithm>

#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

constexpr const char* kForm = "application/x-www-form-urlencoded";
constexpr const char* kUnknownClient = "The client is unknown, or its secret is wrong.";
constexpr const char* kUnreadableHeader =
    "The Authorization header is not readable: it must be Basic and the base64 of client_id:client_secret, each "
    "form-urlencoded.";

TestRequest form(const std::vector<Form::Field>& fields) { return post_form("/oauth/token", fields); }
TestRequest raw(const char* content_type, std::string body) {
  return post_raw("/oauth/token", content_type, std::move(body));
}
TestRequest by_plugin(std::vector<Form::Field> fields) {
  fields.push_back({"client_id", "todo-plugin"});
  fields.push_back({"client_secret", "secret-of-todo-plugin"});
  return form(fields);
}
TestRequest by_worker(std::vector<Form::Field> fields) { return form(fields).with("Authorization", basic("worker")); }
Told invalid_request(std::string description) { return {400, "invalid_request", std::move(description)}; }
Told invalid_client(std::string description) { return {401, "invalid_client", std::move(description)}; }

std::vector<WrongRequest> wrong_bodies() {
  const std::string expected = ": send application/x-www-form-urlencoded or application/json.";
  std::string many = "a=";
  for (int i = 0; i < 129; ++i) many += "&p" + std::to_string(i) + "=";
  return {
      {"a wrong content type", raw("text/plain", "grant_type=x"),
       invalid_request("The Content-Type 'text/plain' is not supported" + expected)},
      {"no content type",
       {"POST", "/oauth/token", {}, "grant_type=x"},
       invalid_request("Content-Type is missing" + expected)},
      {"a foreign charset", raw("application/x-www-form-urlencoded; charset=latin1", "grant_type=x"),
       invalid_request("The body must be UTF-8: Content-Type names another charset.")},
      {"a repeated content type", raw(kForm, "a=b").with("Content-Type", "application/json"),
       invalid_request("The header Content-Type came more than once.")},
      {"a repeated Authorization", by_worker({}).with("Authorization", basic("worker")),
       invalid_request("The header Authorization came more than once.")},
      {"RFC 6749 §3.2: a parameter must not come more than once", raw(kForm, "grant_type=a&grant_type=b"),
       invalid_request("The parameter 'grant_type' appears more than once.")},
      {"a stray percent sign", raw(kForm, "code=%zz"),
       invalid_request("The parameter 'code' holds a % that two hexadecimal digits do not follow.")},
      {"129 parameters", raw(kForm, many), invalid_request("The request holds more than 128 parameters.")},
      {"JSON under a form's name", raw(kForm, R"({"client_secret":"secret-of-worker"})"),
       invalid_request("The body looks like JSON, but Content-Type says that it is a form: send application/json.")},
      {"JSON under a form's name that no form could be", raw(kForm, R"({"client_secret":"secret-of-worker%"})"),
       invalid_request("The body looks like JSON, but Content-Type says that it is a form: send application/json.")},
      {"a secret where a name belongs", raw(kForm, "secret-of-worker!=%"),
       invalid_request("A parameter holds a % that two hexadecimal digits do not follow.")},
      {"a JSON key must not come more than once", raw("application/json", R"({"code":"a","code":"b"})"),
       invalid_request("The body is not readable JSON: the member 'code' appears twice in one object (line 1, column "
                       "18).")},
      {"a JSON number", raw("application/json", R"({"grant_type":"refresh_token","client_id":7})"),
       invalid_request("The JSON member 'client_id' must be a string, not a number.")},
      {"a JSON boolean", raw("application/json", R"({"code":true})"),
       invalid_request("The JSON member 'code' must be a string, not a boolean.")},
      {"a JSON null", raw("application/json", R"({"code":null})"),
       invalid_request("The JSON member 'code' must be a string, not null.")},
      {"a JSON list as a member", raw("application/json", R"({"code":["a"]})"),
       invalid_request("The JSON member 'code' must be a string, not an array.")},
      {"a JSON array is no request", raw("application/json", "[]"),
       invalid_request("The body must be a JSON object, not an array.")},
      {"broken JSON", raw("application/json", "{"),
       invalid_request(
           "The body is not readable JSON: the text ends too early: a bracket or quote is not closed (line 1, "
           "column 2).")},
      {"a body over 64 KiB",
       raw(kForm, "a=" + std::string(65 * 1024, 'b')),
       {413, "invalid_request", "The body is larger than 64 KiB; an OAuth request needs a few hundred bytes."}},
  };
}

std::vector<WrongRequest> wrong_clients() {
  return {
      {"RFC 6749 §5.2: no client authentication", form({{"grant_type", "refresh_token"}}),
       invalid_client("The request names no client: client_id is missing.")},
      {"RFC 6749 §2.3.1: credentials in the address are none",
       post_form("/oauth/token?client_id=todo-plugin&client_secret=secret-of-todo-plugin",
                 {{"grant_type", "refresh_token"}}),
       invalid_client("The request names no client: client_id is missing.")},
      {"RFC 6749 §5.2: an unknown client", form({{"client_id", "nobody"}}), invalid_client(kUnknownClient)},
      {"RFC 6749 §5.2: a wrong secret", form({{"client_id", "todo-plugin"}, {"client_secret", "secret-of-worker"}}),
       invalid_client(kUnknownClient)},
      {"RFC 6749 §5.2: a wrong secret in Basic", form({}).with("Authorization", "Basic d29ya2VyOndyb25n"),
       invalid_client(kUnknownClient)},
      {"RFC 6749 §3.2.1: a confidential client must authenticate", form({{"client_id", "todo-plugin"}}),
       invalid_client("This client has a secret, and the request does not carry it.")},
      {"RFC 6749 §2.3: one authentication method a request", by_plugin({}).with("Authorization", basic("todo-plugin")),
       invalid_request("The client authenticates in more than one way: send the Authorization header, client_secret or "
                       "client_assertion.")},
      {"RFC 6749 §2.3: Basic beside another client_id", by_worker({{"client_id", "todo-plugin"}}),
       invalid_request("The client_id in the body is another than the one in the Authorization header.")},
      {"RFC 6749 §2.1, RFC 8252 §8.5: a public client with a secret",
       form({{"client_id", "desktop-app"}, {"client_secret", "x"}}),
       invalid_client("This client is public and has no secret: send client_id alone.")},
      {"a client must use a method that it is registered for",
       form({{"client_id", "strict-web"}, {"client_secret", "secret-of-strict-web"}}),
       invalid_client("This client is not registered for client_secret_post.")},
      {"an unreadable Authorization header", form({}).with("Authorization", "Basic ???"),
       invalid_client(kUnreadableHeader)},
      {"another scheme", form({}).with("Authorization", "Bearer abc"), invalid_client(kUnreadableHeader)},
  };
}

std::vector<WrongRequest> wrong_grant_types() {
  const auto unregistered = [](const std::string& name) {
    return Told{400, "unauthorized_client",
                "This client is not registered for the grant type " + name +
                    ": chatelaine client update ID --grant with every grant type it shall have, " + name +
                    " among them."};
  };
  return {
      {"RFC 6749 §5.2: a missing grant_type", by_plugin({}), invalid_request("The parameter grant_type is missing.")},
      {"RFC 6749 §5.2: an unknown grant_type",
       by_plugin({{"grant_type", "magic"}}),
       {400, "unsupported_grant_type",
        "The grant_type 'magic' is not supported: use authorization_code, refresh_token, client_credentials or "
        "urn:ietf:params:oauth:grant-type:device_code."}},
      {"RFC 9700 §2.4: the password grant",
       by_plugin({{"grant_type", "password"}}),
       {400, "unsupported_grant_type",
        "The password grant is not supported, since the client would see the user's password: send the user to the "
        "authorization endpoint and use authorization_code."}},
      {"RFC 9700 §2.1.2: the implicit grant",
       by_plugin({{"grant_type", "implicit"}}),
       {400, "unsupported_grant_type",
        "The implicit grant is not supported (RFC 9700 section 2.1.2): use authorization_code."}},
      {"RFC 6749 §5.2: a grant type that the client may not use", by_plugin({{"grant_type", "client_credentials"}}),
       unregistered("client_credentials")},
      {"RFC 6749 §5.2: an assistant's grant type by a worker", by_worker({{"grant_type", "refresh_token"}}),
       unregistered("refresh_token")},
      {"RFC 6749 §4.4: client_credentials by a public client",
       form({{"grant_type", "client_credentials"}, {"client_id", "desktop-app"}}), unregistered("client_credentials")},
  };
}

std::vector<WrongRequest> wrong_grants() {
  return {
      {"RFC 8707 §2: a resource that is not ours",
       by_worker({{"grant_type", "client_credentials"}, {"resource", "https://other.example"}}),
       {400, "invalid_target", "The resource 'https://other.example' is not served here."}},
      {"RFC 6749 §3.3: a scope that is not the client's",
       by_worker({{"grant_type", "client_credentials"}, {"scope", "lists:write"}}),
       {400, "invalid_scope", "The scope 'lists:write' is unknown or not allowed. Allowed: lists:read."}},
      {"a missing code", by_plugin({{"grant_type", "authorization_code"}}),
       invalid_request("The parameter code is missing.")},
      {"an unknown code",
       by_plugin({{"grant_type", "authorization_code"}, {"code", "ctl_ac_x"}}),
       {400, "invalid_grant", "The code is unknown, expired, or was issued to another client."}},
      {"a missing refresh_token", by_plugin({{"grant_type", "refresh_token"}}),
       invalid_request("The parameter refresh_token is missing.")},
      {"an unknown refresh_token",
       by_plugin({{"grant_type", "refresh_token"}, {"refresh_token", "ctl_rt_x"}}),
       {400, "invalid_grant", "The refresh token is unknown, expired, revoked, or was issued to another client."}},
  };
}

std::vector<WrongRequest> wrong_requests() {
  std::vector<WrongRequest> rows;
  for (auto part : {wrong_bodies, wrong_clients, wrong_grant_types, wrong_grants})
    std::ranges::move(part(), std::back_inserter(rows));
  return rows;
}

TEST(Token, WrongRequests) {
  World world;
  for (const auto& row : wrong_requests()) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(tell(answer), row.told);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Pragma"), "no-cache");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    // RFC 6749 §5.2, RFC 9110 §15.5.2.
    EXPECT_EQ(answer.header("WWW-Authenticate").has_value(), row.told.status == 401);
  }
}

TEST(Token, AJsonBodyMayComeWithBasic) {
  World world;
  auto request = post_json("/oauth/token", R"({"grant_type":"client_credentials","client_id":"worker"})");
  const auto answer = world.send(request.with("Authorization", basic("worker")));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.member("scope"), "lists:read");
}

/// RFC 6749 §3.2.
TEST(Token, UnknownParametersAreIgnored) {
  World world;
  const auto answer = world.send(by_worker({{"grant_type", "client_credentials"}, {"example_extension", "1"}}));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.member("scope"), "lists:read");
}

TEST(Token, NoSecretIsLogged) {
  World world;
  for (const auto& row : wrong_requests()) EXPECT_GE(world.send(row.request).status, 400);
  const auto code = obtain_code(world, world.sign_in());
  const auto tokens = world.send(by_plugin(
      {{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", std::string(World::kPluginRedirect)}}));
  auto by_header = post_form("/oauth/token", {{"grant_type", "client_credentials"}});
  ASSERT_EQ(world.send(by_header.with("Authorization", basic("worker"))).status, 200);
  by_header.headers.back().value = basic("worker") + "x";
  EXPECT_GE(world.send(by_header).status, 400);
  const std::vector<std::string> secrets{"secret-of-",
                                         basic("worker").substr(6, 16),
                                         code,
                                         tokens.member("access_token"),
                                         tokens.member("refresh_token"),
                                         std::string(World::kPassword)};
  for (const auto& secret : secrets) {
    ASSERT_FALSE(secret.empty());
    EXPECT_EQ(world.log().find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace chatelaine::provider
