#include "accounts/password_pool.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/unavailable.hpp"

namespace chatelaine::accounts {
namespace {

/// Whether a job's turn came, or the pool had no room for it or ended first.
enum class Turn { came, never_came };
using Job = std::move_only_function<void(Turn)>;

template <class T>
using Outcome = std::variant<T, std::exception_ptr>;

template <class T>
Outcome<T> attempt(std::move_only_function<T()>& work) {
  try {
    return work();
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace

struct PasswordPool::State {
  explicit State(std::size_t limit) : queue_limit(limit) {}

  void run_jobs() {
    while (true) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return is_ending || !queue.empty(); });
      if (is_ending) return;
      Job job = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      job(Turn::came);
    }
  }

  void enqueue(Job job) {
    {
      const std::scoped_lock lock(mutex);
      if (!is_ending && queue.size() < queue_limit) {
        queue.push_back(std::move(job));
        changed.notify_one();
        return;
      }
    }
    job(Turn::never_came);
  }

  void end() {
    {
      const std::scoped_lock lock(mutex);
      is_ending = true;
      changed.notify_all();
    }
    for (std::thread& thread : threads) thread.join();
    for (Job& job : queue) job(Turn::never_came);
  }

  /// Runs `work` on a thread of the pool and comes back with what it gave.
  template <class T>
  Task<T> run(std::move_only_function<T()> work) {
    auto start = [this, &work](Resume<Outcome<T>> resume) {
      enqueue([&work, resume = std::move(resume)](Turn turn) mutable {
        if (turn == Turn::came) {
          resume(attempt(work));
        } else {
          resume(std::make_exception_ptr(Unavailable("The queue for password checks is full.")));
        }
      });
    };
    auto outcome = co_await suspend<Outcome<T>>(std::move(start));
    if (auto* fault = std::get_if<std::exception_ptr>(&outcome)) std::rethrow_exception(*fault);
    co_return std::move(std::get<T>(outcome));
  }

  const std::size_t queue_limit;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> queue;
  bool is_ending = false;
  std::vector<std::thread> threads;
};

PasswordPool::PasswordPool(unsigned threads, std::size_t queue_limit) : state_(std::make_unique<State>(queue_limit)) {
  for (unsigned i = 0; i < threads; ++i) state_->threads.emplace_back([state = state_.get()] { state->run_jobs(); });
}

PasswordPool::~PasswordPool() { state_->end(); }

Task<crypto::PasswordHash> PasswordPool::hash(const crypto::Password& password) {
  std::move_only_function<crypto::PasswordHash()> work = [&password] { return crypto::hash_password(password); };
  co_return co_await state_->run(std::move(work));
}

Task<bool> PasswordPool::check(const crypto::Password& password, std::optional<crypto::PasswordHash> hash) {
  std::move_only_function<bool()> work = [&password, &hash] {
    if (hash) return crypto::is_password_of(password, *hash);
    crypto::spend_password_check(password);
    return false;
  };
  co_return co_await state_->run(std::move(work));
}

}  // namespace chatelaine::accounts
