#include "gateway/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "gateway/testing.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;
using testing::ElementsAre;

struct ErrorRow {
  net::UpstreamError error;
  int status;
  std::string_view code;
};

TEST(Refusal, UpstreamErrorsAreSentences) {
  const ErrorRow rows[] = {
      {net::UpstreamError::unreachable, 502, "upstream_unreachable"},
      {net::UpstreamError::timed_out, 504, "upstream_timed_out"},
      {net::UpstreamError::broken_answer, 502, "upstream_broken"},
      {net::UpstreamError::request_body_failed, 400, "invalid_request"},
      {net::UpstreamError::request_body_timed_out, 408, "invalid_request"},
  };
  for (const ErrorRow& row : rows) {
    SCOPED_TRACE(row.code);
    const net::Response response = report_upstream_error(row.error);
    EXPECT_EQ(response.status, row.status);
    const json::object body = parse_json(response.body).value().as_object();
    EXPECT_EQ(body.at("error").as_string(), row.code);
    EXPECT_FALSE(body.at("error_description").as_string().empty());
    EXPECT_THAT(values_of(response.headers, "Access-Control-Allow-Origin"), ElementsAre("*"));
    EXPECT_EQ(values_of(response.headers, "Retry-After").size(),
              row.error == net::UpstreamError::unreachable ? 1U : 0U);
  }
}

/// RFC 9110 §11.2: the realm is a quoted-string.
TEST(Refusal, ARealmWithQuotesStaysOneQuotedString) {
  EXPECT_THAT(values_of(ask_for_token("a \"quoted\" name").headers, "WWW-Authenticate"),
              ElementsAre(R"(Bearer realm="a \"quoted\" name")"));
}

}  // namespace
}  // namespace chatelaine::gateway
