#include "limits/throttle.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chatelaine::limits {
namespace {

using std::chrono::minutes;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

Throttle::Attempt of(const std::string& subject, const std::string& address = "192.0.2.7") {
  return {crypto::sha256(subject), find_subscriber(address)};
}

/// A throttle with limits that stay.
struct Limited {
  std::optional<milliseconds> admit(const Throttle::Attempt& attempt, Instant now) {
    return throttle.admit(attempt, limits, now);
  }
  /// Fails `times` times at `now`, each time allowed.
  void fail(const Throttle::Attempt& attempt, int times, Instant now) {
    for (int i = 0; i < times; ++i) EXPECT_FALSE(admit(attempt, now)) << i;
  }

  ThrottleLimits limits = {};
  Throttle throttle;
};

TEST(Throttle, TenFailuresOfASubjectAreFreeAndThenEachDoublesTheWait) {
  Limited limited;
  limited.fail(of("ada@example.com"), 10, kStart);
  Instant now = kStart;
  for (const int wait : {30, 60, 120, 240, 480, 900, 900}) {
    EXPECT_EQ(limited.admit(of("ada@example.com"), now), seconds{wait});
    EXPECT_EQ(limited.admit(of("ada@example.com"), now + seconds{1}), seconds{wait - 1}) << "asking lengthens nothing";
    now += seconds{wait};
    EXPECT_FALSE(limited.admit(of("ada@example.com"), now)) << wait;
  }
  EXPECT_FALSE(limited.admit(of("eve@example.com"), now)) << "another subject does not wait";
}

TEST(Throttle, FailuresAreForgottenAfterAWhile) {
  Limited limited;
  limited.fail(of("ada@example.com"), 9, kStart);
  limited.fail(of("ada@example.com"), 10, kStart + minutes{15});
  EXPECT_EQ(limited.admit(of("ada@example.com"), kStart + minutes{15}), seconds{30});
  limited.fail(of("ada@example.com"), 1, kStart + minutes{15} + seconds{30});
  EXPECT_EQ(limited.admit(of("ada@example.com"), kStart + minutes{15} + seconds{30}), seconds{60});
  limited.fail(of("ada@example.com"), 10, kStart + minutes{31} + seconds{30});
}

TEST(Throttle, SuccessClearsTheSubjectAndNotTheAddress) {
  Limited limited;
  limited.fail(of("ada@example.com"), 9, kStart);
  limited.fail(of("ada@example.com"), 1, kStart);
  limited.throttle.succeed(of("ada@example.com"));
  limited.fail(of("ada@example.com"), 10, kStart);
  Limited of_address{.limits = {.of_subject = 1'000, .of_address = 3}};
  of_address.fail(of("ada@example.com"), 2, kStart);
  of_address.fail(of("eve@example.com"), 1, kStart);
  of_address.throttle.succeed(of("eve@example.com"));
  of_address.fail(of("ada@example.com"), 1, kStart);
  EXPECT_TRUE(of_address.admit(of("ada@example.com"), kStart)) << "a right password for one's own account frees nobody";
}

TEST(Throttle, WhatWasNotCheckedDoesNotCount) {
  Limited limited;
  limited.fail(of("ada@example.com"), 10, kStart);
  limited.throttle.take_back(of("ada@example.com"));
  limited.fail(of("ada@example.com"), 1, kStart);
  EXPECT_TRUE(limited.admit(of("ada@example.com"), kStart));
}

TEST(Throttle, AHundredFailuresOfAnAddressAreFreeWhateverTheSubjects) {
  Limited limited;
  for (int i = 0; i < 100; ++i) limited.fail(of("user" + std::to_string(i) + "@example.com"), 1, kStart);
  EXPECT_EQ(limited.admit(of("ada@example.com"), kStart), seconds{30});
  EXPECT_FALSE(limited.admit(of("ada@example.com", "192.0.2.8"), kStart)) << "another address does not wait";
}

TEST(Throttle, WhoIsAtAnAddress) {
  struct Row {
    const char* sentence;
    std::string one;
    std::string other;
    bool is_same;
  };
  const Row rows[] = {
      {"two IPv4 addresses", "192.0.2.7", "192.0.2.8", false},
      {"an IPv4 address written as IPv6", "192.0.2.7", "::ffff:192.0.2.7", true},
      {"one IPv6 network of 64 bits", "2001:db8:0:1::7", "2001:db8:0:1:ffff::8", true},
      {"two IPv6 networks", "2001:db8:0:1::7", "2001:db8:0:2::7", false},
      {"what is no address is itself", "unknown", "unknown", true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(of("a", row.one).address == of("a", row.other).address, row.is_same) << row.sentence;
  }
  for (const char* loopback : {"127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_FALSE(of("a", loopback).address) << loopback;
  }
}

TEST(Throttle, WithoutAFirstWaitOneWaitsForTheWindowToPass) {
  Limited limited{.limits = {.of_address = 3, .first_wait = milliseconds{0}}};
  const Throttle::Attempt attempt{std::nullopt, find_subscriber("192.0.2.7")};
  limited.fail(attempt, 2, kStart);
  limited.fail(attempt, 1, kStart + minutes{5});
  EXPECT_EQ(limited.admit(attempt, kStart + minutes{5}), minutes{10});
  EXPECT_EQ(limited.admit(attempt, kStart + minutes{14}), minutes{1});
  limited.fail(attempt, 3, kStart + minutes{15});
  EXPECT_EQ(limited.admit(attempt, kStart + minutes{15}), minutes{15}) << "waits do not grow";
}

TEST(Throttle, WhatIsNothingIsNotCounted) {
  Limited limited{.limits = {.of_subject = 1, .of_address = 1}};
  limited.fail({}, 5, kStart);
  limited.fail({crypto::sha256("ada"), std::nullopt}, 1, kStart);
  limited.fail({std::nullopt, find_subscriber("192.0.2.7")}, 1, kStart);
  EXPECT_TRUE(limited.admit({crypto::sha256("ada"), std::nullopt}, kStart));
  EXPECT_TRUE(limited.admit({std::nullopt, find_subscriber("192.0.2.7")}, kStart));
}

TEST(Throttle, ChangedLimitsCountAtOnce) {
  Limited limited;
  limited.fail(of("ada"), 10, kStart);
  ASSERT_TRUE(limited.admit(of("ada"), kStart));
  limited.limits.of_subject = 20;
  limited.fail(of("ada"), 10, kStart);
  limited.limits.of_subject = 5;
  EXPECT_EQ(limited.admit(of("ada"), kStart), minutes{15}) << "the longest wait";
}

// THREATS N52: a clock that is set back.
TEST(Throttle, AClockThatIsSetBackLengthensNoWait) {
  Limited limited;
  limited.fail(of("ada"), 10, kStart);
  const Instant back = kStart - std::chrono::hours{1};
  EXPECT_EQ(limited.admit(of("ada"), back), seconds{30});
  EXPECT_EQ(limited.admit(of("ada"), back + seconds{29}), seconds{1});
  limited.fail(of("ada"), 1, back + seconds{30});
  EXPECT_EQ(limited.admit(of("ada"), back + seconds{30}), seconds{60}) << "nor does it forget";
}

TEST(Throttle, MemoryIsBoundedAndWhoWaitsLongestIsRememberedLongest) {
  Limited limited{.limits = {.most_remembered = 100}};
  limited.fail(of("ada@example.com", "192.0.2.1"), 10, kStart);
  for (int i = 0; i < 1'000; ++i) {
    limited.fail(of(std::to_string(i), "2001:db8:0:" + std::to_string(i) + "::"), 1, kStart + milliseconds{i});
  }
  EXPECT_TRUE(limited.admit(of("ada@example.com", "192.0.2.1"), kStart));
  limited.fail(of("0", "192.0.2.2"), 10, kStart + seconds{1});
}

}  // namespace
}  // namespace chatelaine::limits
