#include <gtest/gtest.h>

#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// A wrong request to the token endpoint, and exactly what it gets.
struct Wrong {
  const char* sentence;
  TestRequest request;
  int status;
  const char* error;
  const char* description;
};

TestRequest form(std::vector<Form::Field> fields) { return post_form("/oauth/token", fields); }
TestRequest raw(std::string content_type, std::string body) {
  TestRequest request{.method = "POST", .target = "/oauth/token", .headers = {}, .body = std::move(body)};
  return std::move(request).with("Content-Type", std::move(content_type));
}
TestRequest by_plugin(std::vector<Form::Field> fields) {
  fields.push_back({"client_id", "todo-plugin"});
  fields.push_back({"client_secret", "secret-of-todo-plugin"});
  return form(std::move(fields));
}

std::vector<Wrong> wrong_requests() {
  constexpr const char* kContentTypes = "send application/x-www-form-urlencoded or application/json.";
  static const std::string text_plain = std::string("The Content-Type 'text/plain' is not supported: ") + kContentTypes;
  static const std::string none = std::string("Content-Type is missing: ") + kContentTypes;
  constexpr const char* kForm = "application/x-www-form-urlencoded";
  return {
      {"a wrong content type is invalid_request", raw("text/plain", "grant_type=x"), 400, "invalid_request",
       text_plain.c_str()},
      {"no content type is invalid_request",
       {"POST", "/oauth/token", {}, "grant_type=x"},
       400,
       "invalid_request",
       none.c_str()},
      {"a repeated content type is invalid_request", raw(kForm, "a=b").with("Content-Type", "application/json"), 400,
       "invalid_request", "The header Content-Type came more than once."},
      {"a repeated Authorization is invalid_request",
       form({}).with("Authorization", basic("worker")).with("Authorization", basic("worker")), 400, "invalid_request",
       "The header Authorization came more than once."},
      {"RFC 6749 §3.2: a parameter must not come more than once", raw(kForm, "grant_type=a&grant_type=b"), 400,
       "invalid_request", "The parameter 'grant_type' appears more than once."},
      {"a JSON key must not come more than once", raw("application/json", R"({"code":"a","code":"b"})"), 400,
       "invalid_request", nullptr},
      {"a JSON number is named", raw("application/json", R"({"grant_type":"refresh_token","client_id":7})"), 400,
       "invalid_request", "The JSON member 'client_id' must be a string, not a number."},
      {"a JSON array is no request", raw("application/json", "[]"), 400, "invalid_request",
       "The body must be a JSON object, not an array."},
      {"broken JSON is invalid_request", raw("application/json", "{"), 400, "invalid_request", nullptr},
      {"a body over 64 KiB is 413", raw(kForm, "a=" + std::string(65 * 1024, 'b')), 413, "invalid_request",
       "The body is larger than 64 KiB; an OAuth request needs a few hundred bytes."},
      {"RFC 6749 §5.2: no client authentication is invalid_client", form({{"grant_type", "refresh_token"}}), 401,
       "invalid_client", "The request names no client: client_id is missing."},
      {"RFC 6749 §5.2: an unknown client is invalid_client", form({{"client_id", "nobody"}}), 401, "invalid_client",
       "The client is unknown, or its secret is wrong."},
      {"RFC 6749 §5.2: a wrong secret is invalid_client",
       form({{"client_id", "todo-plugin"}, {"client_secret", "secret-of-worker"}}), 401, "invalid_client",
       "The client is unknown, or its secret is wrong."},
      {"RFC 6749 §2.3.1: a confidential client must authenticate", form({{"client_id", "todo-plugin"}}), 401,
       "invalid_client", "This client has a secret, and the request does not carry it."},
      {"RFC 6749 §2.3: one authentication method a request", by_plugin({}).with("Authorization", basic("todo-plugin")),
       400, "invalid_request",
       "The client secret came in the Authorization header and in the body: send it in one of them."},
      {"a client must use a method that it is registered for",
       form({{"client_id", "strict-web"}, {"client_secret", "secret-of-strict-web"}}), 401, "invalid_client",
       "This client is not registered for client_secret_post."},
      {"an unreadable Authorization header is invalid_client", form({}).with("Authorization", "Basic ???"), 401,
       "invalid_client", nullptr},
      {"RFC 6749 §5.2: a missing grant_type is invalid_request", by_plugin({}), 400, "invalid_request",
       "The parameter grant_type is missing."},
      {"RFC 6749 §5.2: an unknown grant_type is unsupported_grant_type", by_plugin({{"grant_type", "magic"}}), 400,
       "unsupported_grant_type", nullptr},
      {"RFC 9700 §2.4: the password grant is not there", by_plugin({{"grant_type", "password"}}), 400,
       "unsupported_grant_type", nullptr},
      {"RFC 6749 §5.2: a grant type that the client may not use is unauthorized_client",
       by_plugin({{"grant_type", "client_credentials"}}), 400, "unauthorized_client",
       "This client is not registered for the grant type client_credentials: chatelaine client update ID --grant "
       "client_credentials."},
      {"RFC 8707 §2: a resource that is not ours is invalid_target",
       form({{"grant_type", "client_credentials"}, {"resource", "https://other.example"}})
           .with("Authorization", basic("worker")),
       400, "invalid_target", nullptr},
      {"a missing code is invalid_request", by_plugin({{"grant_type", "authorization_code"}}), 400, "invalid_request",
       "The parameter code is missing."},
      {"an unknown code is invalid_grant", by_plugin({{"grant_type", "authorization_code"}, {"code", "ctl_ac_x"}}), 400,
       "invalid_grant", "The code is unknown, expired, or was issued to another client."},
      {"a missing refresh_token is invalid_request", by_plugin({{"grant_type", "refresh_token"}}), 400,
       "invalid_request", "refresh_token is missing."},
      {"an unknown refresh_token is invalid_grant",
       by_plugin({{"grant_type", "refresh_token"}, {"refresh_token", "ctl_rt_x"}}), 400, "invalid_grant", nullptr},
  };
}

TEST(Token, WrongRequests) {
  World world;
  for (const auto& row : wrong_requests()) {
    SCOPED_TRACE(row.sentence);
    const auto answer = world.send(row.request);
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.member("error"), row.error);
    EXPECT_FALSE(answer.member("error_description").empty());
    if (row.description != nullptr) {
      EXPECT_EQ(answer.member("error_description"), row.description);
    }
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Pragma"), "no-cache");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    // RFC 6749 §5.2, RFC 9110 §15.5.2.
    EXPECT_EQ(answer.header("WWW-Authenticate").has_value(), row.status == 401);
  }
}

TEST(Token, OtherMethodsAre405WithAllow) {
  World world;
  const auto answer = world.send(get("/oauth/token"));
  EXPECT_EQ(answer.status, 405);
  EXPECT_NE(answer.header("Allow").value_or("").find("POST"), std::string::npos);
}

TEST(Token, NoSecretIsLogged) {
  World world;
  for (const auto& row : wrong_requests()) EXPECT_GE(world.send(row.request).status, 400);
  const auto tokens = obtain_tokens(world);
  const std::vector<std::string> secrets{"secret-of-", tokens.member("access_token"), tokens.member("refresh_token"),
                                         std::string(World::kPassword)};
  for (const auto& secret : secrets) {
    ASSERT_FALSE(secret.empty());
    EXPECT_EQ(world.log().find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace chatelaine::provider
