#include "flights/reading.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chatelaine::flights {
namespace {

storage::FlightStep step(std::string id, FlightOutcome outcome) {
  storage::FlightStep made;
  made.request_id = std::move(id);
  made.notes.outcome = outcome;
  return made;
}

std::string cause(const std::vector<storage::FlightStep>& flight, std::string_view asked) {
  const auto* found = find_cause(flight, asked);
  return found == nullptr ? "" : found->request_id;
}

TEST(Reading, TheCauseIsTheStepThatWasAskedAboutOrTheLastThatDidNotGoOn) {
  using enum FlightOutcome;
  const std::vector flight{step("a", went_on), step("b", odd), step("c", went_on), step("d", failed),
                           step("e", failed)};
  EXPECT_EQ(cause(flight, "b"), "b");
  EXPECT_EQ(cause(flight, "d"), "d");
  EXPECT_EQ(cause(flight, "a"), "e");
  EXPECT_EQ(cause({step("a", went_on)}, "a"), "");
}

TEST(Reading, EveryStageHasWordsAndAName) {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < detail::kFlightStages.size(); ++i) {
    const auto stage = static_cast<FlightStage>(i);
    words.insert(describe(stage));
    EXPECT_EQ(parse_flight_stage(to_string(stage)), stage);
  }
  EXPECT_EQ(words.size(), detail::kFlightStages.size());
  EXPECT_EQ(to_string(FlightStage::connection), "connection") << "the last name belongs to the last stage";
  EXPECT_EQ(to_string(FlightOutcome::failed), "failed");
}

TEST(Reading, KnowsARequestsId) {
  EXPECT_TRUE(is_request_id("0123456789abcdef"));
  for (const char* const other : {"", "0123456789abcde", "0123456789ABCDEF", "0123456789abcdefg"})
    EXPECT_FALSE(is_request_id(other)) << other;
}

}  // namespace
}  // namespace chatelaine::flights
