#include "base/id.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "base/strong.hpp"

namespace chatelaine {
namespace {

class MovableClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  void set(Instant now) { now_ = now; }

 private:
  Instant now_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
};

TEST(IdTest, GrowsStrictlyWhateverTheClockDoes) {
  MovableClock clock;
  SystemRandomness randomness;
  IdSequence sequence(clock, randomness);
  std::int64_t last = 0;
  for (int i = 0; i < 5000; ++i) {
    if (i == 2000) clock.set(clock.now() - std::chrono::hours(1));
    if (i == 4000) clock.set(clock.now() + std::chrono::hours(2));
    const std::int64_t next = sequence.next<struct Tag>().value;
    ASSERT_GT(next, last) << i;
    last = next;
  }
}

TEST(IdTest, IsPositiveUntil2090) {
  MovableClock clock;
  clock.set(std::chrono::sys_days{std::chrono::year{2090} / 1 / 1});
  SystemRandomness randomness;
  EXPECT_GT(IdSequence(clock, randomness).next<struct Tag>().value, 0);
}

TEST(IdTest, IsUniqueAcrossThreads) {
  MovableClock clock;
  SystemRandomness randomness;
  IdSequence sequence(clock, randomness);
  std::vector<std::vector<std::int64_t>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : made) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) mine.push_back(sequence.next<struct Tag>().value);
      });
    }
  }
  std::set<std::int64_t> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 4000U);
}

TEST(IdTest, ReadsBackFromItsText) {
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, INT64_MAX}) {
    EXPECT_EQ(format_id(value).size(), 11U);
    EXPECT_EQ(parse_id(format_id(value)), value);
  }
  for (const std::string_view bad :
       {"", "x", "AAAAAAAAAA", "AAAAAAAAAAAA", "AAAAAAAAAAB", "__________8", "AAAAAAAAAA="}) {
    EXPECT_FALSE(parse_id(bad)) << bad;
  }
}

TEST(StrongTest, ComparesAndHashesAsItsValue) {
  using Name = Strong<struct NameTag>;
  EXPECT_EQ(Name("a"), Name("a"));
  EXPECT_LT(Name("a"), Name("b"));
  EXPECT_EQ(std::hash<Name>{}(Name("a")), std::hash<std::string>{}("a"));
  EXPECT_EQ(Name("a").value(), "a");
}

}  // namespace
}  // namespace chatelaine
