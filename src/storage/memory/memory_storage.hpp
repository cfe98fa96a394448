#pragma once

#include <memory>

#include "storage/storage.hpp"

namespace chatelaine::storage {

/// Keeps everything in memory, for tests and for what is built and never runs: the same verbs as the databases, each at
/// once and under one lock. Nothing is durable.
[[nodiscard]] std::unique_ptr<Storage> make_memory_storage();

}  // namespace chatelaine::storage
