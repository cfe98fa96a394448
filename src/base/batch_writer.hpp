#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace chatelaine {

/// Takes records without making anybody wait, and has them written together, every second or when there are many, on a
/// thread of its own. Where they cannot be written, so many are kept for the next time; what finds no room is counted,
/// and the writer is told how many those were. A crash loses what was not written yet.
template <class T>
class BatchWriter {
 public:
  static constexpr std::size_t kBatch = 1'000;
  static constexpr std::size_t kMostWaiting = 20'000;

  /// Writes a batch, or throws; `dropped`: since it last succeeded. On the writer's thread alone.
  using Write = std::function<void(const std::vector<T>& batch, std::uint32_t dropped)>;
  /// Is told why writing failed: once, not every second.
  using Complain = std::function<void(std::string_view reason)>;

  BatchWriter(Write write, Complain complain)
      : write_(std::move(write)), complain_(std::move(complain)), thread_([this] { work(); }) {}
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;
  /// Writes what waits, once.
  ~BatchWriter() {
    {
      const std::scoped_lock lock(mutex_);
      is_stopping_ = true;
    }
    called_.notify_one();
    thread_.join();
  }

  /// Thread-safe; never waits for what is written.
  void add(T record) {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() + under_way_ >= kMostWaiting) {
      ++dropped_;
      return;
    }
    waiting_.push_back(std::move(record));
    if (waiting_.size() == kBatch) called_.notify_one();
  }
  /// Counts one that is not to be written.
  void drop() {
    const std::scoped_lock lock(mutex_);
    ++dropped_;
  }

 private:
  void work() {
    bool is_stopping = false;
    while (!is_stopping) {
      {
        std::unique_lock lock(mutex_);
        called_.wait_for(lock, seconds{1}, [this] { return is_stopping_ || waiting_.size() >= kBatch; });
        is_stopping = is_stopping_;
      }
      while (write_batch()) {
      }
    }
  }

  /// False where there was nothing, or it could not be written.
  bool write_batch() {
    std::vector<T> batch;
    std::uint32_t dropped = 0;
    {
      const std::scoped_lock lock(mutex_);
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kBatch));
      std::move(waiting_.begin(), end, std::back_inserter(batch));
      waiting_.erase(waiting_.begin(), end);
      dropped = std::exchange(dropped_, 0);
      under_way_ = batch.size();
    }
    if (batch.empty() && dropped == 0) return false;
    try {
      write_(batch, dropped);
      is_failing_ = false;
      const std::scoped_lock lock(mutex_);
      under_way_ = 0;
      return true;
    } catch (const std::exception& error) {
      if (!std::exchange(is_failing_, true)) complain_(error.what());
      keep(std::move(batch), dropped);
      // Waiting for the next second is all that can be done: a full disk does not empty by asking at once.
      return false;
    }
  }

  void keep(std::vector<T> batch, std::uint32_t dropped) {
    const std::scoped_lock lock(mutex_);
    dropped_ += dropped;
    under_way_ = 0;
    waiting_.insert(waiting_.begin(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
  }

  Write write_;
  Complain complain_;
  std::mutex mutex_;
  std::condition_variable called_;
  std::vector<T> waiting_;
  /// Taken off to be written, with room to come back.
  std::size_t under_way_ = 0;
  std::uint32_t dropped_ = 0;
  bool is_stopping_ = false;
  bool is_failing_ = false;
  std::thread thread_;
};

}  // namespace chatelaine
