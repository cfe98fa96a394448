#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "base/task.hpp"

namespace chatelaine {

/// An executor that runs on whichever thread calls `block_on`: for commands and tests, which do one thing at a time.
class BlockingExecutor final : public Executor {
 public:
  void post(std::move_only_function<void()> work) override {
    // Notified under the lock: the waiter may destroy this executor as soon as it can take it.
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(work));
    ready_.notify_one();
  }
  void run_until(const bool& done) {
    while (!done) run_one();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return !queue_.empty(); });
    auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::move_only_function<void()>> queue_;
};

namespace detail {
template <class T>
Task<void> keep_outcome(Task<T> task, std::optional<T>& value, std::exception_ptr& error, bool& done) {
  try {
    value.emplace(co_await std::move(task));
  } catch (...) {
    error = std::current_exception();
  }
  done = true;
}
inline Task<void> keep_outcome(Task<void> task, std::optional<std::monostate>& value, std::exception_ptr& error,
                               bool& done) {
  try {
    co_await std::move(task);
    value.emplace();
  } catch (...) {
    error = std::current_exception();
  }
  done = true;
}
}  // namespace detail

/// Runs `task` to its end on the calling thread and gives what it gave.
template <class T>
T block_on(Task<T> task) {
  BlockingExecutor executor;
  std::optional<std::conditional_t<std::is_void_v<T>, std::monostate, T>> value;
  std::exception_ptr error;
  bool done = false;
  spawn(executor, detail::keep_outcome(std::move(task), value, error, done));
  executor.run_until(done);
  if (error) std::rethrow_exception(error);
  if constexpr (!std::is_void_v<T>) return std::move(*value);
}

}  // namespace chatelaine
