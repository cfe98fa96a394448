#include "storage/sqlite/schema.hpp"

#include <string>
#include <thread>

#include "storage/fault.hpp"
#include "storage/sqlite/schema_steps.hpp"

namespace chatelaine::storage::sqlite {
namespace {

constexpr Sql kJournalMode{"PRAGMA journal_mode = WAL"};
constexpr Sql kVersion{"PRAGMA user_version"};
constexpr Sql kCountTables{"SELECT count(*) FROM sqlite_schema"};
constexpr Sql kNoteStep{"INSERT INTO schema_steps (version, applied_at) VALUES (?1, ?2)"};

std::int64_t ask_number(Connection& connection, Sql sql) {
  Statement answer = connection.query(sql);
  if (!answer.next()) throw StorageFault("the database did not answer");
  return answer.integer(0);
}

std::string ask_journal_mode(Connection& connection) {
  Statement answer = connection.query(kJournalMode);
  return answer.next() ? answer.bytes(0) : "";
}

/// Several processes that open a new file at once stand in each other's way here, where SQLite does not wait by itself.
void enter_wal_mode(Connection& connection, const std::filesystem::path& file) {
  constexpr int kAttempts = 100;
  for (int attempt = 1;; ++attempt) {
    try {
      const std::string mode = ask_journal_mode(connection);
      if (mode == "wal") return;
      throw StorageFault("the database " + file.string() + " cannot use a write-ahead log (it stays in mode " + mode +
                         "): put it on a local file system");
    } catch (const StorageFault&) {
      if (attempt == kAttempts) throw;
      std::this_thread::sleep_for(milliseconds(10));
    }
  }
}

void check_version(Connection& connection, std::int64_t version, const std::filesystem::path& file) {
  if (version > static_cast<std::int64_t>(kSchemaSteps.size())) {
    throw StorageFault("the database " + file.string() + " was made by a newer version of Chatelaine (schema " +
                       std::to_string(version) + "; this version knows " + std::to_string(kSchemaSteps.size()) +
                       "): run that version, or name another file");
  }
  if (version == 0 && ask_number(connection, kCountTables) != 0) {
    throw StorageFault("the database " + file.string() + " belongs to another program: name another file");
  }
}

void apply_missing_steps(Connection& connection, std::size_t version, Instant now) {
  for (std::size_t step = version; step < kSchemaSteps.size(); ++step) {
    connection.execute(kSchemaSteps[step]);
    connection.run(kNoteStep, static_cast<std::int64_t>(step + 1), now);
  }
  connection.execute("PRAGMA user_version = " + std::to_string(kSchemaSteps.size()));
}

}  // namespace

void bring_up_to_date(Connection& connection, const std::filesystem::path& file, Instant now) {
  // Before the file is touched in any way: a database that is not ours stays as it is.
  check_version(connection, ask_number(connection, kVersion), file);
  enter_wal_mode(connection, file);
  connection.execute("BEGIN IMMEDIATE");
  try {
    // Another process may have been quicker.
    const std::int64_t version = ask_number(connection, kVersion);
    check_version(connection, version, file);
    apply_missing_steps(connection, static_cast<std::size_t>(version), now);
    connection.execute("COMMIT");
  } catch (...) {
    if (connection.is_in_transaction()) connection.execute("ROLLBACK");
    throw;
  }
}

}  // namespace chatelaine::storage::sqlite
