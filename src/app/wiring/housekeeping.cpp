#include "app/wiring/housekeeping.hpp"

#include <exception>

#include "base/block_on.hpp"

namespace chatelaine::app {

void remove_all_expired(storage::Storage& storage, Instant now, const std::function<bool()>& is_stopping) {
  while (block_on(storage.remove_expired(now)) && !is_stopping()) {
  }
}

Housekeeping::Housekeeping(storage::Storage& storage, const Clock& clock, Log& log)
    : storage_(storage), clock_(clock), log_(log), thread_([this] { run(); }) {}

Housekeeping::~Housekeeping() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  stopped_.notify_one();
  thread_.join();
}

void Housekeeping::run() {
  std::unique_lock lock(mutex_);
  // The first round waits too: a start does nothing that can wait.
  while (!stopped_.wait_for(lock, std::chrono::minutes{1}, [this] { return is_stopping_; })) {
    lock.unlock();
    try {
      remove_all_expired(storage_, clock_.now(), [this] {
        const std::scoped_lock stopping_lock(mutex_);
        return is_stopping_;
      });
    } catch (const std::exception& error) {
      log_.warning("What has expired could not be removed", {{"reason", error.what()}});
    }
    lock.lock();
  }
}

}  // namespace chatelaine::app
