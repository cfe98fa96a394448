#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

bool is_call(const LedgerEntry& entry) {
  return entry.kind == LedgerKind::call || entry.kind == LedgerKind::calls_dropped;
}

bool is_match(const LedgerEntry& entry, const LedgerFilter& filter) {
  if (filter.part != LedgerFilter::Part::everything && is_call(entry) != (filter.part == LedgerFilter::Part::calls))
    return false;
  if (filter.user_id && entry.user_id != filter.user_id) return false;
  if (filter.client_id && entry.client_id != filter.client_id) return false;
  if (filter.since && entry.at < *filter.since) return false;
  if (filter.until && entry.at >= *filter.until) return false;
  if (!filter.after) return true;
  return filter.order == LedgerFilter::Order::newest_first ? entry.id < *filter.after : entry.id > *filter.after;
}

class MemoryLedger final : public Ledger {
 public:
  explicit MemoryLedger(Tables& tables) : tables_(tables) {}

  Task<void> add_calls(std::span<const CallRecord> calls, std::uint32_t dropped, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    for (const CallRecord& call : calls) {
      LedgerEntry entry{.at = call.at,
                        .client_id = call.client_id,
                        .grant_id = call.grant_id,
                        .detail = call.operation,
                        .door = call.door,
                        .status = call.status,
                        .took = call.took};
      if (call.grant_id) {
        const auto grant = tables_.grants.find(*call.grant_id);
        if (grant != tables_.grants.end()) entry.user_id = grant->second.user_id;
      }
      tables_.record(std::move(entry));
    }
    if (dropped > 0) tables_.record({.at = now, .kind = LedgerKind::calls_dropped, .count = dropped});
    co_return;
  }

  Task<std::vector<LedgerEntry>> list_entries(LedgerFilter filter) override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<LedgerEntry> entries;
    std::ranges::copy_if(tables_.ledger, std::back_inserter(entries),
                         [&](const LedgerEntry& entry) { return is_match(entry, filter); });
    if (filter.order == LedgerFilter::Order::newest_first) std::ranges::reverse(entries);
    if (entries.size() > filter.most) entries.resize(filter.most);
    co_return entries;
  }

  Task<bool> remove_entries(Instant calls_before, Instant events_before) override {
    const std::scoped_lock lock(tables_.mutex);
    std::erase_if(tables_.ledger,
                  [&](const LedgerEntry& entry) { return entry.at < (is_call(entry) ? calls_before : events_before); });
    co_return false;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<Ledger> make_ledger(Tables& tables) { return std::make_unique<MemoryLedger>(tables); }

}  // namespace chatelaine::storage::memory
