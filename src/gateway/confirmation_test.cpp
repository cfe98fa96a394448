#include "gateway/confirmation.hpp"

#include <gmock/gmock.h>

#include "gateway/check.hpp"
#include "gateway/gateway_for_test.hpp"
#include "net/whole_body.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;
using testing::ElementsAre;
using testing::IsEmpty;

/// The conversation with a user, as storage would lead it.
class ScriptedConfirmations final : public storage::Confirmations {
 public:
  Task<std::optional<storage::ConfirmationId>> ask_confirmation(const storage::Confirmation& question,
                                                                Instant) override {
    ++asked;
    if (!has_room) co_return std::nullopt;
    co_return question.id;
  }
  Task<std::optional<storage::Confirmation>> find_confirmation_of_call(oauth::GrantId, crypto::Sha256,
                                                                       Instant) override {
    co_return known;
  }
  Task<std::optional<storage::Confirmation>> find_confirmation(storage::ConfirmationId, oauth::UserId,
                                                               Instant) override {
    co_return std::nullopt;
  }
  Task<std::vector<storage::Confirmation>> list_waiting_confirmations(oauth::UserId, Instant) override {
    co_return std::vector<storage::Confirmation>();
  }
  Task<bool> decide_confirmation(storage::ConfirmationId, oauth::UserId, storage::ConfirmationState, Instant,
                                 Instant) override {
    co_return false;
  }
  Task<bool> spend_confirmation(storage::ConfirmationId, Instant) override { co_return is_spent_by_us; }

  std::optional<storage::Confirmation> known;
  bool is_spent_by_us = true;
  bool has_room = true;
  int asked = 0;
};

storage::Confirmation make_known(storage::ConfirmationState state) {
  storage::Confirmation known = make_question(FakeRequest("POST", "/pay").get(), "", nullptr, "act");
  known.id = {5};
  known.state = state;
  return known;
}

TEST(AskUser, FindsWhatWasSaidOrAsks) {
  using enum storage::ConfirmationState;
  const struct {
    std::optional<storage::ConfirmationState> known;
    bool is_spent_by_us;
    bool has_room;
    UsersWord word;
    std::int64_t id;
    int asked;
  } rows[] = {
      {std::nullopt, true, true, UsersWord::waits, 9, 1},
      {std::nullopt, true, false, UsersWord::too_many_wait, 0, 1},
      {asked, true, true, UsersWord::waits, 5, 0},
      {denied, true, true, UsersWord::denied, 0, 0},
      {approved, true, true, UsersWord::approved, 0, 0},
      // The same call came twice at once.
      {approved, false, true, UsersWord::waits, 9, 1},
  };
  for (const auto& row : rows) {
    ScriptedConfirmations confirmations;
    if (row.known) confirmations.known = make_known(*row.known);
    confirmations.is_spent_by_us = row.is_spent_by_us;
    confirmations.has_room = row.has_room;
    storage::Confirmation question = make_known(asked);
    question.id = {9};
    const UsersAnswer answer = block_on(ask_user(confirmations, question, Instant()));
    EXPECT_EQ(answer.word, row.word);
    EXPECT_EQ(answer.id.value, row.id);
    EXPECT_EQ(confirmations.asked, row.asked);
  }
}

class ConfirmationTest : public GatewayFixture {
 protected:
  ConfirmationTest() : check_(live_, guard_, "/oauth/check", log_) {
    set(ConfirmedBy::approval);
    check_.add_routes(router_);
  }

  void set(ConfirmedBy by) {
    GatewaySettings settings = make_default_settings();
    settings.records_calls = true;
    settings.answers_checks = true;
    settings.confirmation = {.calls = ConfirmedCalls::deleting,
                             .operations = {"post /todos"},
                             .by = by,
                             .page = "https://todo.example.com/c"};
    live_.set(std::move(settings));
  }
  net::Response call_as(const std::string& token, const std::string& method, const std::string& target,
                        const std::string& body = "") {
    FakeRequest made(method, target);
    made.header("Authorization", "Bearer " + token);
    net::WholeBody reader(body);
    net::Request sent = made.get();
    sent.body = &reader;
    return block_on(gateway_.handle(sent));
  }
  std::vector<std::uint32_t> recorded() {
    std::vector<std::uint32_t> statuses;
    for (const storage::CallRecord& record : records_) statuses.push_back(record.status);
    return statuses;
  }

  Check check_;
  net::Router router_;
};

TEST_F(ConfirmationTest, ACallThatWaitsDoesNotReachTheApi) {
  users_answer_ = {UsersWord::waits, {5}};
  const net::Response response = call_as("writer", "DELETE", "/todos/7?why=done");
  EXPECT_EQ(response.status, 403);
  const std::string page = "https://todo.example.com/c?call=" + format_id(5);
  EXPECT_EQ(response.body,
            R"({"error":"confirmation_required","error_description":"Its user must approve this call first. Show them )"
            R"(this address, and when they have decided there send the same call again: )" +
                page + R"(","confirmation_uri":")" + page + R"("})");
  EXPECT_THAT(values_of(response.headers, "WWW-Authenticate"), IsEmpty()) << "a new token would not help";
  EXPECT_EQ(sent_, 0);
  EXPECT_THAT(recorded(), ElementsAre(403U));
  ASSERT_EQ(questions_.size(), 1U);
  EXPECT_EQ(questions_[0].grant_id, oauth::GrantId{42});
  EXPECT_EQ(questions_[0].operation, "delete /todos/{id}");
  EXPECT_EQ(questions_[0].call, "DELETE /todos/7?why=done");
  EXPECT_EQ(questions_[0].expires_at - questions_[0].asked_at, std::chrono::minutes(10));
}

/// It has been counted: whoever asks again and again takes from what the user's calls have.
TEST_F(ConfirmationTest, ARefusalSaysHowTheLimitStands) {
  set(ConfirmedBy::approval);
  GatewaySettings settings = live_.get();
  settings.limits.per_grant = limits::Rate{10, seconds{60}};
  live_.set(settings);
  users_answer_ = {UsersWord::waits, {5}};
  EXPECT_THAT(values_of(call_as("writer", "DELETE", "/todos/7").headers, "RateLimit-Remaining"), ElementsAre("9"));
  EXPECT_THAT(values_of(call_as("writer", "POST", "/todos", std::string(kLargestConfirmedBody + 1, 'x')).headers,
                        "RateLimit-Remaining"),
              ElementsAre("8"));
  settings.confirmation.by = ConfirmedBy::sign_in;
  live_.set(settings);
  EXPECT_THAT(values_of(call_as("writer", "DELETE", "/todos/7").headers, "RateLimit-Remaining"), ElementsAre("7"));
}

TEST_F(ConfirmationTest, ACallThatWasApprovedReachesTheApiWithItsBody) {
  users_answer_ = {UsersWord::approved};
  EXPECT_EQ(call_as("writer", "POST", "/todos", "{\"text\":\"x\"}").status, 200);
  EXPECT_EQ(body_, "{\"text\":\"x\"}");
  ASSERT_EQ(questions_.size(), 1U);
  EXPECT_EQ(questions_[0].body, "{\"text\":\"x\"}");
  EXPECT_THAT(recorded(), ElementsAre(200U));
}

TEST_F(ConfirmationTest, WhatWasDeniedOrFindsNoRoomIsRefused) {
  users_answer_ = {UsersWord::denied};
  EXPECT_THAT(call_as("writer", "DELETE", "/todos/7").body, testing::HasSubstr("access_denied"));
  users_answer_ = {UsersWord::too_many_wait};
  EXPECT_THAT(call_as("writer", "DELETE", "/todos/7").body,
              testing::HasSubstr(R"("confirmation_uri":"https://todo.example.com/c"})"));
  EXPECT_EQ(sent_, 0);
  EXPECT_THAT(recorded(), ElementsAre(403U, 403U));
}

TEST_F(ConfirmationTest, ABodyThatIsTooLongToWaitIsRefused) {
  const net::Response response = call_as("writer", "POST", "/todos", std::string(kLargestConfirmedBody + 1, 'x'));
  EXPECT_EQ(response.status, 413);
  EXPECT_THAT(questions_, IsEmpty());
  EXPECT_THAT(recorded(), ElementsAre(413U));
}

TEST_F(ConfirmationTest, ACallThatCannotBeShownWholeIsRefused) {
  const net::Response response = call_as("writer", "POST", "/todos", std::string(kMostShown, 'x'));
  EXPECT_EQ(response.status, 413);
  EXPECT_THAT(response.body, testing::HasSubstr("is shown all of it: at most 32768 bytes of text"));
  EXPECT_THAT(questions_, IsEmpty());
  EXPECT_EQ(sent_, 0);
  EXPECT_THAT(recorded(), ElementsAre(413U));
}

TEST_F(ConfirmationTest, OthersAreNotAsked) {
  call_as("reader", "GET", "/todos");
  EXPECT_EQ(call_as("reader", "DELETE", "/todos/7").status, 403) << "without the scope there is nothing to confirm";
  EXPECT_THAT(questions_, IsEmpty());
}

// THREATS N05
TEST_F(ConfirmationTest, ACallThatAnApiCouldTakeForAConfirmedOneIsConfirmed) {
  GatewaySettings settings = live_.get();
  settings.unlisted = Unlisted::allow;
  live_.set(std::move(settings));
  users_answer_ = {UsersWord::waits, {5}};
  EXPECT_EQ(call_as("writer", "POST", "/Todos/").status, 403);
  EXPECT_EQ(call_as("writer", "delete", "/elsewhere").status, 403);
  EXPECT_EQ(questions_.size(), 2U);
  EXPECT_EQ(sent_, 0);
}

TEST_F(ConfirmationTest, AClientThatActsForItselfHasNobodyToAsk) {
  GatewaySettings settings = live_.get();
  settings.confirmation.operations = {"get /todos"};
  live_.set(std::move(settings));
  EXPECT_EQ(call_as("machine", "GET", "/todos").status, 200);
  EXPECT_THAT(questions_, IsEmpty());
}

TEST_F(ConfirmationTest, AProxyIsToldTheSame) {
  FakeRequest question("GET", "/oauth/check");
  question.header("Authorization", "Bearer writer");
  question.header("X-Forwarded-Method", "DELETE").header("X-Forwarded-Uri", "/todos/7");
  net::Request sent = question.get();
  sent.is_from_trusted_proxy = true;
  users_answer_ = {UsersWord::waits, {5}};
  EXPECT_THAT(block_on(router_.route(sent)).body, testing::HasSubstr("confirmation_required"));
  users_answer_ = {UsersWord::approved};
  EXPECT_EQ(block_on(router_.route(sent)).status, 200);
  EXPECT_THAT(recorded(), ElementsAre(403U, 200U));
  EXPECT_EQ(questions_.at(0).call, "DELETE /todos/7");
}

// RFC 9470 §3: the challenge says how old the sign-in may be.
TEST_F(ConfirmationTest, BySignInAnOldOneIsChallenged) {
  set(ConfirmedBy::sign_in);
  for (const auto& signed_in_at : {std::optional<Instant>(), std::optional(clock_.now() - std::chrono::seconds(601))}) {
    signed_in_at_ = signed_in_at;
    const net::Response response = call_as("writer", "DELETE", "/todos/7");
    EXPECT_EQ(response.status, 401);
    EXPECT_THAT(values_of(response.headers, "WWW-Authenticate"),
                ElementsAre(R"(Bearer realm="Todo", error="insufficient_user_authentication", )"
                            R"(error_description="Its user must sign in again before this call: begin a new )"
                            R"(authorization with max_age=600.", max_age="600")"));
  }
  EXPECT_EQ(sent_, 0);
  signed_in_at_ = clock_.now() - std::chrono::minutes(10);
  EXPECT_EQ(call_as("writer", "DELETE", "/todos/7").status, 200);
  EXPECT_THAT(questions_, IsEmpty());
  EXPECT_THAT(recorded(), ElementsAre(401U, 401U, 200U));
}

}  // namespace
}  // namespace chatelaine::gateway
