#include "storage/sqlite/ledger.hpp"

#include <limits>

#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define ENTRY_COLUMNS "id, at, kind, user_id, client_id, grant_id, detail, door, status, took, count"

constexpr Sql kRecordIfChanged{
    "INSERT INTO ledger (at, kind, user_id, client_id, detail) SELECT ?1, ?2, ?3, ?4, ?5 WHERE changes() > 0"};
constexpr Sql kAddCall{
    "INSERT INTO ledger (at, kind, user_id, client_id, grant_id, detail, door, status, took)"
    " VALUES (?1, 'call', (SELECT user_id FROM grants WHERE grants.id = ?3), ?2, ?3, ?4, ?5, ?6, ?7)"};
constexpr Sql kAddDropped{
    "INSERT INTO ledger (at, kind, detail, count) SELECT ?1, 'calls_dropped', '', ?2 WHERE ?2 > 0"};

#define IS_CALL "kind IN ('call', 'calls_dropped')"
#define MATCHES_REST                                                                             \
  " AND (?2 IS NULL OR client_id = ?2) AND (?3 IS NULL OR at >= ?3) AND (?4 IS NULL OR at < ?4)" \
  " AND (?5 = 'everything' OR (" IS_CALL ") = (?5 = 'calls'))"
// One for each way to ask, so that each can use its index.
constexpr Sql kListOldest{"SELECT " ENTRY_COLUMNS " FROM ledger WHERE ?1 IS NULL" MATCHES_REST
                          " AND id > ?6 ORDER BY id LIMIT ?7"};
constexpr Sql kListNewest{"SELECT " ENTRY_COLUMNS " FROM ledger WHERE ?1 IS NULL" MATCHES_REST
                          " AND id < ?6 ORDER BY id DESC LIMIT ?7"};
constexpr Sql kListOldestOfUser{"SELECT " ENTRY_COLUMNS " FROM ledger WHERE user_id = ?1" MATCHES_REST
                                " AND id > ?6 ORDER BY id LIMIT ?7"};
constexpr Sql kListNewestOfUser{"SELECT " ENTRY_COLUMNS " FROM ledger WHERE user_id = ?1" MATCHES_REST
                                " AND id < ?6 ORDER BY id DESC LIMIT ?7"};

constexpr Sql kListOldestOfBoth{"SELECT " ENTRY_COLUMNS
                                " FROM ledger WHERE user_id = ?1 AND client_id = ?2" MATCHES_REST
                                " AND id > ?6 ORDER BY id LIMIT ?7"};
constexpr Sql kListNewestOfBoth{"SELECT " ENTRY_COLUMNS
                                " FROM ledger WHERE user_id = ?1 AND client_id = ?2" MATCHES_REST
                                " AND id < ?6 ORDER BY id DESC LIMIT ?7"};

constexpr std::size_t kMostRemoved = 1000;
constexpr Sql kRemoveCalls{"DELETE FROM ledger WHERE id IN (SELECT id FROM ledger WHERE " IS_CALL
                           " AND at < ?1 LIMIT 1000) RETURNING id"};
constexpr Sql kRemoveEvents{
    "DELETE FROM ledger WHERE id IN (SELECT id FROM ledger WHERE kind NOT IN ('call', 'calls_dropped')"
    " AND at < ?1 LIMIT 1000) RETURNING id"};

LedgerEntry read_entry(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<LedgerEntryId>(),
          .at = row.take<Instant>(),
          .kind = row.take<LedgerKind>(),
          .user_id = row.take<std::optional<oauth::UserId>>(),
          .client_id = row.take<std::optional<oauth::ClientId>>(),
          .grant_id = row.take<std::optional<oauth::GrantId>>(),
          .detail = row.take<std::string>(),
          .door = row.take<std::optional<CallDoor>>(),
          .status = row.take<std::optional<std::uint32_t>>(),
          .took = row.take<std::optional<milliseconds>>(),
          .count = row.take<std::optional<std::uint32_t>>()};
}

std::string name_part(LedgerFilter::Part part) {
  switch (part) {
    case LedgerFilter::Part::everything:
      return "everything";
    case LedgerFilter::Part::calls:
      return "calls";
    case LedgerFilter::Part::events:
      return "events";
  }
  return "everything";
}

/// Where a page begins: before every id, or behind it, where there was no page yet, so that the key can be searched by.
LedgerEntryId begin_of(const LedgerFilter& filter) {
  using Limits = std::numeric_limits<std::int64_t>;
  const bool is_newest_first = filter.order == LedgerFilter::Order::newest_first;
  return filter.after.value_or(LedgerEntryId{is_newest_first ? Limits::max() : Limits::min()});
}

Sql choose_list(const LedgerFilter& filter) {
  const bool is_newest_first = filter.order == LedgerFilter::Order::newest_first;
  if (filter.user_id && filter.client_id) return is_newest_first ? kListNewestOfBoth : kListOldestOfBoth;
  if (filter.user_id) return is_newest_first ? kListNewestOfUser : kListOldestOfUser;
  return is_newest_first ? kListNewest : kListOldest;
}

class SqliteLedger final : public Ledger {
 public:
  explicit SqliteLedger(Database& database) : database_(database) {}

  Task<void> add_calls(std::span<const CallRecord> calls, std::uint32_t dropped, Instant now) override {
    auto write = [&](Writing& writing) {
      for (const CallRecord& call : calls)
        writing.run(kAddCall, call.at, call.client_id, call.grant_id, call.operation, call.door, call.status,
                    call.took);
      writing.run(kAddDropped, now, dropped);
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::vector<LedgerEntry>> list_entries(LedgerFilter filter) override {
    std::vector<LedgerEntry> entries;
    Statement listed = database_.reader().query(choose_list(filter), filter.user_id, filter.client_id, filter.since,
                                                filter.until, name_part(filter.part), begin_of(filter), filter.most);
    while (listed.next()) entries.push_back(read_entry(listed));
    co_return entries;
  }

  Task<bool> remove_entries(Instant calls_before, Instant events_before) override {
    auto write = [&](Writing& writing) {
      const bool are_more_calls = writing.run(kRemoveCalls, calls_before) >= kMostRemoved;
      return writing.run(kRemoveEvents, events_before) >= kMostRemoved || are_more_calls;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

void record_if_changed(Writing& writing, const LedgerEvent& event) {
  writing.run(kRecordIfChanged, event.at, event.kind, event.user_id, event.client_id, event.detail);
}

std::unique_ptr<Ledger> make_ledger(Database& database) { return std::make_unique<SqliteLedger>(database); }

}  // namespace chatelaine::storage::sqlite
