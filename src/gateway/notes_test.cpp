#include "gateway/notes.hpp"

#include <gtest/gtest.h>

#include "gateway/gateway_for_test.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;

class GatewayNotes : public GatewayFixture {
 protected:
  const FlightNotes& notes_of(std::string method, std::string target, std::string_view token) {
    FakeRequest request(std::move(method), std::move(target));
    if (!token.empty()) request.header("Authorization", "Bearer " + std::string(token));
    static_cast<void>(call(request));
    return notes_;
  }
};

TEST_F(GatewayNotes, OfACallThatGoesThroughOrComesWithoutATokenNothingIsNoted) {
  EXPECT_EQ(notes_of("GET", "/todos", "reader").outcome, FlightOutcome::untold);
  EXPECT_EQ(notes_of("GET", "/todos", "").outcome, FlightOutcome::untold) << "so clients find out where to get one";
}

TEST_F(GatewayNotes, OfARefusalItsCause) {
  struct Row {
    std::string method;
    std::string target;
    std::string_view token;
    std::string sentence;
  };
  const Row rows[] = {
      {"GET", "/todos", "revoked", "The access token was revoked, or the grant that it stands on has ended."},
      {"GET", "/todos", "abc", "No such access token is kept here."},
      {"POST", "/todos", "reader", "The access token lacks a scope that this operation needs: read write"},
      {"GET", "/status", "knower", "The access token allows nothing of this API: ask for a scope of the API too."},
  };
  for (const Row& row : rows) {
    const FlightNotes& notes = notes_of(row.method, row.target, row.token);
    EXPECT_EQ(notes.stage, FlightStage::api_call);
    EXPECT_EQ(notes.outcome, FlightOutcome::failed);
    EXPECT_EQ(notes.sentence, row.sentence);
  }
}

TEST_F(GatewayNotes, OfATokenInAnotherPlaceThatItWasNotFound) {
  static_cast<void>(notes_of("GET", "/todos?limit=1&access_token=reader", ""));
  EXPECT_EQ(notes_.outcome, FlightOutcome::failed);
  EXPECT_EQ(notes_.sentence,
            "The call has an access_token in its query, where it is not looked for: it belongs into the header "
            "Authorization, behind the word Bearer.");
  FakeRequest basic("GET", "/todos");
  basic.header("Authorization", "Basic cmVhZGVyOg==");
  static_cast<void>(call(basic));
  EXPECT_EQ(notes_.outcome, FlightOutcome::failed);
  EXPECT_EQ(notes_.sentence,
            "The call has an Authorization header of another scheme than Bearer: the access token belongs behind that "
            "word.");
  EXPECT_TRUE(notes_.values.empty());
  EXPECT_EQ(notes_of("GET", "/todos?x_access_token=1", "").outcome, FlightOutcome::untold);
}

TEST_F(GatewayNotes, WhoseTokenIsGoodIsNamedAndLinked) {
  const FlightNotes& notes = notes_of("POST", "/todos?secret=x", "reader");
  const oauth::AccessToken token = make_token({"read"});
  EXPECT_EQ(notes.client_id, token.client_id.value());
  EXPECT_EQ(notes.links, std::vector<std::string>{"grant:" + format_id(token.grant_id->value)});
  const std::vector<FlightNotes::Value> values{{"operation", "post /todos"}, {"scope of the token", "read"}};
  EXPECT_EQ(notes.values, values);
}

TEST_F(GatewayNotes, AnApiThatGivesNoAnswerFails) {
  error_ = net::UpstreamError::timed_out;
  EXPECT_EQ(notes_of("GET", "/todos", "reader").outcome, FlightOutcome::failed);
  EXPECT_EQ(notes_.sentence, "The API behind the gateway took too long to answer.");
  const oauth::AccessToken token = make_token({"read"});
  EXPECT_EQ(notes_.client_id, token.client_id.value()) << "so that `trace --client` finds it";
  EXPECT_EQ(notes_.links, std::vector<std::string>{"grant:" + format_id(token.grant_id->value)});
  const std::vector<FlightNotes::Value> values{{"operation", "get /todos"}, {"scope of the token", "read"}};
  EXPECT_EQ(notes_.values, values);
  EXPECT_EQ(notes_of("GET", "/logo.png", "").outcome, FlightOutcome::failed) << "where nobody needs to be known";
  EXPECT_TRUE(notes_.client_id.empty());
}

TEST_F(GatewayNotes, AQuestionToTheUserIsNoFailure) {
  GatewaySettings settings = make_default_settings();
  settings.confirmation = {
      .calls = ConfirmedCalls::deleting, .by = ConfirmedBy::approval, .page = "https://todo.example.com/account/call"};
  live_.set(std::move(settings));
  users_answer_ = {UsersWord::waits, {5}};
  EXPECT_EQ(notes_of("DELETE", "/todos/7", "writer").outcome, FlightOutcome::odd);
  users_answer_ = {UsersWord::denied};
  EXPECT_EQ(notes_of("DELETE", "/todos/7", "writer").outcome, FlightOutcome::odd);
  EXPECT_EQ(notes_.sentence, "Its user has said no to this call. Do not send it again unless they ask.");
}

}  // namespace
}  // namespace chatelaine::gateway
