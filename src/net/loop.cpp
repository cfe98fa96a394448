#include "net/loop.hpp"

#include <boost/asio/post.hpp>
#include <csignal>
#include <ctime>

#include "base/random.hpp"
#include "net/http_date.hpp"

namespace chatelaine::net {
namespace {

thread_local Loop* current_loop = nullptr;

std::uint64_t random_number() {
  std::uint64_t number = 0;
  SystemRandomness().fill(std::as_writable_bytes(std::span(&number, 1)));
  return number;
}

}  // namespace

Loop::Watched::Watched(Loop& loop) : loop_(loop), place_(loop.watched_.insert(loop.watched_.end(), this)) {}
Loop::Watched::~Watched() { loop_.watched_.erase(place_); }

// UNSAFE_IO: sockets are used by this loop's thread alone, so the reactor takes no lock for them; `post` stays safe.
Loop::Loop()
    : context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      guard_(context_.get_executor()),
      tick_timer_(context_),
      patience_timer_(context_),
      request_number_(random_number()) {
  tick();
}

Loop::~Loop() {
  // Kept connections hold sockets of this loop's context.
  kept_.clear();
}

Loop* Loop::current() { return current_loop; }

void Loop::run() {
  // A peer that goes away shows as an error of the write, also inside OpenSSL, which cannot pass MSG_NOSIGNAL.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  current_loop = this;
  wait_for_tick();
  context_.run();
  current_loop = nullptr;
}

void Loop::post(std::move_only_function<void()> work) {
  if (current_loop == this) {
    asio::post(context_, std::move(work));
    return;
  }
  // One wake-up for whatever comes together, such as the waiters of one commit.
  bool is_first = false;
  {
    const std::scoped_lock lock(remote_mutex_);
    is_first = remote_work_.empty();
    remote_work_.push_back(std::move(work));
  }
  if (is_first) asio::post(context_, [this] { run_remote_work(); });
}

void Loop::run_remote_work() {
  std::vector<std::move_only_function<void()>> batch;
  {
    const std::scoped_lock lock(remote_mutex_);
    batch.swap(remote_work_);
  }
  for (auto& work : batch) work();
}

void Loop::start(Task<void> task) {
  ++tasks_;
  spawn(*this, count(std::move(task)));
}

Task<void> Loop::count(Task<void> task) {
  co_await std::move(task);
  --tasks_;
  end_if_done();
}

void Loop::begin_stop(milliseconds patience, std::move_only_function<void()> take_leave) {
  post([this, patience, take_leave = std::move(take_leave)]() mutable {
    draining_ = true;
    patience_timer_.expires_after(patience);
    patience_timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) abandon();
    });
    sweep();
    take_leave();
    // Behind whatever is in the queue already: a connection that was accepted just now begins its task there.
    post([this] { end_if_done(); });
  });
}

void Loop::abandon() {
  abandoned_ = true;
  for (LoopTimer* timer : sleeps_) timer->cancel();
  sweep();
}

void Loop::end_if_done() {
  if (!draining_ || tasks_ > 0) return;
  guard_.reset();
  tick_timer_.cancel();
  patience_timer_.cancel();
}

void Loop::wait_for_tick() {
  tick_timer_.expires_after(kTick);
  tick_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    tick();
    sweep();
    // A tick that was due when `end_if_done` cancelled it comes all the same, and must not be followed by another.
    if (draining_ && tasks_ == 0) return;
    wait_for_tick();
  });
}

void Loop::tick() {
  now_ = std::chrono::steady_clock::now();
  const std::int64_t second = std::time(nullptr);
  if (second == date_second_) return;
  date_second_ = second;
  date_ = write_http_date(from_numeric_date(second));
}

void Loop::sweep() {
  // Cancelling never destroys a watched object at once: its task hears of it through a posted completion.
  for (Watched* watched : watched_) watched->tick();
}

Task<void> let_others_run() {
  const auto turn = [](Resume<int> resume) { resume(0); };
  co_await suspend<int>(turn);
}

std::uint64_t Loop::next_request_number() {
  // SplitMix64: a bijection of a counter that started at a random place.
  std::uint64_t number = request_number_ += 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31);
}

}  // namespace chatelaine::net
