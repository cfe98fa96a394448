#include "gateway/gateway.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "crypto/jws.hpp"
#include "gateway/gateway_for_test.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class GatewayTest : public GatewayFixture {};

struct Row {
  std::string_view name;
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  int status = 0;
  /// Exact where it is not empty; empty: no challenge.
  std::string challenge;
  std::string error;
};

FakeRequest make_request(const Row& row) {
  FakeRequest request(row.method, row.target);
  for (const auto& [name, value] : row.headers) request.header(name, value);
  return request;
}

const std::pair<std::string, std::string> kReader{"Authorization", "Bearer reader"};
const std::pair<std::string, std::string> kWriter{"Authorization", "Bearer writer"};

constexpr std::string_view kInvalid =
    R"(Bearer realm="Todo", error="invalid_token", )"
    R"(error_description="The access token is expired, revoked, or not one for this API.")";

std::vector<Row> make_refusal_rows() {
  const std::string invalid(kInvalid);
  const std::string plain = R"(Bearer realm="Todo")";
  return {
      {"RFC 6750 §3.1: no token, no error code", "GET", "/todos", {}, 401, plain, "invalid_token"},
      {"RFC 6750 §3: another scheme", "GET", "/todos", {{"Authorization", "Basic YTpi"}}, 401, plain, "invalid_token"},
      {"RFC 9700 §4.3.2: a token in the query has no effect",
       "GET",
       "/todos?access_token=reader",
       {},
       401,
       plain,
       "invalid_token"},
      {"RFC 6750 §3.1: a token that is of no use",
       "GET",
       "/todos",
       {{"Authorization", "Bearer abc"}},
       401,
       invalid,
       "invalid_token"},
      {"RFC 6750 §3.1: revoked", "GET", "/todos", {{"authorization", "bearer revoked"}}, 401, invalid, "invalid_token"},
      {"THREATS N03: a scope is missing; all that are needed are named",
       "POST",
       "/todos",
       {kReader},
       403,
       R"(Bearer realm="Todo", error="insufficient_scope", error_description="The access token lacks a scope that )"
       R"(this operation needs: read write", scope="read write")",
       "insufficient_scope"},
      {"a scope behind a template",
       "DELETE",
       "/todos/7",
       {kReader},
       403,
       R"(Bearer realm="Todo", error="insufficient_scope", error_description="The access token lacks a scope that )"
       R"(this operation needs: write", scope="write")",
       "insufficient_scope"},
      {"OpenID Connect Core §5.4: a token that says who its user is",
       "GET",
       "/status",
       {{"Authorization", "Bearer knower"}},
       403,
       R"(Bearer realm="Todo", error="insufficient_scope", error_description="The access token allows nothing of this )"
       R"(API: ask for a scope of the API too.")",
       "insufficient_scope"},
      {"unlisted = deny", "GET", "/admin", {kWriter}, 404, "", "not_found"},
      {"unlisted = deny: a method that is not described", "PUT", "/todos", {kWriter}, 404, "", "not_found"},
      {"unlisted = deny: a trailing slash is another path", "GET", "/todos/", {kWriter}, 404, "", "not_found"},
      {"strangers do not learn what is listed", "GET", "/admin", {}, 401, plain, "invalid_token"},
      {"THREATS N05: an empty segment", "GET", "/docs//x", {kWriter}, 400, "", "invalid_request"},
      {"THREATS N05: a dot segment under a public prefix", "GET", "/docs/../todos", {}, 400, "", "invalid_request"},
      {"THREATS N05: an encoded slash", "GET", "/docs/..%2ftodos", {}, 400, "", "invalid_request"},
      {"THREATS N05: dots with parameters", "GET", "/docs/..;/todos", {}, 400, "", "invalid_request"},
      {"THREATS N05: an encoded zero byte", "GET", "/todos%00", {kWriter}, 400, "", "invalid_request"},
      {"a public prefix is not its own bare name", "GET", "/docs", {}, 401, plain, "invalid_token"},
      {"public is byte for byte", "GET", "/Logo.png", {}, 401, plain, "invalid_token"},
      {"RFC 9110 §9.3.8: TRACE would send credentials back", "TRACE", "/todos", {kWriter}, 405, "", "invalid_request"},
      {"TRACE in another case", "Trace", "/todos", {kWriter}, 405, "", "invalid_request"},
      {"TRACE of a public path", "TRACE", "/logo.png", {}, 405, "", "invalid_request"},
      {"OPTIONS without a preflight's headers is a call",
       "OPTIONS",
       "/todos",
       {{"Origin", "https://a.example"}},
       401,
       plain,
       "invalid_token"},
  };
}

TEST_F(GatewayTest, RefusesBeforeTheUpstreamSeesAnything) {
  for (const Row& row : make_refusal_rows()) {
    SCOPED_TRACE(row.name);
    const net::Response response = call(make_request(row));
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(sent_, 0);
    const auto challenges = values_of(response.headers, "WWW-Authenticate");
    EXPECT_EQ(challenges, row.challenge.empty() ? std::vector<std::string>() : std::vector{row.challenge});
    EXPECT_THAT(values_of(response.headers, "Content-Type"), ElementsAre("application/json"));
    // The Fetch standard's CORS check: a script in a browser can read why.
    EXPECT_THAT(values_of(response.headers, "Access-Control-Allow-Origin"), ElementsAre("*"));
    EXPECT_THAT(values_of(response.headers, "Access-Control-Expose-Headers"),
                ElementsAre("WWW-Authenticate, Retry-After, X-Request-Id, RateLimit-Limit, RateLimit-Remaining, "
                            "RateLimit-Reset"));
    EXPECT_EQ(values_of(response.headers, "Allow").size(), row.status == 405 ? 1U : 0U);
    const json::object body = parse_json(response.body).value().as_object();
    EXPECT_EQ(body.at("error").as_string(), row.error);
    EXPECT_FALSE(body.at("error_description").as_string().empty());
  }
}

TEST_F(GatewayTest, UnreadableAuthorizationIsInvalidRequest) {
  for (const std::string value : {"Bearer", "Bearer ", "Bearer a b", "Bearer \"a\"", "Bearer a,b", "Bearer =="}) {
    SCOPED_TRACE(value);
    const net::Response response = call(FakeRequest("GET", "/todos").header("Authorization", value));
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(values_of(response.headers, "WWW-Authenticate"), ElementsAre(HasSubstr("error=\"invalid_request\"")));
  }
  const net::Response twice = call(
      FakeRequest("GET", "/todos").header("Authorization", "Bearer reader").header("authorization", "Bearer writer"));
  EXPECT_EQ(twice.status, 400);
  EXPECT_EQ(sent_ + verifications_, 0);
}

TEST_F(GatewayTest, LetsThrough) {
  const Row rows[] = {
      {"a call with its scope", "GET", "/todos?limit=3", {kReader}},
      {"more scopes than needed", "GET", "/todos", {kWriter}},
      {"all that are needed", "POST", "/todos", {kWriter}},
      {"an operation without scopes", "GET", "/status", {kReader}},
      {"RFC 9110 §9.3.2: HEAD where GET is described", "HEAD", "/todos", {kReader}},
      {"the same path spelled with escapes", "GET", "/%74odos", {kReader}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    sent_ = 0;
    const net::Response response = call(make_request(row));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "from the API");
    EXPECT_EQ(sent_, 1);
    EXPECT_EQ(target_, row.target) << "THREATS N05: the bytes that were judged are the bytes that are sent";
    EXPECT_EQ(method_, row.method);
    EXPECT_THAT(values_of(headers_, "Chatelaine-Subject"), ElementsAre("user-1"));
    EXPECT_THAT(values_of(headers_, "Authorization"), IsEmpty());
    EXPECT_THAT(values_of(response.headers, "Cache-Control"), ElementsAre("private"));
    EXPECT_THAT(values_of(response.headers, "Vary"), ElementsAre("Authorization"));
  }
}

TEST_F(GatewayTest, PublicPathsAndPreflightsPassWithoutIdentity) {
  const Row rows[] = {
      {"a public path", "GET", "/logo.png", {}},
      {"a public prefix", "GET", "/docs/a/b", {}},
      {"a token there is not looked at, nor passed on", "GET", "/logo.png", {{"Authorization", "Bearer nonsense"}}},
      {"identity from outside is not passed on", "GET", "/logo.png", {{"Chatelaine-Subject", "admin"}}},
      {"a preflight",
       "OPTIONS",
       "/todos",
       {{"Origin", "https://chat.example.com"}, {"Access-Control-Request-Method", "POST"}}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    sent_ = 0;
    const net::Response response = call(make_request(row));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(sent_, 1);
    EXPECT_EQ(verifications_, 0);
    EXPECT_THAT(values_of(headers_, "Authorization"), IsEmpty());
    EXPECT_THAT(values_of(headers_, "Chatelaine-Subject"), IsEmpty());
    EXPECT_THAT(values_of(headers_, "Chatelaine-Assertion"), IsEmpty());
    EXPECT_THAT(values_of(response.headers, "Vary"), IsEmpty());
  }
}

TEST_F(GatewayTest, UnlistedPathsMayBeAllowedButNotPastTheScopesOfTheirLikes) {
  GatewaySettings settings = make_default_settings();
  settings.unlisted = Unlisted::allow;
  live_.set(settings);
  const Row rows[] = {
      {"a path of its own", "GET", "/admin", {kReader}, 200},
      {"but not for strangers", "GET", "/admin", {}, 401},
      {"THREATS N05: a trailing slash", "DELETE", "/todos/7/", {kReader}, 403},
      {"THREATS N05: another case", "DELETE", "/TODOS/7", {kReader}, 403},
      {"another case, with the scope", "DELETE", "/TODOS/7", {kWriter}, 200},
      {"THREATS N05: a method in lower case", "post", "/todos", {kReader}, 403},
      {"THREATS N05: a method in mixed case", "Delete", "/todos/7", {kReader}, 403},
      {"a method in lower case, with the scope", "post", "/todos", {kWriter}, 200},
      {"THREATS N05: parameters of a segment", "POST", "/todos;x", {kReader}, 403},
      {"THREATS N05: an encoded semicolon", "POST", "/todos%3Bx", {kReader}, 403},
      {"THREATS N05: all at once", "post", "/Todos;x=1/", {kReader}, 403},
      {"RFC 9110 §9.3.2: HEAD of what GET asks a scope for", "HEAD", "/Todos", {kReader}, 200},
  };
  for (const Row& row : rows) EXPECT_EQ(call(make_request(row)).status, row.status) << row.name;
}

TEST_F(GatewayTest, WithoutADescriptionEveryPathNeedsATokenAndNoScope) {
  GatewaySettings settings = make_default_settings();
  settings.description = nullptr;
  live_.set(settings);
  EXPECT_EQ(call(FakeRequest("DELETE", "/anything").header("Authorization", "Bearer reader")).status, 200);
  EXPECT_EQ(call(FakeRequest("DELETE", "/anything")).status, 401);
}

TEST_F(GatewayTest, TheAssertionProvesTheCallAndIsReused) {
  call(FakeRequest("GET", "/todos").header("Authorization", "Bearer reader"));
  const std::string assertion = values_of(headers_, "Chatelaine-Assertion").at(0);
  const std::vector keys{crypto::VerificationKey::from_jwk(key_.public_jwk()).value()};
  EXPECT_TRUE(crypto::verify_compact(assertion, "chatelaine-assertion+jwt", keys));
  clock_.advance(seconds(29));
  call(FakeRequest("GET", "/status").header("Authorization", "Bearer reader"));
  EXPECT_THAT(values_of(headers_, "Chatelaine-Assertion"), ElementsAre(assertion));
  EXPECT_EQ(signatures_, 1);
  clock_.advance(seconds(1));
  call(FakeRequest("GET", "/todos").header("Authorization", "Bearer reader"));
  EXPECT_THAT(values_of(headers_, "Chatelaine-Assertion"), Not(ElementsAre(assertion)));
  EXPECT_EQ(signatures_, 2);
}

/// RFC 9068 §3: a token for several resources opens here what its scope means here, and no more of it is told.
TEST_F(GatewayTest, WhatATokenAllowsElsewhereDoesNotCount) {
  GatewaySettings settings = make_default_settings();
  settings.resource.scopes = oauth::Scope({"read", "write"});
  live_.set(std::move(settings));
  const auto call_with = [this](const char* token, const char* path) {
    return call(FakeRequest("GET", path).header("Authorization", std::string("Bearer ") + token));
  };
  EXPECT_EQ(call_with("elsewhere", "/status").status, 403) << "though it needs no scope";
  EXPECT_EQ(sent_, 0);
  ASSERT_EQ(call_with("both", "/todos").status, 200);
  EXPECT_THAT(values_of(headers_, "Chatelaine-Scope"), ElementsAre("openid read"));
  const std::vector keys{crypto::VerificationKey::from_jwk(key_.public_jwk()).value()};
  const auto assertion =
      crypto::verify_compact(values_of(headers_, "Chatelaine-Assertion").at(0), "chatelaine-assertion+jwt", keys);
  ASSERT_TRUE(assertion);
  EXPECT_EQ(parse_json(assertion->payload)->at("scope").as_string(), "openid read");
}

TEST_F(GatewayTest, AStreamEndsWithItsToken) {
  // THREATS N13.
  const auto open = [&] { return call(FakeRequest("GET", "/events").header("Authorization", "Bearer reader")).stream; };
  const auto goes_on = [](net::BodySource& stream) { return block_on(stream.read()).has_value(); };
  const auto revoked = open();
  EXPECT_TRUE(goes_on(*revoked));
  revoked_ = "reader";
  clock_.advance(seconds(2));
  EXPECT_FALSE(goes_on(*revoked));

  revoked_.clear();
  const auto expired = open();
  EXPECT_TRUE(goes_on(*expired));
  clock_.advance(seconds(3'600));
  EXPECT_FALSE(goes_on(*expired));
}

TEST_F(GatewayTest, AnUpstreamWithoutAnAnswerIsReported) {
  error_ = net::UpstreamError::timed_out;
  EXPECT_EQ(call(FakeRequest("GET", "/todos").header("Authorization", "Bearer reader")).status, 504);
}

TEST_F(GatewayTest, WithoutAnApiEveryPathIsNotFound) {
  Gateway gateway(live_, guard_, nullptr, log_);
  const FakeRequest request("GET", "/todos");
  const net::Request sent = request.get();
  const net::Response response = block_on(gateway.handle(sent));
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("[api] upstream"));
}

}  // namespace
}  // namespace chatelaine::gateway
