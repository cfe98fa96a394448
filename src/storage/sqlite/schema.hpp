#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "base/time.hpp"
#include "storage/sqlite/connection.hpp"

namespace chatelaine::storage::sqlite {

/// Makes an empty file that only its owner can read, and missing directories that only their owner can enter; takes
/// others' rights off a file that is there and off what SQLite keeps beside it. A directory that others may write to is
/// said to the log: they could put another file in its place. Throws StorageFault.
void prepare_file(const std::filesystem::path& file, Log& log);

/// Brings the database to this version's schema, one numbered step after the other, in one transaction: two processes
/// that start at once do it once. Refuses a newer schema and the database of another program. Throws StorageFault.
void bring_up_to_date(Connection& connection, const std::filesystem::path& file, Instant now);

}  // namespace chatelaine::storage::sqlite
