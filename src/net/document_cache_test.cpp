#include "net/document_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <stdexcept>
#include <thread>

#include "base/block_on.hpp"

namespace chatelaine::net {
namespace {

using Cache = DocumentCache<std::string>;
constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

class MovableClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_.load(); }
  void move(milliseconds by) { now_ = now_.load() + by; }

 private:
  std::atomic<Instant> now_ = kStart;
};

/// The other side: what a fetch of a URL gives, and how often it was asked.
class Others {
 public:
  std::function<Cache::Fetched(const std::string&)> answer = good_answer;
  std::atomic<int> fetches{0};
  /// A fetch takes that long of real time.
  milliseconds takes{0};

  static Cache::Fetched good(const std::string& text, milliseconds fresh_for = seconds(60)) {
    return FreshDocument<std::string>{std::make_shared<const std::string>(text), fresh_for};
  }
  static Cache::Fetched good_answer(const std::string& url) { return good(url); }
  static Cache::Fetched bad(DocumentFault::Kind kind, std::string sentence) {
    return std::unexpected(DocumentFault{kind, std::move(sentence)});
  }

  Task<Cache::Fetched> fetch(std::string url) {
    ++fetches;
    if (takes.count() > 0) {
      // As libcurl does: another thread comes back with it.
      const auto start = [this](Resume<bool> resume) {
        std::thread([this, resume]() mutable {
          std::this_thread::sleep_for(takes);
          resume(true);
        }).detach();
      };
      co_await suspend<bool>(start);
    }
    co_return answer(url);
  }
};

class DocumentCacheTest : public testing::Test {
 protected:
  Cache make(DocumentCacheLimits limits) {
    return Cache([this](std::string url) { return others_.fetch(std::move(url)); }, clock_, limits);
  }
  /// What stands in the document, or `!` and the fault.
  static std::string ask(Cache& cache, const std::string& url) { return show(block_on(cache.find(url))); }
  static std::string show(const Cache::Outcome& outcome) {
    return outcome ? **outcome : "!" + outcome.error().sentence;
  }

  Others others_;
  MovableClock clock_;
  Cache cache_ = make({});
};

TEST_F(DocumentCacheTest, ADocumentIsFetchedOnceWhileItIsFresh) {
  EXPECT_EQ(ask(cache_, "a"), "a");
  clock_.move(seconds(59));
  EXPECT_EQ(ask(cache_, "a"), "a");
  EXPECT_EQ(others_.fetches, 1);
  EXPECT_EQ(ask(cache_, "b"), "b");
  EXPECT_EQ(others_.fetches, 2);
  clock_.move(seconds(1));
  EXPECT_EQ(ask(cache_, "a"), "a");
  EXPECT_EQ(others_.fetches, 3);
}

/// THREATS N44: one that is not there is not asked for again and again.
// DEVIATION draft-ietf-oauth-client-id-metadata-document-03 §5.2: so an error outlives its cause.
TEST_F(DocumentCacheTest, AFaultIsKeptForTheCoolDown) {
  others_.answer = [](const auto&) { return Others::bad(DocumentFault::Kind::definite, "no document"); };
  EXPECT_EQ(ask(cache_, "a"), "!no document");
  clock_.move(seconds(29));
  EXPECT_EQ(ask(cache_, "a"), "!no document");
  EXPECT_EQ(others_.fetches, 1);
  others_.answer = Others::good_answer;
  clock_.move(seconds(1));
  EXPECT_EQ(ask(cache_, "a"), "a");
  EXPECT_EQ(others_.fetches, 2);
}

/// THREATS N44: stale while the server does not answer, for an hour and no longer.
TEST_F(DocumentCacheTest, AnOlderCopyServesWhileTheServerDoesNotAnswer) {
  EXPECT_EQ(ask(cache_, "a"), "a");
  others_.answer = [](const auto&) { return Others::bad(DocumentFault::Kind::passing, "no answer"); };
  clock_.move(seconds(60));
  EXPECT_EQ(ask(cache_, "a"), "a");
  EXPECT_EQ(others_.fetches, 2);
  EXPECT_EQ(ask(cache_, "a"), "a") << "within the cool-down";
  EXPECT_EQ(others_.fetches, 2);
  clock_.move(std::chrono::hours(1));
  EXPECT_EQ(ask(cache_, "a"), "!no answer");
  EXPECT_EQ(others_.fetches, 3);
}

TEST_F(DocumentCacheTest, AServerThatSaysNoEndsTheOlderCopy) {
  EXPECT_EQ(ask(cache_, "a"), "a");
  others_.answer = [](const auto&) { return Others::bad(DocumentFault::Kind::definite, "gone"); };
  clock_.move(seconds(60));
  EXPECT_EQ(ask(cache_, "a"), "!gone");
  others_.answer = [](const auto&) { return Others::bad(DocumentFault::Kind::passing, "no answer"); };
  clock_.move(seconds(30));
  EXPECT_EQ(ask(cache_, "a"), "!no answer");
}

/// THREATS N44: a thousand unknown keys a second are one fetch in a cool-down.
TEST_F(DocumentCacheTest, ANewerReadingIsAskedForOnceInACoolDown) {
  int version = 0;
  others_.answer = [&](const auto&) { return Others::good(std::to_string(++version)); };
  auto known = *block_on(cache_.find("a"));
  EXPECT_EQ(*known, "1");
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(*block_on(cache_.find_newer("a", known)), known);
  EXPECT_EQ(others_.fetches, 1) << "it has just been fetched";

  clock_.move(seconds(30));
  EXPECT_EQ(show(block_on(cache_.find_newer("a", known))), "2");
  for (int i = 0; i < 1'000; ++i)
    EXPECT_EQ(show(block_on(cache_.find_newer("a", known))), "2") << "there is a newer one";
  EXPECT_EQ(others_.fetches, 2);

  known = *block_on(cache_.find("a"));
  others_.answer = [](const auto&) { return Others::bad(DocumentFault::Kind::passing, "no answer"); };
  clock_.move(seconds(30));
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(*block_on(cache_.find_newer("a", known)), known);
  EXPECT_EQ(others_.fetches, 3);
}

/// THREATS N44: a stampede is one fetch, from whichever threads it comes.
TEST_F(DocumentCacheTest, ThoseWhoAskAtTheSameTimeShareAFetch) {
  others_.takes = milliseconds(100);
  std::vector<std::jthread> threads;
  std::atomic<int> served{0};
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      if (ask(cache_, "a") == "a") ++served;
    });
  }
  threads.clear();
  EXPECT_EQ(served, 16);
  EXPECT_EQ(others_.fetches, 1);
}

TEST_F(DocumentCacheTest, AFetchThatFailsForAReasonOfOursLeavesNobodyWaiting) {
  others_.answer = [](const auto&) -> Cache::Fetched { throw std::runtime_error("out of handles"); };
  EXPECT_EQ(ask(cache_, "a"), "!The document cannot be fetched.");
  others_.answer = Others::good_answer;
  clock_.move(seconds(30));
  EXPECT_EQ(ask(cache_, "a"), "a");
}

/// THREATS §1: every cache that a stranger can fill is bounded.
TEST_F(DocumentCacheTest, WhatWasNotAskedForTheLongestGoesFirst) {
  Cache small = make({.most_entries = 2});
  EXPECT_EQ(ask(small, "a"), "a");
  EXPECT_EQ(ask(small, "b"), "b");
  EXPECT_EQ(ask(small, "a"), "a");
  EXPECT_EQ(ask(small, "c"), "c");
  EXPECT_EQ(others_.fetches, 3);
  EXPECT_EQ(ask(small, "a"), "a");
  EXPECT_EQ(others_.fetches, 3);
  EXPECT_EQ(ask(small, "b"), "b");
  EXPECT_EQ(others_.fetches, 4);
}

TEST_F(DocumentCacheTest, NoMoreFetchesThanTheBoundAreUnderWay) {
  Cache narrow = make({.most_fetches = 1});
  others_.takes = milliseconds(300);
  std::jthread first([&] { EXPECT_EQ(ask(narrow, "a"), "a"); });
  while (others_.fetches == 0) std::this_thread::yield();
  EXPECT_EQ(ask(narrow, "b"), "!This server fetches too many documents at this moment: try again.");
  first.join();
  EXPECT_EQ(ask(narrow, "b"), "b") << "being busy is not remembered";
  clock_.move(seconds(60));
  std::jthread second([&] { EXPECT_EQ(ask(narrow, "a"), "a"); });
  while (others_.fetches < 3) std::this_thread::yield();
  EXPECT_EQ(ask(narrow, "b"), "b") << "an older copy serves meanwhile";
  EXPECT_EQ(others_.fetches, 3);
}

/// A clock that is put back makes nothing last longer.
TEST_F(DocumentCacheTest, AClockThatIsPutBackEndsWhatWasKept) {
  EXPECT_EQ(ask(cache_, "a"), "a");
  clock_.move(-std::chrono::hours(1));
  EXPECT_EQ(ask(cache_, "a"), "a");
  EXPECT_EQ(others_.fetches, 2);
}

}  // namespace
}  // namespace chatelaine::net
