#include "limits/token_buckets.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace chatelaine::limits {
namespace {

constexpr Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

RateClaim claim(const std::string& who, std::uint32_t count, milliseconds window) {
  return {crypto::sha256(who), {count, window}};
}

Admission take(TokenBuckets& buckets, const std::vector<RateClaim>& claims, Instant now = kNow) {
  return buckets.take(claims, now);
}

TEST(TokenBuckets, GiveWhatIsInThemAndFillEvenly) {
  TokenBuckets buckets;
  const std::vector claims{claim("ada", 3, seconds(60))};
  for (std::uint32_t left : {2U, 1U, 0U}) {
    const Admission admission = take(buckets, claims);
    EXPECT_EQ(admission.wait, std::nullopt);
    EXPECT_EQ(admission.tightest.remaining, left);
    EXPECT_EQ(admission.tightest.reset, seconds(60) - seconds(20) * left);
  }
  const Admission refused = take(buckets, claims);
  EXPECT_EQ(refused.wait, seconds(20));
  EXPECT_EQ(refused.tightest.remaining, 0U);
  EXPECT_EQ(refused.tightest.reset, seconds(60));
  EXPECT_NE(take(buckets, claims, kNow + seconds(19)).wait, std::nullopt) << "what was refused cost nothing";
  EXPECT_EQ(take(buckets, claims, kNow + seconds(20)).wait, std::nullopt);
  EXPECT_NE(take(buckets, claims, kNow + seconds(20)).wait, std::nullopt);
  // Full, and no fuller.
  EXPECT_EQ(take(buckets, claims, kNow + std::chrono::hours(1)).tightest.remaining, 2U);
}

TEST(TokenBuckets, AreOfOneEach) {
  TokenBuckets buckets;
  EXPECT_EQ(take(buckets, {claim("ada", 1, seconds(1))}).wait, std::nullopt);
  EXPECT_EQ(take(buckets, {claim("grace", 1, seconds(1))}).wait, std::nullopt);
  EXPECT_NE(take(buckets, {claim("ada", 1, seconds(1))}).wait, std::nullopt);
}

TEST(TokenBuckets, TakeFromAllOrFromNone) {
  TokenBuckets buckets;
  const RateClaim narrow = claim("grant", 1, seconds(10));
  const RateClaim wide = claim("client", 4, seconds(40));
  EXPECT_EQ(take(buckets, {wide, narrow}).tightest.rate, narrow.rate) << "it is emptier, in parts of its size";
  const Admission refused = take(buckets, {wide, narrow});
  EXPECT_EQ(refused.wait, seconds(10));
  EXPECT_EQ(refused.tightest.rate, narrow.rate);
  EXPECT_EQ(take(buckets, {wide}).tightest.remaining, 2U) << "the refused call took nothing";
}

TEST(TokenBuckets, TellTheLongestWait) {
  TokenBuckets buckets;
  const std::vector claims{claim("a", 1, seconds(10)), claim("b", 1, seconds(30)), claim("c", 1, seconds(20))};
  static_cast<void>(take(buckets, claims));
  const Admission refused = take(buckets, claims);
  EXPECT_EQ(refused.wait, seconds(30));
  EXPECT_EQ(refused.tightest.rate.window, seconds(30));
}

TEST(TokenBuckets, FollowAChangedRate) {
  TokenBuckets buckets;
  static_cast<void>(take(buckets, {claim("ada", 1, seconds(60))}));
  EXPECT_NE(take(buckets, {claim("ada", 1, seconds(60))}).wait, std::nullopt);
  EXPECT_EQ(take(buckets, {claim("ada", 100, seconds(120))}).wait, std::nullopt);
}

TEST(TokenBuckets, AClockThatIsSetBackLocksNobodyOut) {
  TokenBuckets buckets;
  static_cast<void>(take(buckets, {claim("ada", 2, seconds(60))}));
  const Admission before = take(buckets, {claim("ada", 2, seconds(60))}, kNow - std::chrono::hours(5));
  EXPECT_EQ(before.wait, seconds(30)) << "for one token, however far back";
}

TEST(TokenBuckets, ForgetTheFullestWhereTheyAreTooMany) {
  TokenBuckets buckets(2);
  static_cast<void>(take(buckets, {claim("long", 1, seconds(100))}));
  static_cast<void>(take(buckets, {claim("short", 1, seconds(10))}));
  static_cast<void>(take(buckets, {claim("middle", 1, seconds(50))}));
  EXPECT_NE(take(buckets, {claim("long", 1, seconds(100))}).wait, std::nullopt);
  EXPECT_NE(take(buckets, {claim("middle", 1, seconds(50))}).wait, std::nullopt);
  EXPECT_EQ(take(buckets, {claim("short", 1, seconds(10))}).wait, std::nullopt) << "it was to be full first";
}

TEST(TokenBuckets, ManyThreadsTakeNoMoreThanThereIs) {
  TokenBuckets buckets;
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i)
          if (!take(buckets, {claim("ada", 150, seconds(60))}).wait) ++taken;
      });
  }
  EXPECT_EQ(taken, 150);
}

}  // namespace
}  // namespace chatelaine::limits
