#include "base/batch_writer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <numeric>
#include <stdexcept>
#include <string>

namespace chatelaine {
namespace {

/// What the writer was given, and what it said.
struct Written {
  std::vector<std::vector<int>> batches;
  std::vector<std::uint32_t> dropped;
  std::vector<std::string> complaints;

  [[nodiscard]] std::vector<int> all() const {
    std::vector<int> all;
    for (const std::vector<int>& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
    return all;
  }
};

class BatchWriterTest : public testing::Test {
 protected:
  void keep(const std::vector<int>& batch, std::uint32_t dropped) {
    written_.batches.push_back(batch);
    written_.dropped.push_back(dropped);
  }
  void complain(std::string_view reason) { written_.complaints.emplace_back(reason); }

  /// Read after the writer is gone: until then its thread owns it.
  Written written_;
};

std::vector<int> counted(std::size_t most) {
  std::vector<int> numbers(most);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST_F(BatchWriterTest, WritesInOrderAndWhatWaitsAtTheEnd) {
  {
    BatchWriter<int> writer([this](const auto& batch, auto dropped) { keep(batch, dropped); },
                            [this](auto reason) { complain(reason); });
    for (const int number : counted(2'500)) writer.add(number);
  }
  EXPECT_EQ(written_.all(), counted(2'500));
  for (const auto& batch : written_.batches) EXPECT_LE(batch.size(), BatchWriter<int>::kBatch);
  EXPECT_EQ(written_.dropped, std::vector<std::uint32_t>(written_.batches.size(), 0));
  EXPECT_TRUE(written_.complaints.empty());
}

TEST_F(BatchWriterTest, WritesNothingWhereThereIsNothing) {
  {
    BatchWriter<int> writer([this](const auto& batch, auto dropped) { keep(batch, dropped); }, {});
  }
  EXPECT_TRUE(written_.batches.empty());
}

TEST_F(BatchWriterTest, WhatIsDroppedIsToldEvenAlone) {
  {
    BatchWriter<int> writer([this](const auto& batch, auto dropped) { keep(batch, dropped); }, {});
    writer.drop();
    writer.drop();
  }
  EXPECT_TRUE(written_.all().empty());
  EXPECT_EQ(std::accumulate(written_.dropped.begin(), written_.dropped.end(), 0U), 2U);
}

TEST_F(BatchWriterTest, WhatCouldNotBeWrittenIsWrittenLaterInItsOrderAndComplainedOfOnce) {
  std::atomic<int> attempts = 0;
  {
    BatchWriter<int> writer(
        [&](const auto& batch, auto dropped) {
          if (++attempts <= 2) throw std::runtime_error("The disk is full.");
          keep(batch, dropped);
        },
        [this](auto reason) { complain(reason); });
    writer.drop();
    for (const int number : counted(1'200)) writer.add(number);
    while (attempts < 3) std::this_thread::yield();
  }
  EXPECT_EQ(written_.all(), counted(1'200));
  EXPECT_EQ(std::accumulate(written_.dropped.begin(), written_.dropped.end(), 0U), 1U);
  EXPECT_EQ(written_.complaints, std::vector<std::string>{"The disk is full."});
}

/// What is being written may have to come back, so it keeps its place.
TEST_F(BatchWriterTest, WhatFindsNoRoomIsCounted) {
  constexpr std::size_t kMost = BatchWriter<int>::kMostWaiting;
  std::latch has_begun(1);
  std::latch may_go_on(1);
  std::atomic<bool> is_first = true;
  {
    BatchWriter<int> writer(
        [&](const auto& batch, auto dropped) {
          if (is_first.exchange(false)) {
            has_begun.count_down();
            may_go_on.wait();
          }
          keep(batch, dropped);
        },
        {});
    const std::vector<int> numbers = counted(kMost + 7);
    for (std::size_t i = 0; i < BatchWriter<int>::kBatch; ++i) writer.add(numbers[i]);
    has_begun.wait();
    for (std::size_t i = BatchWriter<int>::kBatch; i < numbers.size(); ++i) writer.add(numbers[i]);
    may_go_on.count_down();
  }
  EXPECT_EQ(written_.all(), counted(kMost));
  EXPECT_EQ(std::accumulate(written_.dropped.begin(), written_.dropped.end(), 0U), 7U);
}

}  // namespace
}  // namespace chatelaine
