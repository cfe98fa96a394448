#include "gateway/check.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "gateway/gateway_for_test.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kPath = "/oauth/check";

struct Call {
  std::string_view name;
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  int status = 0;
};

const std::pair<std::string, std::string> kReader{"Authorization", "Bearer reader"};
const std::pair<std::string, std::string> kWriter{"Authorization", "Bearer writer"};

/// One of each thing that the gateway does with a call.
std::vector<Call> make_calls() {
  return {
      {"a call with its scope", "GET", "/todos?limit=3", {kReader}, 200},
      {"all that are needed", "POST", "/todos", {kWriter}, 200},
      {"a template", "DELETE", "/todos/7", {kWriter}, 200},
      {"RFC 9110 §9.3.2: HEAD where GET is described", "HEAD", "/todos", {kReader}, 200},
      {"a public path", "GET", "/logo.png", {}, 200},
      {"a public path, with a token", "GET", "/docs/a", {kReader}, 200},
      {"a preflight",
       "OPTIONS",
       "/todos",
       {{"Origin", "https://chat.example.com"}, {"Access-Control-Request-Method", "POST"}},
       200},
      {"RFC 6750 §3.1: no token, no error code", "GET", "/todos", {}, 401},
      {"RFC 6750 §3.1: a token that is of no use", "GET", "/todos", {{"Authorization", "Bearer abc"}}, 401},
      {"RFC 6750 §3.1: revoked", "GET", "/todos", {{"Authorization", "Bearer revoked"}}, 401},
      {"an Authorization that cannot be read", "GET", "/todos", {{"Authorization", "Bearer a b"}}, 400},
      {"two of them", "GET", "/todos", {kReader, kWriter}, 400},
      {"THREATS N03: a scope is missing; all that are needed are named", "POST", "/todos", {kReader}, 403},
      {"a token that only says who its user is", "GET", "/status", {{"Authorization", "Bearer knower"}}, 403},
      {"unlisted = deny", "GET", "/admin", {kWriter}, 404},
      {"strangers do not learn what is listed", "GET", "/admin", {}, 401},
      {"THREATS N05: dot segments", "GET", "/docs/../todos", {kWriter}, 400},
      {"THREATS N05: an encoded slash", "GET", "/docs/..%2ftodos", {}, 400},
      {"THREATS N05: an empty segment", "GET", "//logo.png", {}, 400},
      {"THREATS N05: dot segments behind a public path, encoded", "GET", "/docs/%2e%2e/todos", {}, 400},
      {"THREATS N05: an encoded backslash", "GET", "/docs/..%5ctodos", {}, 400},
      {"RFC 9110 §9.3.8: TRACE", "TRACE", "/todos", {kWriter}, 405},
      {"HEAD without a token", "HEAD", "/todos", {}, 401},
      {"a WebSocket's beginning is a GET",
       "GET",
       "/todos",
       {kReader, {"Connection", "Upgrade"}, {"Upgrade", "websocket"}},
       200},
      {"and needs what that needs", "GET", "/todos", {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}}, 401},
  };
}

constexpr std::array kIdentity{"Chatelaine-Subject", "Chatelaine-Client", "Chatelaine-Scope", "Chatelaine-Grant",
                               "Chatelaine-Assertion"};

class CheckTest : public GatewayFixture {
 protected:
  CheckTest() : check_(live_, guard_, kPath, log_) {
    GatewaySettings settings = make_default_settings();
    settings.answers_checks = true;
    live_.set(std::move(settings));
    check_.add_routes(router_);
  }

  net::Response ask(const FakeRequest& question, bool is_from_trusted_proxy = true) {
    net::Request sent = question.get();
    sent.peer_address = "10.0.0.3";
    sent.is_from_trusted_proxy = is_from_trusted_proxy;
    return block_on(router_.route(sent));
  }
  static FakeRequest make_request(const std::string& method, const std::string& target, const Call& call) {
    FakeRequest request(method, target);
    for (const auto& [name, value] : call.headers) request.header(name, value);
    return request;
  }
  net::Response ask_as_nginx(const Call& call) {
    FakeRequest question = make_request("GET", kPath, call);
    question.header("X-Original-Method", call.method).header("X-Original-URI", call.target);
    return ask(question);
  }
  net::Response ask_as_traefik(const Call& call) {
    FakeRequest question = make_request("GET", kPath, call);
    question.header("X-Forwarded-Method", call.method).header("X-Forwarded-Uri", call.target);
    return ask(question);
  }
  net::Response ask_as_envoy(const Call& call) { return ask(make_request(call.method, kPath + call.target, call)); }
  net::Response call_gateway(const Call& row) { return call(make_request(row.method, row.target, row)); }

  Check check_;
  net::Router router_;
};

void expect_same_refusal(const net::Response& refusal, const net::Response& expected) {
  EXPECT_EQ(refusal.body, expected.body);
  for (const char* name : {"WWW-Authenticate", "Content-Type", "Cache-Control", "Allow", "Access-Control-Allow-Origin",
                           "Access-Control-Expose-Headers"}) {
    EXPECT_EQ(values_of(refusal.headers, name), values_of(expected.headers, name)) << name;
  }
}

TEST_F(CheckTest, SaysWhatTheGatewayWouldDo) {
  for (const Call& row : make_calls()) {
    SCOPED_TRACE(row.name);
    headers_.clear();
    const net::Response expected = call_gateway(row);
    ASSERT_EQ(expected.status, row.status);
    for (const net::Response& answer : {ask_as_traefik(row), ask_as_envoy(row), ask_as_nginx(row)}) {
      if (row.status == 200) {
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "");
        EXPECT_THAT(values_of(answer.headers, "Cache-Control"), ElementsAre("no-store"));
        for (const char* name : kIdentity) {
          EXPECT_EQ(values_of(answer.headers, name), values_of(headers_, name)) << name;
        }
      } else {
        expect_same_refusal(answer, expected);
        for (const char* name : kIdentity) EXPECT_THAT(values_of(answer.headers, name), IsEmpty());
      }
    }
    EXPECT_EQ(ask_as_traefik(row).status, row.status);
    EXPECT_EQ(ask_as_envoy(row).status, row.status);
  }
}

/// ngx_http_auth_request_module: 401 and 403 are refusals, and anything else but 2xx is an error of the server's.
TEST_F(CheckTest, TellsNginxNoStatusThatItTakesForAFault) {
  for (const Call& row : make_calls()) {
    if (row.status == 200) continue;
    SCOPED_TRACE(row.name);
    const net::Response answer = ask_as_nginx(row);
    EXPECT_EQ(answer.status, row.status == 401 ? 401 : 403);
    EXPECT_THAT(values_of(answer.headers, "Chatelaine-Status"), ElementsAre(std::to_string(row.status)));
  }
}

TEST_F(CheckTest, LetsThroughAClientOfItsOwnWithoutAGrant) {
  const net::Response answer = ask_as_nginx({"", "GET", "/todos", {{"Authorization", "Bearer machine"}}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(values_of(answer.headers, "Chatelaine-Subject"), ElementsAre("user-1"));
  EXPECT_THAT(values_of(answer.headers, "Chatelaine-Grant"), IsEmpty());
}

/// THREATS N12: nothing of an answer is kept.
TEST_F(CheckTest, ARevocationCountsAtOnce) {
  const Call row{"", "GET", "/todos", {kReader}};
  EXPECT_EQ(ask_as_nginx(row).status, 200);
  revoked_ = "reader";
  EXPECT_EQ(ask_as_nginx(row).status, 401);
}

/// THREATS N04: what the caller claims to be says nothing, whichever of the proxy's headers it came with.
TEST_F(CheckTest, IdentityFromOutsideIsNotGivenBack) {
  const Call row{"", "GET", "/logo.png", {{"Chatelaine-Subject", "admin"}, {"Chatelaine_Subject", "admin"}}};
  for (const net::Response& answer : {ask_as_nginx(row), ask_as_traefik(row), ask_as_envoy(row)}) {
    EXPECT_EQ(answer.status, 200);
    for (const net::Header& header : answer.headers) EXPECT_NE(header.value, "admin");
  }
}

TEST_F(CheckTest, AnswersTrustedProxiesAlone) {
  const Call questions[] = {
      {"nginx", "GET", kPath, {{"X-Original-Method", "GET"}, {"X-Original-URI", "/logo.png"}}},
      {"Envoy", "GET", kPath + std::string("/todos"), {kReader}},
      {"who claims to come from a proxy", "GET", kPath + std::string("/todos"), {{"X-Forwarded-For", "10.0.0.1"}}},
      {"who asks nothing", "GET", kPath, {}},
  };
  for (const Call& row : questions) {
    SCOPED_TRACE(row.name);
    const net::Response answer = ask(make_request(row.method, row.target, row), false);
    EXPECT_EQ(answer.status, 403);
    EXPECT_THAT(answer.body, HasSubstr("add \\\"10.0.0.3\\\" to trusted_proxies"));
    EXPECT_THAT(values_of(answer.headers, "Chatelaine-Assertion"), IsEmpty());
    EXPECT_THAT(values_of(answer.headers, "Cache-Control"), ElementsAre("no-store"));
  }
  EXPECT_EQ(verifications_, 0);
}

TEST_F(CheckTest, AQuestionThatCannotBeReadIsRefused) {
  const Call questions[] = {
      {"nothing is asked", "GET", kPath, {kReader}},
      {"half a question", "GET", kPath, {kReader, {"X-Original-URI", "/todos"}}},
      {"two questions", "GET", kPath + std::string("/todos"), {kReader, {"X-Original-URI", "/todos"}}},
  };
  for (const Call& row : questions) {
    SCOPED_TRACE(row.name);
    const net::Response answer = ask(make_request(row.method, row.target, row));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(parse_json(answer.body)->at("error").as_string(), "invalid_request");
    EXPECT_THAT(values_of(answer.headers, "WWW-Authenticate"), IsEmpty());
  }
}

TEST_F(CheckTest, WhatIsSwitchedOffIsGone) {
  live_.set(make_default_settings());
  for (const bool is_from_trusted_proxy : {true, false}) {
    const FakeRequest question("POST", std::string(kPath) + "/todos");
    EXPECT_EQ(ask(question, is_from_trusted_proxy).status, 404);
  }
  GatewaySettings settings = make_default_settings();
  settings.answers_checks = true;
  live_.set(std::move(settings));
  EXPECT_EQ(ask_as_envoy({"", "GET", "/todos", {kReader}}).status, 200);
}

}  // namespace
}  // namespace chatelaine::gateway
