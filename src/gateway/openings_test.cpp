// Operations that were opened after their user allowed the scope.
#include <gmock/gmock.h>

#include "gateway/gateway_for_test.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;
using testing::ElementsAre;

class OpeningsTest : public GatewayFixture {
 protected:
  OpeningsTest() {
    GatewaySettings settings = make_default_settings();
    settings.records_calls = true;
    settings.opened_since = {{"post /todos", clock_.now()}};
    live_.set(std::move(settings));
  }
  void see(const std::string& scope, Instant when) {
    if (!consent_) consent_.emplace();
    consent_->seen_at[scope] = when;
  }
  net::Response call_as(const std::string& token, const std::string& method, const std::string& target) {
    FakeRequest request(method, target);
    request.header("Authorization", "Bearer " + token);
    return call(request);
  }
};

TEST_F(OpeningsTest, WhoHasNotSeenItIsAskedForItsScopesAgain) {
  see("read", clock_.now());
  see("write", clock_.now() - seconds(1));
  const net::Response response = call_as("writer", "POST", "/todos");
  EXPECT_EQ(response.status, 403);
  EXPECT_THAT(values_of(response.headers, "WWW-Authenticate"),
              ElementsAre(R"(Bearer realm="Todo", error="insufficient_scope", error_description="This operation was )"
                          R"(opened after its user allowed read write: begin a new authorization, which shows them )"
                          R"(what is new.", scope="read write")"));
  EXPECT_EQ(sent_, 0);
  ASSERT_EQ(records_.size(), 1U);
  EXPECT_EQ(records_[0].status, 403U);
}

TEST_F(OpeningsTest, WhoHasSeenItMayCall) {
  see("read", clock_.now());
  see("write", clock_.now());
  EXPECT_EQ(call_as("writer", "POST", "/todos").status, 200);
}

TEST_F(OpeningsTest, WithoutAConsentNothingWasSeen) { EXPECT_EQ(call_as("writer", "POST", "/todos").status, 403); }

TEST_F(OpeningsTest, WhatWasOpenBeforeIsNotAskedAbout) {
  EXPECT_EQ(call_as("writer", "DELETE", "/todos/7").status, 200);
  EXPECT_EQ(call_as("reader", "GET", "/todos").status, 200);
}

TEST_F(OpeningsTest, AClientThatActsForItselfHasNobodyToAsk) {
  GatewaySettings settings = live_.get();
  settings.opened_since = {{"get /todos", clock_.now()}};
  live_.set(std::move(settings));
  EXPECT_EQ(call_as("machine", "GET", "/todos").status, 200);
  EXPECT_EQ(call_as("reader", "GET", "/todos").status, 403);
}

// THREATS N05
TEST_F(OpeningsTest, ACallThatAnApiCouldTakeForItIsOneToo) {
  GatewaySettings settings = live_.get();
  settings.unlisted = Unlisted::allow;
  live_.set(std::move(settings));
  EXPECT_EQ(call_as("writer", "POST", "/Todos/").status, 403);
}

}  // namespace
}  // namespace chatelaine::gateway
