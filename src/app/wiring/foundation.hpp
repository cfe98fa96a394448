#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "app/config/configuration.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "crypto/sealing.hpp"
#include "storage/storage.hpp"

namespace chatelaine::app {

/// The two halves of the program; each has storage, users and pages of its own.
enum class Side : std::uint8_t { provider, host };

/// What every command and both servers stand on: clock, randomness, the master key, and one side's storage.
struct Foundation {
  /// Opens (and makes, at first use) the master key and the database. Throws with a sentence for the operator where one
  /// cannot be opened. `log` outlives it.
  Foundation(const std::filesystem::path& configuration_directory, const std::filesystem::path& database, Log& log);
  /// In memory, with a master key of its own: for a server that is built and never runs.
  Foundation();

  SystemClock clock;
  SystemRandomness randomness;
  IdSequence ids;
  crypto::Sealer sealer;
  std::unique_ptr<storage::Storage> storage;
};

/// The database of a side, which the configuration must have.
[[nodiscard]] const std::filesystem::path& database_of(const Configuration& configuration, Side side);

}  // namespace chatelaine::app
