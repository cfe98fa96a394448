#include "storage/sqlite/connection.hpp"

#include <sqlite3.h>

#include <mutex>

#include "storage/fault.hpp"

namespace chatelaine::storage::sqlite {
namespace {

// A commit of another process is over in milliseconds; who waits longer than two seconds is answered "not now".
constexpr int kBusyMilliseconds = 2'000;

constexpr const char* kWriterSettings =
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA journal_size_limit = 67108864;";

constexpr const char* kReaderSettings =
    "PRAGMA query_only = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA trusted_schema = OFF;";

/// SQLite would count its memory under a lock that all threads share. Has an effect before it is first used alone.
void leave_memory_uncounted() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

void Connection::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void Connection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Connection Connection::open_for_writing(const std::filesystem::path& file) { return {file, kWriterSettings}; }
Connection Connection::open_for_reading(const std::filesystem::path& file) { return {file, kReaderSettings}; }

Connection::Connection(const std::filesystem::path& file, const char* settings) {
  leave_memory_uncounted();
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  connection_.reset(opened);
  if (result != SQLITE_OK) {
    throw StorageFault("cannot open the database " + file.string() + ": " + sqlite3_errstr(result));
  }
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  execute(settings);
}

void Connection::execute(const std::string& script) {
  if (sqlite3_exec(connection_.get(), script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw_fault(connection_.get());
  }
}

bool Connection::is_in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

sqlite3_stmt* Connection::prepared(Sql sql) {
  auto& statement = statements_[sql.text];
  if (!statement) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(connection_.get(), sql.text, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK) {
      throw_fault(connection_.get());
    }
    statement.reset(made);
  }
  return statement.get();
}

}  // namespace chatelaine::storage::sqlite
