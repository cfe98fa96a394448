#pragma once

#include <filesystem>
#include <memory>
#include <unordered_map>

#include "storage/sqlite/statement.hpp"
#include "storage/sqlite/values.hpp"

namespace chatelaine::storage::sqlite {

/// A connection to the database file and its prepared statements. One thread at a time.
class Connection {
 public:
  /// Opens an existing file for writing, without touching what is in it.
  [[nodiscard]] static Connection open_for_writing(const std::filesystem::path& file);
  /// Opens an existing file; statements that would write fail.
  [[nodiscard]] static Connection open_for_reading(const std::filesystem::path& file);

  /// A statement with its places filled, before its first row.
  template <class... Values>
  [[nodiscard]] Statement query(Sql sql, const Values&... values) {
    Statement statement(prepared(sql));
    int place = 0;
    (Stored<Values>::bind(statement, ++place, values), ...);
    return statement;
  }
  /// Runs a statement to its end and counts the rows that it gave: for a write, what its RETURNING names.
  template <class... Values>
  std::size_t run(Sql sql, const Values&... values) {
    Statement statement = query(sql, values...);
    std::size_t rows = 0;
    while (statement.next()) ++rows;
    return rows;
  }
  /// Runs statements that are needed once, without keeping them prepared.
  void execute(const std::string& script);
  /// False also where SQLite ended the transaction by itself, as it does when the disk is full.
  [[nodiscard]] bool is_in_transaction() const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  Connection(const std::filesystem::path& file, const char* settings);
  [[nodiscard]] sqlite3_stmt* prepared(Sql sql);

  std::unique_ptr<sqlite3, Close> connection_;
  // By the address of the text, which is a literal.
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

}  // namespace chatelaine::storage::sqlite
