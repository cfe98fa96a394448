#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"

namespace chatelaine::net {

namespace asio = boost::asio;
using LoopExecutor = asio::io_context::executor_type;
using LoopTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, LoopExecutor>;

/// An event loop: one io_context that one thread runs. All but `post` and `begin_stop` is for that thread alone.
class Loop final : public Executor {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// How far a deadline may be overrun: one sweep over all of them costs less than a timer for each operation.
  static constexpr milliseconds kTick{250};

  /// What the sweep looks at.
  class Watched {
   public:
    explicit Watched(Loop& loop);
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
    virtual void tick() = 0;

   protected:
    ~Watched();

   private:
    Loop& loop_;
    std::list<Watched*>::iterator place_;
  };

  Loop();
  ~Loop() override;

  /// Runs until `begin_stop`, and then until every task that `start` began has ended.
  void run();
  /// The loop that runs on this thread, or null.
  [[nodiscard]] static Loop* current();

  void post(std::move_only_function<void()> work) override;
  /// Spawns a task that `run` waits for.
  void start(Task<void> task);
  /// Idle connections end now, those under way when they have answered, and everything once `patience` has passed.
  /// `take_leave` runs in between, on the loop. Thread-safe.
  void begin_stop(milliseconds patience, std::move_only_function<void()> take_leave);
  /// Requests under way go on, nothing new begins.
  [[nodiscard]] bool is_draining() const { return draining_; }
  /// Every socket is closed and every sleep ended as soon as it is seen.
  [[nodiscard]] bool is_abandoned() const { return abandoned_; }

  [[nodiscard]] asio::io_context& context() { return context_; }
  /// The time of the last tick.
  [[nodiscard]] TimePoint now() const { return now_; }
  /// IMF-fixdate (RFC 9110 §5.6.7), renewed by the tick.
  [[nodiscard]] const std::string& date() const { return date_; }
  /// A number that no two requests of a loop share and that tells nothing of how many there were.
  [[nodiscard]] std::uint64_t next_request_number();

  /// Timers that end early when the loop is abandoned.
  void add_sleep(LoopTimer& timer) { sleeps_.push_back(&timer); }
  void remove_sleep(LoopTimer& timer) { std::erase(sleeps_, &timer); }

  /// What somebody keeps a loop: made by `make` on first use, destroyed with the loop. `owner` is unique in the
  /// process.
  template <class T, class Make>
  T& kept(std::uint64_t owner, Make make) {
    std::shared_ptr<void>& place = kept_[owner];
    if (!place) place = std::shared_ptr<T>(make());
    return *static_cast<T*>(place.get());
  }

 private:
  void run_remote_work();
  void wait_for_tick();
  void tick();
  void sweep();
  void abandon();
  Task<void> count(Task<void> task);
  void end_if_done();

  asio::io_context context_;
  asio::executor_work_guard<LoopExecutor> guard_;
  LoopTimer tick_timer_;
  LoopTimer patience_timer_;
  TimePoint now_;
  std::int64_t date_second_ = 0;
  std::string date_;
  std::uint64_t request_number_;
  std::size_t tasks_ = 0;
  bool draining_ = false;
  bool abandoned_ = false;

  std::list<Watched*> watched_;
  std::vector<LoopTimer*> sleeps_;
  std::unordered_map<std::uint64_t, std::shared_ptr<void>> kept_;

  std::mutex remote_mutex_;
  std::vector<std::move_only_function<void()>> remote_work_;
};

/// Ends after what the executor already has to do: for work that never has to wait and would keep everybody else from
/// having their turn.
[[nodiscard]] Task<void> let_others_run();

}  // namespace chatelaine::net
