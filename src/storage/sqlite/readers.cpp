#include "storage/sqlite/readers.hpp"

#include <atomic>

namespace chatelaine::storage::sqlite {
namespace {

/// The reader that a thread used last, so that the next read takes no lock. It is recognised by the serial number of
/// its Readers and not by their address, which another object may get.
struct LastReader {
  std::uint64_t serial = 0;
  Reader* reader = nullptr;
};
thread_local LastReader last_reader;

std::uint64_t next_serial() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

Readers::Readers(std::filesystem::path file) : file_(std::move(file)), serial_(next_serial()) {}

Reader& Readers::of_this_thread() {
  if (last_reader.serial == serial_) return *last_reader.reader;
  const std::scoped_lock lock(mutex_);
  auto& reader = readers_[std::this_thread::get_id()];
  if (!reader) reader = std::make_unique<Reader>(Connection::open_for_reading(file_), HotFacts{});
  last_reader = {serial_, reader.get()};
  return *reader;
}

}  // namespace chatelaine::storage::sqlite
