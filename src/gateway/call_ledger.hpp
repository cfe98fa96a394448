#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"
#include "storage/ledger.hpp"

namespace chatelaine::gateway {

/// Takes the records of calls without making anybody wait, and writes them together, every second or when there are
/// many, on a thread of its own. Where they cannot be written, so many are kept for the next time; what finds no room
/// is counted, and the number is written (storage::LedgerKind::calls_dropped). A crash loses what was not written yet.
class CallLedger {
 public:
  static constexpr std::size_t kBatch = 1'000;
  static constexpr std::size_t kMostWaiting = 20'000;

  /// All outlive it.
  CallLedger(storage::Ledger& ledger, const Clock& clock, Log& log);
  CallLedger(const CallLedger&) = delete;
  CallLedger& operator=(const CallLedger&) = delete;
  /// Writes what waits, once.
  ~CallLedger();

  /// Thread-safe; never waits for storage.
  void record(storage::CallRecord call);

 private:
  void work();
  /// False where it could not be written.
  bool write_batch();
  void keep(std::vector<storage::CallRecord> calls, std::uint32_t dropped);

  storage::Ledger& ledger_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable called_;
  std::vector<storage::CallRecord> waiting_;
  /// Taken off to be written, with room to come back.
  std::size_t under_way_ = 0;
  std::uint32_t dropped_ = 0;
  bool is_stopping_ = false;
  bool is_failing_ = false;
  std::thread thread_;
};

}  // namespace chatelaine::gateway
