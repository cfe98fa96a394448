#include "net/sleep.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "net/loop.hpp"

namespace chatelaine::net {
namespace {

/// Wakes tasks whose executor has no timers of its own: commands and tests. Its thread starts with the first of them.
class TimerThread {
 public:
  ~TimerThread() {
    {
      const std::scoped_lock lock(mutex_);
      is_ending_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
  }
  void wake_after(milliseconds duration, Resume<int> resume) {
    const std::scoped_lock lock(mutex_);
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    sleepers_.emplace(std::chrono::steady_clock::now() + duration, resume);
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!is_ending_) {
      if (sleepers_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const auto due = sleepers_.begin()->first;
      if (std::chrono::steady_clock::now() < due) {
        changed_.wait_until(lock, due);
        continue;
      }
      auto sleeper = sleepers_.extract(sleepers_.begin());
      sleeper.mapped()(0);
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<std::chrono::steady_clock::time_point, Resume<int>> sleepers_;
  std::thread thread_;
  bool is_ending_ = false;
};

// One for the process: which executors need it is not known where programs are wired.
TimerThread& timer_thread() {
  static TimerThread thread;
  return thread;
}

Task<void> sleep_on_loop(Loop& loop, milliseconds duration) {
  if (loop.is_abandoned()) co_return;
  LoopTimer timer(loop.context(), duration);
  loop.add_sleep(timer);
  const auto start = [&timer](Resume<int> resume) {
    timer.async_wait([resume](const boost::system::error_code&) mutable { resume(0); });
  };
  co_await suspend<int>(start);
  loop.remove_sleep(timer);
}

Task<void> sleep_elsewhere(milliseconds duration) {
  const auto start = [duration](Resume<int> resume) { timer_thread().wake_after(duration, resume); };
  co_await suspend<int>(start);
}

}  // namespace

Task<void> sleep_for(milliseconds duration) {
  auto* const loop = dynamic_cast<Loop*>(&co_await current_executor());
  if (loop != nullptr) {
    co_await sleep_on_loop(*loop, duration);
  } else {
    co_await sleep_elsewhere(duration);
  }
}

}  // namespace chatelaine::net
