#pragma once

#include "base/batch_writer.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "storage/ledger.hpp"

namespace chatelaine::gateway {

/// Takes the records of calls without making anybody wait, and writes them together (base/batch_writer.hpp). The number
/// of those that found no room is written too (storage::LedgerKind::calls_dropped).
class CallLedger {
 public:
  using Writer = BatchWriter<storage::CallRecord>;

  /// All outlive it.
  CallLedger(storage::Ledger& ledger, const Clock& clock, Log& log);

  /// Thread-safe; never waits for storage.
  void record(storage::CallRecord call) { writer_.add(std::move(call)); }

 private:
  Writer writer_;
};

}  // namespace chatelaine::gateway
