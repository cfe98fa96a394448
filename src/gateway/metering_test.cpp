// What the gateway counts and records of calls, whichever way they come.
#include <gmock/gmock.h>

#include "gateway/check.hpp"
#include "gateway/gateway_for_test.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;
using testing::ElementsAre;
using testing::IsEmpty;

class MeteringTest : public GatewayFixture {
 protected:
  MeteringTest() : check_(live_, guard_, "/oauth/check", log_) {
    set([](GatewaySettings& settings) { settings.records_calls = true; });
    check_.add_routes(router_);
  }

  void set(const std::function<void(GatewaySettings&)>& change) {
    GatewaySettings settings = make_default_settings();
    settings.answers_checks = true;
    settings.records_calls = true;
    change(settings);
    live_.set(std::move(settings));
  }
  net::Response call_as(const std::string& token, const std::string& method, const std::string& target) {
    FakeRequest request(method, target);
    request.header("Authorization", "Bearer " + token);
    return call(request);
  }
  net::Response ask_about(const std::string& token, const std::string& method, const std::string& target) {
    FakeRequest question("GET", "/oauth/check");
    question.header("Authorization", "Bearer " + token);
    question.header("X-Forwarded-Method", method).header("X-Forwarded-Uri", target);
    net::Request sent = question.get();
    sent.is_from_trusted_proxy = true;
    return block_on(router_.route(sent));
  }
  /// Door, operation and status of what was recorded.
  std::vector<std::string> recorded() {
    std::vector<std::string> lines;
    for (const storage::CallRecord& record : records_)
      lines.push_back(std::string(to_string(record.door)) + " " + record.operation + " " +
                      std::to_string(record.status));
    return lines;
  }

  Check check_;
  net::Router router_;
};

TEST_F(MeteringTest, EachCallOfSomebodyKnownIsRecorded) {
  call_as("reader", "GET", "/todos?secret=1");
  call_as("reader", "POST", "/todos");
  call_as("reader", "GET", "/nothing");
  call_as("knower", "GET", "/status");
  ask_about("writer", "DELETE", "/todos/7");
  ask_about("reader", "DELETE", "/todos/7");
  EXPECT_THAT(recorded(),
              ElementsAre("gateway get /todos 200", "gateway post /todos 403", "gateway GET /nothing 404",
                          "gateway get /status 403", "check delete /todos/{id} 200", "check delete /todos/{id} 403"));
  EXPECT_EQ(records_.front().client_id.value(), "client-1");
  EXPECT_EQ(records_.front().grant_id, oauth::GrantId{42});
  EXPECT_EQ(records_.front().at, clock_.now());
}

/// THREATS N48: whoever reads the ledger could use it.
TEST_F(MeteringTest, ATokenInAPathIsNotRecorded) {
  call_as("reader", "GET", "/x/ctl_rt_0123456789/y");
  ask_about("reader", "GET", "/x/ctl_rt_0123456789/y");
  set([](GatewaySettings& settings) { settings.unlisted = Unlisted::allow; });
  call_as("reader", "GET", "/unlisted/ctl_at_0123456789");
  EXPECT_THAT(recorded(), ElementsAre("gateway GET /x/(17 characters)/y 404", "check GET /x/(17 characters)/y 404",
                                      "gateway GET /unlisted/(17 characters) 200"));
}

TEST_F(MeteringTest, NobodyIsRecordedForWhatNeedsNoToken) {
  call(FakeRequest("GET", "/logo.png"));
  call(FakeRequest("GET", "/todos"));
  call_as("revoked", "GET", "/todos");
  EXPECT_THAT(recorded(), IsEmpty());
}

TEST_F(MeteringTest, AnUpstreamThatFailsIsRecordedAsWhatTheCallerGot) {
  error_ = net::UpstreamError::timed_out;
  call_as("reader", "GET", "/todos");
  EXPECT_THAT(recorded(), ElementsAre("gateway get /todos 504"));
}

TEST_F(MeteringTest, NothingIsRecordedWhereTheLedgerIsOff) {
  set([](GatewaySettings& settings) { settings.records_calls = false; });
  call_as("reader", "GET", "/todos");
  EXPECT_THAT(recorded(), IsEmpty());
}

TEST_F(MeteringTest, AboveALimitCallsWait) {
  set([](GatewaySettings& settings) { settings.limits.per_grant = limits::Rate{2, seconds{60}}; });
  const net::Response first = call_as("reader", "GET", "/todos");
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(values_of(first.headers, "RateLimit-Limit"), ElementsAre("2"));
  EXPECT_THAT(values_of(first.headers, "RateLimit-Remaining"), ElementsAre("1"));
  EXPECT_EQ(ask_about("reader", "GET", "/todos").status, 200) << "a proxy's calls count, too";
  const net::Response refused = call_as("reader", "GET", "/todos");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(values_of(refused.headers, "Retry-After"), ElementsAre("30"));
  EXPECT_EQ(ask_about("reader", "GET", "/todos").status, 429);
  EXPECT_EQ(sent_, 1) << "the API does not see what is refused";
  EXPECT_EQ(call_as("machine", "GET", "/todos").status, 200) << "another's bucket";
  EXPECT_EQ(recorded().back(), "gateway get /todos 200");
  EXPECT_THAT(recorded(), testing::Contains("gateway get /todos 429"));
  clock_.advance(seconds{30});
  EXPECT_EQ(call_as("reader", "GET", "/todos").status, 200);
}

TEST_F(MeteringTest, WhatIsRefusedForItsScopeCountsForNoLimit) {
  set([](GatewaySettings& settings) { settings.limits.per_grant = limits::Rate{1, seconds{60}}; });
  EXPECT_EQ(call_as("reader", "POST", "/todos").status, 403);
  EXPECT_EQ(call_as("reader", "GET", "/todos").status, 200);
}

TEST_F(MeteringTest, ASingleOperationHasItsOwnLimit) {
  set([](GatewaySettings& settings) { settings.limits.per_operation = {{"get /todos", {1, seconds{60}}}}; });
  EXPECT_EQ(call_as("reader", "GET", "/todos").status, 200);
  EXPECT_EQ(call_as("writer", "GET", "/todos").status, 429) << "whoever calls";
  EXPECT_EQ(call_as("reader", "GET", "/status").status, 200);
  EXPECT_TRUE(values_of(call_as("reader", "GET", "/status").headers, "RateLimit-Limit").empty());
}

}  // namespace
}  // namespace chatelaine::gateway
