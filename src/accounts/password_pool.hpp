#pragma once

#include <optional>

#include "base/bounded_pool.hpp"
#include "base/task.hpp"
#include "crypto/password_hash.hpp"

namespace chatelaine::accounts {

/// Hashes passwords on a few threads of its own behind a queue with a limit, so that a flood of sign-ins neither fills
/// the memory (19 MiB a hash) nor slows token requests. When the queue is full the verbs throw chatelaine::Unavailable
/// (503 with Retry-After). Thread-safe.
class PasswordPool {
 public:
  PasswordPool(unsigned threads, std::size_t queue_limit);

  /// `password` outlives the task; of `check` too.
  [[nodiscard]] Task<crypto::PasswordHash> hash(const crypto::Password& password);
  /// Whether the password made the hash. Without one (no such user, or none chosen) it spends the same time and is
  /// never right.
  [[nodiscard]] Task<bool> check(const crypto::Password& password, std::optional<crypto::PasswordHash> hash);

 private:
  BoundedPool pool_;
};

}  // namespace chatelaine::accounts
