#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>

#include "storage/sqlite/connection.hpp"

namespace chatelaine::storage::sqlite {

/// How often facts that caches hold have changed, as the table `change_marker` counts it: at once for this process's
/// own commits, and within 200 ms of asking for those of others. Thread-safe.
class Changes {
 public:
  explicit Changes(const std::filesystem::path& file);

  [[nodiscard]] std::uint64_t count();
  /// The marker stood at `count`; an older count than is known changes nothing.
  void note(std::uint64_t count) noexcept;

 private:
  void ask_others();

  std::atomic<std::uint64_t> count_{0};
  /// In nanoseconds of the steady clock.
  std::atomic<std::int64_t> ask_again_at_{0};
  std::mutex mutex_;
  Connection connection_;
};

}  // namespace chatelaine::storage::sqlite
