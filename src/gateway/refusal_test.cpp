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
      {net::UpstreamError::cancelled, 499, "call_cancelled"},
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
  EXPECT_THAT(values_of(ask_for_token({.name = "a \"quoted\" name"}).headers, "WWW-Authenticate"),
              ElementsAre(R"(Bearer realm="a \"quoted\" name")"));
}

/// RFC 9728 §5.1: every challenge says where the API's metadata is; MCP (authorization, release 2026-07-28): and, at
/// 401, what to ask for.
TEST(Refusal, ChallengesNameTheMetadata) {
  const Realm realm{.name = "Todo",
                    .initial_scope = oauth::Scope({"read"}),
                    .resource_metadata = "https://todo.example.com/.well-known/oauth-protected-resource/api"};
  const std::string metadata =
      R"(, resource_metadata="https://todo.example.com/.well-known/oauth-protected-resource/api")";
  const auto challenge_of = [](const net::Response& response) {
    return values_of(response.headers, "WWW-Authenticate").at(0);
  };
  EXPECT_EQ(challenge_of(ask_for_token(realm)), R"(Bearer realm="Todo", scope="read")" + metadata);
  EXPECT_EQ(
      challenge_of(refuse_token(realm)),
      R"(Bearer realm="Todo", error="invalid_token", error_description="The access token is expired, revoked, or )"
      R"(not one for this API.", scope="read")" +
          metadata);
  EXPECT_EQ(challenge_of(refuse_authorization(realm, "unreadable")),
            R"(Bearer realm="Todo", error="invalid_request", error_description="unreadable")" + metadata);
  EXPECT_EQ(
      challenge_of(refuse_scope(realm, oauth::Scope({"read", "write"}))),
      R"(Bearer realm="Todo", error="insufficient_scope", error_description="The access token lacks a scope that )"
      R"(this operation needs: read write", scope="read write")" +
          metadata);
  EXPECT_EQ(challenge_of(refuse_identity(realm)),
            R"(Bearer realm="Todo", error="insufficient_scope", error_description="The access token allows nothing of )"
            R"(this API: ask for a scope of the API too.", scope="read")" +
                metadata);
}

}  // namespace
}  // namespace chatelaine::gateway
