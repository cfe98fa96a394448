#include "storage/sqlite/statement.hpp"

#include <sqlite3.h>

#include "storage/fault.hpp"

namespace chatelaine::storage::sqlite {
namespace {
/// What to bind for an empty value: a null pointer would bind NULL.
const char* data_of(std::string_view value) { return value.data() == nullptr ? "" : value.data(); }
}  // namespace

void throw_fault(sqlite3* connection) {
  throw StorageFault(std::string("the database failed: ") + sqlite3_errmsg(connection));
}

Statement::~Statement() {
  if (prepared_ == nullptr) return;
  sqlite3_reset(prepared_);
  sqlite3_clear_bindings(prepared_);
}

void Statement::bind_null(int place) { check(sqlite3_bind_null(prepared_, place)); }
void Statement::bind_integer(int place, std::int64_t value) { check(sqlite3_bind_int64(prepared_, place, value)); }
void Statement::bind_text(int place, std::string_view value) {
  check(sqlite3_bind_text64(prepared_, place, data_of(value), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::bind_blob(int place, std::string_view value) {
  check(sqlite3_bind_blob64(prepared_, place, data_of(value), value.size(), SQLITE_TRANSIENT));
}

bool Statement::next() {
  const int result = sqlite3_step(prepared_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw_fault(sqlite3_db_handle(prepared_));
}

bool Statement::is_null(int column) const { return sqlite3_column_type(prepared_, column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(prepared_, column); }
std::string Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(prepared_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column));
  return data == nullptr ? std::string() : std::string(data, size);
}

void Statement::check(int result) const {
  if (result != SQLITE_OK) throw_fault(sqlite3_db_handle(prepared_));
}

}  // namespace chatelaine::storage::sqlite
