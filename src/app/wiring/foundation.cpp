#include "app/wiring/foundation.hpp"

#include <vector>

#include "app/wiring/master_key.hpp"
#include "storage/memory/memory_storage.hpp"
#include "storage/sqlite/sqlite_storage.hpp"

namespace chatelaine::app {
namespace {

std::vector<crypto::MasterKey> load_master_keys(const std::filesystem::path& directory, Randomness& randomness) {
  std::vector<crypto::MasterKey> keys;
  keys.push_back(find_or_make_master_key(directory, read_process_environment, randomness));
  return keys;
}

std::vector<crypto::MasterKey> make_passing_key(Randomness& randomness) {
  std::vector<crypto::MasterKey> keys;
  keys.push_back(crypto::generate_master_key(randomness));
  return keys;
}

}  // namespace

Foundation::Foundation(const std::filesystem::path& configuration_directory, const std::filesystem::path& database,
                       Log& log)
    : ids(clock, randomness),
      sealer(load_master_keys(configuration_directory, randomness), randomness),
      storage(storage::open_sqlite(database, clock, log)) {}

Foundation::Foundation()
    : ids(clock, randomness),
      sealer(make_passing_key(randomness), randomness),
      storage(storage::make_memory_storage()) {}

const std::filesystem::path& database_of(const Configuration& configuration, Side side) {
  switch (side) {
    case Side::provider:
      return configuration.provider.value().storage;
    case Side::host:
      return configuration.host.value().storage;
  }
  throw std::logic_error("no such side");
}

}  // namespace chatelaine::app
