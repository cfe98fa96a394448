#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "storage/sqlite/changes.hpp"
#include "storage/sqlite/readers.hpp"
#include "storage/sqlite/writer.hpp"

namespace chatelaine::storage::sqlite {

/// The open file: one writer, a reader a thread, and the count of changes.
class Database {
 public:
  /// `writing` is connected to `file`, whose schema is up to date.
  Database(const std::filesystem::path& file, Connection writing, Log& log);

  /// The calling thread's connection to read with.
  [[nodiscard]] Connection& reader() { return readers_.of_this_thread().connection; }
  /// The calling thread's cache, emptied where a fact has changed since it was last asked.
  [[nodiscard]] HotFacts& facts();
  [[nodiscard]] Writer& writer() { return writer_; }
  [[nodiscard]] Changes& changes() { return changes_; }

 private:
  Changes changes_;
  Readers readers_;
  // Last, so that it ends first: its last commits still count in changes_.
  Writer writer_;
};

}  // namespace chatelaine::storage::sqlite
