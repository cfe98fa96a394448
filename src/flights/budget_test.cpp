#include "flights/budget.hpp"

#include <gtest/gtest.h>

namespace chatelaine::flights {
namespace {

constexpr Instant kNow{std::chrono::hours(5)};

FlightRecord step_of(const std::string& client, FlightStage stage = FlightStage::token_request, int status = 400) {
  FlightRecord flight{.request_id = "r", .status = status, .notes = {}};
  flight.notes.stage = stage;
  flight.notes.client_id = client;
  return flight;
}

std::uint32_t take_many(FlightBudget& budget, const FlightRecord& flight, std::uint32_t times, Instant now) {
  std::uint32_t taken = 0;
  for (std::uint32_t i = 0; i < times; ++i) taken += budget.take(flight, now) ? 1 : 0;
  return taken;
}

TEST(FlightBudget, OneClientDoesNotPushOutTheOthersNorItsCallsItsSignIns) {
  FlightBudget budget;
  EXPECT_EQ(take_many(budget, step_of("noisy", FlightStage::api_call), 2'000, kNow), FlightBudget::kMostCallsOfClient);
  EXPECT_EQ(take_many(budget, step_of("noisy"), 2'000, kNow), FlightBudget::kMostOfClient);
  EXPECT_TRUE(budget.take(step_of("quiet"), kNow));
}

TEST(FlightBudget, StrangersCountByWhatTheyDo) {
  FlightBudget budget;
  EXPECT_EQ(take_many(budget, step_of(""), 2'000, kNow), FlightBudget::kMostOfClient);
  EXPECT_EQ(take_many(budget, step_of("", FlightStage::api_call), 2'000, kNow), FlightBudget::kMostCallsOfClient);
  EXPECT_TRUE(budget.take(step_of("", FlightStage::sign_in), kNow)) << "people can still be seen to sign in";
}

TEST(FlightBudget, WrongMethodsPushOutNothing) {
  FlightBudget budget;
  EXPECT_EQ(take_many(budget, step_of("", FlightStage::none, 405), 1'000, kNow), FlightBudget::kMostWrongMethods);
  EXPECT_FALSE(budget.take(step_of("", FlightStage::token_request, 405), kNow));
  EXPECT_TRUE(budget.take(step_of("", FlightStage::none, 500), kNow)) << "a fault of ours";
  EXPECT_TRUE(budget.take(step_of(""), kNow));
}

TEST(FlightBudget, IsBoundedInAll) {
  FlightBudget budget;
  std::uint32_t taken = 0;
  for (int i = 0; i < 20'000; ++i) taken += budget.take(step_of("client " + std::to_string(i)), kNow) ? 1 : 0;
  EXPECT_EQ(taken, FlightBudget::kMostInAll);
}

TEST(FlightBudget, BeginsAnewEachMinute) {
  FlightBudget budget;
  take_many(budget, step_of("noisy"), 2'000, kNow);
  EXPECT_FALSE(budget.take(step_of("noisy"), kNow + seconds(59)));
  EXPECT_TRUE(budget.take(step_of("noisy"), kNow + seconds(60)));
}

}  // namespace
}  // namespace chatelaine::flights
