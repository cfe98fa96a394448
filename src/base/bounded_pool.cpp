#include "base/bounded_pool.hpp"

namespace chatelaine {

BoundedPool::BoundedPool(unsigned threads, std::size_t queue_limit, std::string refusal)
    : queue_limit_(queue_limit), refusal_(std::move(refusal)) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run_jobs(); });
}

BoundedPool::~BoundedPool() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
  for (Job& job : queue_) job(Turn::never_came);
}

void BoundedPool::run_jobs() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_ending_ || !queue_.empty(); });
    if (is_ending_) return;
    Job job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job(Turn::came);
  }
}

void BoundedPool::enqueue(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (!is_ending_ && queue_.size() < queue_limit_) {
      queue_.push_back(std::move(job));
      changed_.notify_one();
      return;
    }
  }
  job(Turn::never_came);
}

}  // namespace chatelaine
