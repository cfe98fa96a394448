#include "gateway/call_ledger.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "base/block_on.hpp"
#include "storage/fault.hpp"
#include "storage/memory/memory_storage.hpp"

namespace chatelaine::gateway {
namespace {

storage::CallRecord some_call(const std::string& operation) {
  return {.at = Instant(seconds(1)), .client_id = oauth::ClientId("notes"), .operation = operation, .status = 200};
}

/// A ledger whose writing a test can make fail.
class FailingLedger final : public storage::Ledger {
 public:
  explicit FailingLedger(storage::Ledger& real) : real_(real) {}
  Task<void> add_calls(std::span<const storage::CallRecord> calls, std::uint32_t dropped, Instant now) override {
    ++attempts;
    if (is_full) throw storage::StorageFault("disk full");
    co_await real_.add_calls(calls, dropped, now);
  }
  Task<std::vector<storage::LedgerEntry>> list_entries(storage::LedgerFilter filter) override {
    return real_.list_entries(std::move(filter));
  }
  Task<bool> remove_entries(Instant calls_before, Instant events_before) override {
    return real_.remove_entries(calls_before, events_before);
  }
  std::atomic<bool> is_full{false};
  std::atomic<int> attempts{0};

 private:
  storage::Ledger& real_;
};

class CallLedgerTest : public testing::Test {
 protected:
  std::vector<storage::LedgerEntry> entries() { return block_on(storage_->ledger().list_entries({.most = 1'000'000})); }

  std::unique_ptr<storage::Storage> storage_ = storage::make_memory_storage();
  FailingLedger ledger_{storage_->ledger()};
  SystemClock clock_;
  SilentLog log_;
};

TEST_F(CallLedgerTest, WritesWhatWaitsBeforeItEnds) {
  {
    CallLedger calls(ledger_, clock_, log_);
    for (int i = 0; i < 2'500; ++i) calls.record(some_call(std::to_string(i)));
  }
  const auto written = entries();
  ASSERT_EQ(written.size(), 2'500U);
  for (std::size_t i = 0; i < written.size(); ++i) EXPECT_EQ(written[i].detail, std::to_string(i)) << "in their order";
}

TEST_F(CallLedgerTest, WritesWithinAMomentWithoutBeingAsked) {
  CallLedger calls(ledger_, clock_, log_);
  calls.record(some_call("one"));
  for (int tries = 0; tries < 500 && entries().empty(); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(entries().size(), 1U);
}

TEST_F(CallLedgerTest, KeepsWhatItCanAndCountsTheRest) {
  {
    CallLedger calls(ledger_, clock_, log_);
    ledger_.is_full = true;
    for (std::size_t i = 0; i < CallLedger::Writer::kMostWaiting + 500; ++i) calls.record(some_call(std::to_string(i)));
    // It has tried, and taken them back.
    while (ledger_.attempts == 0) std::this_thread::yield();
    for (int i = 0; i < 1'000; ++i) calls.record(some_call("late"));
    ledger_.is_full = false;
  }
  std::size_t written = 0;
  std::size_t dropped = 0;
  for (const storage::LedgerEntry& entry : entries()) {
    written += entry.kind == storage::LedgerKind::call ? 1 : 0;
    dropped += entry.count.value_or(0);
  }
  EXPECT_EQ(written + dropped, CallLedger::Writer::kMostWaiting + 1'500) << "each is written or counted";
  EXPECT_GE(dropped, 1U);
  EXPECT_EQ(entries().front().detail, "0") << "the oldest first";
}

}  // namespace
}  // namespace chatelaine::gateway
