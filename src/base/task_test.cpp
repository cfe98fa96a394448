#include "base/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/block_on.hpp"

namespace chatelaine {
namespace {

Task<int> answer() { co_return 42; }
Task<int> add(int a, Task<int> b) {
  const int value = co_await std::move(b);
  co_return a + value;
}
Task<std::unique_ptr<std::string>> make_text() { co_return std::make_unique<std::string>("text"); }
Task<int> fail() {
  throw std::runtime_error("a fault");
  co_return 0;
}
Task<std::string> catch_fault() {
  try {
    static_cast<void>(co_await fail());
  } catch (const std::runtime_error& error) {
    co_return error.what();
  }
  co_return "nothing";
}
Task<void> count(int& counter) {
  ++counter;
  co_return;
}

TEST(TaskTest, GivesItsValue) {
  EXPECT_EQ(block_on(answer()), 42);
  EXPECT_EQ(block_on(add(1, add(2, answer()))), 45);
  EXPECT_EQ(*block_on(make_text()), "text");
}

TEST(TaskTest, IsLazyAndMayBeDropped) {
  int counter = 0;
  {
    const Task<void> dropped = count(counter);
  }
  EXPECT_EQ(counter, 0);
  block_on(count(counter));
  EXPECT_EQ(counter, 1);
}

TEST(TaskTest, FaultsTravelToWhoeverAwaits) {
  EXPECT_THROW(block_on(fail()), std::runtime_error);
  EXPECT_EQ(block_on(catch_fault()), "a fault");
}

Task<int> sum_many(int rounds) {
  int sum = 0;
  for (int i = 0; i < rounds; ++i) sum += co_await answer();
  co_return sum;
}
TEST(TaskTest, ManyAwaitsDoNotGrowTheStack) { EXPECT_EQ(block_on(sum_many(100'000)), 4'200'000); }

// `start` as a function object: a capturing lambda inside the await would die with its statement.
struct CompleteElsewhere {
  std::jthread& thread;
  void operator()(Resume<std::string> resume) const {
    thread = std::jthread([resume = std::move(resume)]() mutable { resume("from another thread"); });
  }
};
struct Outcome {
  std::string text;
  std::thread::id resumed_on;
};
Task<Outcome> wait_for_thread(std::jthread& thread) {
  const CompleteElsewhere start{thread};
  std::string text = co_await suspend<std::string>(start);
  Outcome outcome{std::move(text), std::this_thread::get_id()};
  co_return outcome;
}
TEST(TaskTest, ResumesOnItsOwnExecutorWhicheverThreadCompletes) {
  for (int round = 0; round < 100; ++round) {
    std::jthread thread;
    const Outcome outcome = block_on(wait_for_thread(thread));
    EXPECT_EQ(outcome.text, "from another thread");
    EXPECT_EQ(outcome.resumed_on, std::this_thread::get_id());
  }
}

struct CompleteAtOnce {
  void operator()(Resume<int> resume) const { resume(7); }
};
Task<int> wait_for_nothing() {
  const CompleteAtOnce start;
  co_return co_await suspend<int>(start);
}
TEST(TaskTest, ACallbackMayComeInsideTheCall) { EXPECT_EQ(block_on(wait_for_nothing()), 7); }

Task<Executor*> executor_of_child() {
  Executor& executor = co_await current_executor();
  co_return &executor;
}
Task<bool> shares_executor() {
  Executor& mine = co_await current_executor();
  Executor* childs = co_await executor_of_child();
  co_return &mine == childs;
}
TEST(TaskTest, AChildInheritsItsParentsExecutor) { EXPECT_TRUE(block_on(shares_executor())); }

}  // namespace
}  // namespace chatelaine
