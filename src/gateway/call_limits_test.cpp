#include "gateway/call_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.hpp"
#include "gateway/testing.hpp"

namespace chatelaine::gateway {
namespace {

using testing::ElementsAre;
using testing_parts::values_of;

oauth::AccessToken some_token(const std::string& client, const std::string& subject, std::int64_t grant) {
  oauth::AccessToken token;
  token.client_id = oauth::ClientId(client);
  token.subject = oauth::Subject(subject);
  if (grant != 0) token.grant_id = oauth::GrantId{grant};
  return token;
}

const limits::Rate kRate{5, seconds{10}};

/// Whether two calls take from one bucket.
bool share(const CallLimits& limits, const oauth::AccessToken& a, const oauth::AccessToken& b,
           const std::string& operation_of_a = "x", const std::string& operation_of_b = "x") {
  const auto of_a = list_claims(limits, a, operation_of_a);
  const auto of_b = list_claims(limits, b, operation_of_b);
  return std::ranges::any_of(of_a, [&](const limits::RateClaim& claim) {
    return std::ranges::any_of(of_b, [&](const limits::RateClaim& other) { return claim.key == other.key; });
  });
}

TEST(CallLimits, EachCountsWhatItIsNamedAfter) {
  const auto ada = some_token("notes", "ada", 1);
  const auto ada_again = some_token("notes", "ada", 2);
  const auto ada_elsewhere = some_token("todo", "ada", 3);
  const auto grace = some_token("notes", "grace", 4);
  const CallLimits per_client{.per_client = kRate};
  EXPECT_TRUE(share(per_client, ada, grace));
  EXPECT_FALSE(share(per_client, ada, ada_elsewhere));
  const CallLimits per_user{.per_user = kRate};
  EXPECT_TRUE(share(per_user, ada, ada_elsewhere));
  EXPECT_FALSE(share(per_user, ada, grace));
  const CallLimits per_grant{.per_grant = kRate};
  EXPECT_FALSE(share(per_grant, ada, ada_again));
  EXPECT_TRUE(share(per_grant, ada, ada));
  const CallLimits per_operation{.per_operation = {{"export", kRate}}};
  EXPECT_TRUE(share(per_operation, ada, grace, "export", "export"));
  EXPECT_TRUE(list_claims(per_operation, ada, "other").empty());
}

TEST(CallLimits, AClientThatActsForItselfHasABucketOfItsOwn) {
  const CallLimits limits{.per_grant = kRate};
  EXPECT_TRUE(share(limits, some_token("1", "1", 0), some_token("1", "1", 0)));
  EXPECT_FALSE(share(limits, some_token("1", "1", 0), some_token("x", "1", 1))) << "its name is no grant's number";
  EXPECT_FALSE(share({.per_client = kRate, .per_user = kRate}, some_token("a", "b", 1), some_token("b", "a", 2)));
}

TEST(CallLimits, TellHowTheTightestStands) {
  net::Response response;
  add_rate_limit(response, {.rate = {600, seconds{60}}, .remaining = 17, .reset = milliseconds{1'001}});
  EXPECT_THAT(values_of(response.headers, "RateLimit-Limit"), ElementsAre("600"));
  EXPECT_THAT(values_of(response.headers, "RateLimit-Remaining"), ElementsAre("17"));
  EXPECT_THAT(values_of(response.headers, "RateLimit-Reset"), ElementsAre("2")) << "rounded up";
  add_rate_limit(response, {.rate = {1, seconds{1}}, .remaining = 0, .reset = {}});
  EXPECT_THAT(values_of(response.headers, "RateLimit-Limit"), ElementsAre("600")) << "the API's own stays";
}

// RFC 6585 §4: 429 says how long to wait.
TEST(CallLimits, ARefusalSaysHowLongToWait) {
  const net::Response response =
      refuse_rate({.wait = milliseconds{10'200}, .tightest = {.rate = {5, std::chrono::minutes{1}}, .remaining = 0}});
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(values_of(response.headers, "Retry-After"), ElementsAre("11"));
  EXPECT_THAT(values_of(response.headers, "RateLimit-Remaining"), ElementsAre("0"));
  const json::value body = parse_json(response.body).value();
  EXPECT_EQ(body.at("error").as_string(), "too_many_requests");
  EXPECT_NE(std::string(body.at("error_description").as_string()).find("5 calls in 1m"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::gateway
