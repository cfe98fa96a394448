#include "storage/sqlite/changes.hpp"

#include <chrono>

#include "storage/fault.hpp"

namespace chatelaine::storage::sqlite {
namespace {

constexpr std::chrono::nanoseconds kAskOthersEvery = milliseconds(200);
constexpr Sql kReadMarker{"SELECT count FROM change_marker"};

std::int64_t steady_now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

}  // namespace

Changes::Changes(const std::filesystem::path& file) : connection_(Connection::open_for_reading(file)) { ask_others(); }

std::uint64_t Changes::count() {
  if (steady_now() >= ask_again_at_.load(std::memory_order_relaxed)) {
    // Whoever comes while another thread asks takes what is known.
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock.owns_lock()) {
      try {
        ask_others();
      } catch (const StorageFault&) {
        // While the file cannot be read, what is cached stays usable; the next ask comes in 200 ms.
        ask_again_at_.store(steady_now() + kAskOthersEvery.count(), std::memory_order_relaxed);
      }
    }
  }
  return count_.load(std::memory_order_acquire);
}

void Changes::note(std::uint64_t count) noexcept {
  std::uint64_t known = count_.load(std::memory_order_relaxed);
  while (known < count && !count_.compare_exchange_weak(known, count, std::memory_order_acq_rel)) {
  }
}

void Changes::ask_others() {
  Statement marker = connection_.query(kReadMarker);
  if (marker.next()) note(static_cast<std::uint64_t>(marker.integer(0)));
  ask_again_at_.store(steady_now() + kAskOthersEvery.count(), std::memory_order_relaxed);
}

}  // namespace chatelaine::storage::sqlite
