#include "accounts/throttle.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chatelaine::accounts {
namespace {

using std::chrono::minutes;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

SignInThrottle::Attempt of(const std::string& email, const std::string& address = "192.0.2.7") {
  return SignInThrottle::make_attempt(email, address);
}

/// Fails `times` times at `now`, each time allowed.
void fail(SignInThrottle& throttle, const SignInThrottle::Attempt& attempt, int times, Instant now) {
  for (int i = 0; i < times; ++i) EXPECT_FALSE(throttle.begin(attempt, now)) << i;
}

TEST(Throttle, TenFailuresOfAnAccountAreFreeAndThenEachDoublesTheWait) {
  SignInThrottle throttle;
  fail(throttle, of("ada@example.com"), 10, kStart);
  Instant now = kStart;
  for (const int wait : {30, 60, 120, 240, 480, 900, 900}) {
    EXPECT_EQ(throttle.begin(of("ada@example.com"), now), seconds{wait});
    EXPECT_EQ(throttle.begin(of("ada@example.com"), now + seconds{1}), seconds{wait - 1}) << "asking lengthens nothing";
    now += seconds{wait};
    EXPECT_FALSE(throttle.begin(of("ada@example.com"), now)) << wait;
  }
  EXPECT_FALSE(throttle.begin(of("eve@example.com"), now)) << "another account does not wait";
}

TEST(Throttle, FailuresAreForgottenAfterAWhile) {
  SignInThrottle throttle;
  fail(throttle, of("ada@example.com"), 9, kStart);
  fail(throttle, of("ada@example.com"), 10, kStart + minutes{15});
  EXPECT_EQ(throttle.begin(of("ada@example.com"), kStart + minutes{15}), seconds{30});
  fail(throttle, of("ada@example.com"), 1, kStart + minutes{15} + seconds{30});
  EXPECT_EQ(throttle.begin(of("ada@example.com"), kStart + minutes{15} + seconds{30}), seconds{60});
  fail(throttle, of("ada@example.com"), 10, kStart + minutes{31} + seconds{30});
}

TEST(Throttle, ARightPasswordClearsTheAccountAndNotTheAddress) {
  SignInThrottle throttle;
  fail(throttle, of("ada@example.com"), 9, kStart);
  fail(throttle, of("ada@example.com"), 1, kStart);
  throttle.succeed(of("ada@example.com"));
  fail(throttle, of("ada@example.com"), 10, kStart);
  SignInThrottle of_address({.failures_of_account = 1'000, .failures_of_address = 3});
  fail(of_address, of("ada@example.com"), 2, kStart);
  fail(of_address, of("eve@example.com"), 1, kStart);
  of_address.succeed(of("eve@example.com"));
  fail(of_address, of("ada@example.com"), 1, kStart);
  EXPECT_TRUE(of_address.begin(of("ada@example.com"), kStart)) << "a right password for one's own account frees nobody";
}

TEST(Throttle, WhatWasNotCheckedDoesNotCount) {
  SignInThrottle throttle;
  fail(throttle, of("ada@example.com"), 10, kStart);
  throttle.take_back(of("ada@example.com"));
  fail(throttle, of("ada@example.com"), 1, kStart);
  EXPECT_TRUE(throttle.begin(of("ada@example.com"), kStart));
}

TEST(Throttle, AHundredFailuresOfAnAddressAreFreeWhateverTheAccounts) {
  SignInThrottle throttle;
  for (int i = 0; i < 100; ++i) fail(throttle, of("user" + std::to_string(i) + "@example.com"), 1, kStart);
  EXPECT_EQ(throttle.begin(of("ada@example.com"), kStart), seconds{30});
  EXPECT_FALSE(throttle.begin(of("ada@example.com", "192.0.2.8"), kStart)) << "another address does not wait";
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
  EXPECT_EQ(of("Ada@Example.COM").account, of("ada@example.com").account);
}

TEST(Throttle, MemoryIsBoundedAndWhoWaitsLongestIsRememberedLongest) {
  SignInThrottle throttle({.most_remembered = 100});
  fail(throttle, of("ada@example.com", "192.0.2.1"), 10, kStart);
  for (int i = 0; i < 1'000; ++i) {
    fail(throttle, of(std::to_string(i), "2001:db8:0:" + std::to_string(i) + "::"), 1, kStart + milliseconds{i});
  }
  EXPECT_TRUE(throttle.begin(of("ada@example.com", "192.0.2.1"), kStart));
  fail(throttle, of("0", "192.0.2.2"), 10, kStart + seconds{1});
}

}  // namespace
}  // namespace chatelaine::accounts
