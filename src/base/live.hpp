#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace chatelaine {

/// A value that is replaced while others read it: settings after a SIGHUP. Reading is one load, and what was read stays
/// valid as long as the Live does, since older values are kept; replace it rarely.
template <class T>
class Live {
 public:
  explicit Live(T value) { set(std::move(value)); }

  [[nodiscard]] const T& get() const { return *current_.load(std::memory_order_acquire); }

  void set(T value) {
    const std::scoped_lock lock(mutex_);
    kept_.push_back(std::make_unique<const T>(std::move(value)));
    current_.store(kept_.back().get(), std::memory_order_release);
  }

 private:
  std::atomic<const T*> current_{nullptr};
  std::mutex mutex_;
  std::vector<std::unique_ptr<const T>> kept_;
};

}  // namespace chatelaine
