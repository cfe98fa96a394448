#include "flights/flight_log.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "storage/memory/memory_storage.hpp"

namespace chatelaine::flights {
namespace {

class CountingLog final : public Log {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
    const std::scoped_lock lock(mutex_);
    lines_.push_back(std::string(event) + " " + (fields.size() > 0 ? fields.begin()->value : ""));
  }
  std::vector<std::string> lines() {
    const std::scoped_lock lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

class FixedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return Instant(std::chrono::hours(5)); }
};

FlightRecord failed(const std::string& id, const std::string& client = "") {
  FlightRecord record{.request_id = id, .status = 400, .notes = {}};
  record.notes.stage = FlightStage::token_request;
  record.notes.client_id = client;
  record.notes.tell(FlightOutcome::failed, "It failed.");
  return record;
}

class FlightLogTest : public testing::Test {
 protected:
  std::vector<storage::FlightStep> steps() { return block_on(storage_->flights().list_steps({.most = 100'000})); }
  std::unique_ptr<storage::Storage> storage_ = storage::make_memory_storage();
  CountingLog log_;
  FixedClock clock_;
};

TEST_F(FlightLogTest, KeepsWhatIsRecordedAndPassesLinesOn) {
  {
    FlightLog log(log_, storage_->flights(), clock_);
    log.info("Something happened");
    log.record(failed("r1", "c1"));
  }
  ASSERT_EQ(steps().size(), 1U);
  EXPECT_EQ(steps()[0].request_id, "r1");
  EXPECT_EQ(steps()[0].at, clock_.now());
  EXPECT_EQ(steps()[0].status, 400U);
  EXPECT_EQ(steps()[0].notes.client_id, "c1");
  EXPECT_EQ(log_.lines(), std::vector<std::string>{"Something happened "});
}

TEST_F(FlightLogTest, WhatAStrangerSentIsCutAndMadeText) {
  {
    FlightLog log(log_, storage_->flights(), clock_);
    FlightRecord record = failed("r1");
    record.notes.sentence = std::string(5'000, 'a');
    record.notes.show("na\xffme", std::string(1'000, 'b'));
    for (int i = 0; i < 100; ++i) record.notes.show("x", std::string(300, 'y'));
    log.record(std::move(record));
  }
  const FlightNotes notes = steps().at(0).notes;
  EXPECT_EQ(notes.sentence.size(), 1'000U);
  EXPECT_EQ(notes.values.size(), 6U);
  EXPECT_EQ(notes.values[0].name, "na\xef\xbf\xbdme");
  EXPECT_EQ(notes.values[0].value.size(), 400U);
}

/// THREATS N47: however long the password is.
TEST_F(FlightLogTest, APasswordInAUriIsHiddenThoughTheUriIsCut) {
  {
    FlightLog log(log_, storage_->flights(), clock_);
    FlightRecord record = failed("r1");
    record.notes.show("redirect_uri", "https://ada:" + std::string(5'000, 's') + "@a.example/cb");
    log.record(std::move(record));
  }
  EXPECT_EQ(steps().at(0).notes.values.at(0).value, "https://…@a.example/cb");
}

/// THREATS N47: however it came to be there.
TEST_F(FlightLogTest, WhatHasTheFormOfATokenIsHidden) {
  {
    FlightLog log(log_, storage_->flights(), clock_);
    FlightRecord record = failed("r1");
    record.notes.sentence = "It sent ctl_rt_abc to https://a.example/cb?tok=s.";
    record.notes.show("ctl_at_x", "eyJh.eyJz.x");
    log.record(std::move(record));
  }
  const FlightNotes notes = steps().at(0).notes;
  EXPECT_EQ(notes.sentence, "It sent (10 characters) to https://a.example/cb?….");
  EXPECT_EQ(notes.values, (std::vector<FlightNotes::Value>{{"(8 characters)", "(11 characters)"}}));
}

TEST_F(FlightLogTest, TooManyAreCounted) {
  {
    FlightLog log(log_, storage_->flights(), clock_);
    for (std::uint32_t i = 0; i < FlightBudget::kMostOfClient + 7; ++i) log.record(failed(std::to_string(i)));
  }
  EXPECT_EQ(steps().size(), FlightBudget::kMostOfClient);
  std::size_t left_out = 0;
  for (const std::string& line : log_.lines()) left_out += std::stoul(line.substr(line.rfind(' ')));
  EXPECT_EQ(left_out, 7U);
}

}  // namespace
}  // namespace chatelaine::flights
