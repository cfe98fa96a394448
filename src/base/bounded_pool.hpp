#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/task.hpp"
#include "base/unavailable.hpp"

namespace chatelaine {

/// A few threads behind a queue with a limit, for work that takes too long for an event loop. Thread-safe.
class BoundedPool {
 public:
  /// `refusal` is the sentence of the Unavailable that is thrown where the queue is full.
  BoundedPool(unsigned threads, std::size_t queue_limit, std::string refusal);
  /// Finishes what has begun; what waits still is refused.
  ~BoundedPool();
  BoundedPool(const BoundedPool&) = delete;
  BoundedPool& operator=(const BoundedPool&) = delete;

  /// Runs `work` on a thread of the pool and comes back with what it gave or threw. Throws Unavailable (503 with
  /// Retry-After) where the queue is full. What `work` refers to outlives the task.
  template <class T>
  [[nodiscard]] Task<T> run(std::move_only_function<T()> work) {
    auto start = [this, &work](Resume<Outcome<T>> resume) {
      enqueue([this, &work, resume = std::move(resume)](Turn turn) mutable { resume(take_turn(turn, work)); });
    };
    auto outcome = co_await suspend<Outcome<T>>(std::move(start));
    if (auto* fault = std::get_if<std::exception_ptr>(&outcome)) std::rethrow_exception(*fault);
    co_return std::move(std::get<T>(outcome));
  }

 private:
  /// Whether a job's turn came, or the pool had no room for it or ended first.
  enum class Turn { came, never_came };
  using Job = std::move_only_function<void(Turn)>;
  template <class T>
  using Outcome = std::variant<T, std::exception_ptr>;

  template <class T>
  Outcome<T> take_turn(Turn turn, std::move_only_function<T()>& work) const {
    if (turn == Turn::never_came) return std::make_exception_ptr(Unavailable(refusal_));
    try {
      return work();
    } catch (...) {
      return std::current_exception();
    }
  }

  void enqueue(Job job);
  void run_jobs();

  const std::size_t queue_limit_;
  const std::string refusal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  bool is_ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace chatelaine
