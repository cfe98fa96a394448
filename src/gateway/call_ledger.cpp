#include "gateway/call_ledger.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include "base/block_on.hpp"

namespace chatelaine::gateway {

CallLedger::CallLedger(storage::Ledger& ledger, const Clock& clock, Log& log)
    : ledger_(ledger), clock_(clock), log_(log), thread_([this] { work(); }) {}

CallLedger::~CallLedger() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  called_.notify_one();
  thread_.join();
}

void CallLedger::record(storage::CallRecord call) {
  const std::scoped_lock lock(mutex_);
  if (waiting_.size() + under_way_ >= kMostWaiting) {
    ++dropped_;
    return;
  }
  waiting_.push_back(std::move(call));
  if (waiting_.size() == kBatch) called_.notify_one();
}

void CallLedger::work() {
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

bool CallLedger::write_batch() {
  std::vector<storage::CallRecord> batch;
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
    block_on(ledger_.add_calls(batch, dropped, clock_.now()));
    is_failing_ = false;
    const std::scoped_lock lock(mutex_);
    under_way_ = 0;
    return true;
  } catch (const std::exception& error) {
    // Once, not every second.
    if (!std::exchange(is_failing_, true))
      log_.warning("the records of calls could not be written", {{"reason", error.what()}});
    keep(std::move(batch), dropped);
    // Waiting for the next second is all that can be done: a full disk does not empty by asking at once.
    return false;
  }
}

void CallLedger::keep(std::vector<storage::CallRecord> calls, std::uint32_t dropped) {
  const std::scoped_lock lock(mutex_);
  dropped_ += dropped;
  under_way_ = 0;
  waiting_.insert(waiting_.begin(), std::make_move_iterator(calls.begin()), std::make_move_iterator(calls.end()));
}

}  // namespace chatelaine::gateway
