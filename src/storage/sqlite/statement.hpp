#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace chatelaine::storage::sqlite {

/// The text of a statement. Always a literal: its address names it among a connection's prepared statements, and no
/// value can become part of it.
struct Sql {
  const char* text;
  consteval explicit Sql(const char* literal) : text(literal) {}
};

/// Throws StorageFault with what SQLite says about the last failure of the connection. The sentence names tables and
/// columns at most, never a value.
[[noreturn]] void throw_fault(sqlite3* connection);

/// One run of a prepared statement: bound, stepped, and reset when it goes, since a statement that is not reset keeps
/// its snapshot of the database open.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* prepared) : prepared_(prepared) {}
  Statement(Statement&& other) noexcept : prepared_(std::exchange(other.prepared_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Places count from 1.
  void bind_null(int place);
  void bind_integer(int place, std::int64_t value);
  void bind_text(int place, std::string_view value);
  void bind_blob(int place, std::string_view value);

  /// Whether there is a (further) row. Throws StorageFault.
  [[nodiscard]] bool next();

  /// Columns count from 0.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  /// The bytes of a text or a blob.
  [[nodiscard]] std::string bytes(int column) const;

 private:
  void check(int result) const;

  sqlite3_stmt* prepared_;
};

}  // namespace chatelaine::storage::sqlite
