#pragma once

#include <filesystem>
#include <memory>

#include "base/log.hpp"
#include "base/time.hpp"
#include "storage/storage.hpp"

namespace chatelaine::storage {

/// Opens the database in `file`, and makes it (mode 0600, a missing directory 0700) where there is none. A database of
/// an older version is brought up to date; one of a newer version, or of another program, is refused. Throws
/// StorageFault with a sentence for the operator.
///
/// Several processes may open one file. The storage must outlive every verb that was begun on it; its destructor
/// finishes what is queued and closes the file. `log` must outlive the storage; `clock` only dates schema steps.
[[nodiscard]] std::unique_ptr<Storage> open_sqlite(const std::filesystem::path& file, const Clock& clock, Log& log);

}  // namespace chatelaine::storage
