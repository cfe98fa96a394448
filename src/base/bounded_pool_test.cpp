#include "base/bounded_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "base/block_on.hpp"

namespace chatelaine {
namespace {

TEST(BoundedPool, GivesWhatTheWorkGaveOrThrew) {
  BoundedPool pool(2, 4, "full");
  std::thread::id worker;
  std::move_only_function<std::string()> work = [&worker] {
    worker = std::this_thread::get_id();
    return std::string("done");
  };
  EXPECT_EQ(block_on(pool.run(std::move(work))), "done");
  EXPECT_NE(worker, std::this_thread::get_id());
  std::move_only_function<int()> failing = []() -> int { throw std::runtime_error("it cannot be done"); };
  EXPECT_THROW(block_on(pool.run(std::move(failing))), std::runtime_error);
}

Task<void> count_refusal(BoundedPool& pool, std::atomic<int>& refused, std::atomic<int>& done) {
  std::move_only_function<int()> work = [] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return 0;
  };
  try {
    const int nothing = co_await pool.run(std::move(work));
    EXPECT_EQ(nothing, 0);
  } catch (const Unavailable& error) {
    EXPECT_STREQ(error.what(), "full");
    ++refused;
  }
  ++done;
}

TEST(BoundedPool, AFullQueueIsRefusedAndTheRestIsDone) {
  BoundedPool pool(1, 2, "full");
  BlockingExecutor executor;
  std::atomic<int> refused = 0;
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i) spawn(executor, count_refusal(pool, refused, done));
  while (done < 20) executor.run_one();
  EXPECT_GE(refused, 1);
  EXPECT_LE(refused, 18) << "the queue's two places are used";
}

TEST(BoundedPool, WhatWaitsAtTheEndIsRefusedRatherThanLost) {
  BlockingExecutor executor;
  std::atomic<int> refused = 0;
  std::atomic<int> done = 0;
  {
    BoundedPool pool(0, 2, "full");  // no thread: nothing is ever begun
    for (int i = 0; i < 2; ++i) spawn(executor, count_refusal(pool, refused, done));
    EXPECT_EQ(done, 0);
  }
  while (done < 2) executor.run_one();
  EXPECT_EQ(refused, 2);
}

}  // namespace
}  // namespace chatelaine
