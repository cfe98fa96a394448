#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "storage/storage.hpp"

namespace chatelaine::provider::testing {

/// Called with the noun ("grants") before each use of it. It may throw, as a disk that is full does, or do something
/// that then has happened in between, as a rival does.
using StorageWatch = std::function<void(std::string_view noun)>;

/// Storage whose every use a test can see, and spoil. `watch` outlives it and may be empty.
[[nodiscard]] std::unique_ptr<storage::Storage> make_watched_storage(std::unique_ptr<storage::Storage> storage,
                                                                     const StorageWatch& watch);

}  // namespace chatelaine::provider::testing
