#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace chatelaine::net {

/// Whether anybody still waits for what a request asked for. Whoever works on it looks, or is told. For one loop alone.
class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  /// Until this goes, `tell` is called once when nobody waits any more: at once where that is so already. It must end
  /// no watch itself. `cancellation` outlives this; it may be null, and then nothing comes.
  class Watch {
   public:
    Watch(Cancellation* cancellation, std::function<void()> tell) : all_(cancellation), tell_(std::move(tell)) {
      if (all_ == nullptr) return;
      all_->watches_.push_back(this);
      if (all_->is_cancelled_) tell_();
    }
    ~Watch() {
      if (all_ != nullptr) std::erase(all_->watches_, this);
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    friend Cancellation;
    Cancellation* all_;
    std::function<void()> tell_;
  };

  /// Nobody waits any more, for good.
  void cancel() {
    if (std::exchange(is_cancelled_, true)) return;
    for (const Watch* watch : watches_) watch->tell_();
  }
  [[nodiscard]] bool is_cancelled() const { return is_cancelled_; }
  /// Whether anybody would be told.
  [[nodiscard]] bool is_watched() const { return !watches_.empty(); }

 private:
  std::vector<Watch*> watches_;
  bool is_cancelled_ = false;
};

[[nodiscard]] inline bool is_cancelled(const Cancellation* cancellation) {
  return cancellation != nullptr && cancellation->is_cancelled();
}

}  // namespace chatelaine::net
