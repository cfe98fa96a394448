#pragma once

#include <memory>

#include "base/task.hpp"
#include "crypto/password_hash.hpp"

namespace chatelaine::accounts {

/// Hashes passwords on a few threads of its own behind a queue with a limit, so that a flood of sign-ins neither fills
/// the memory (19 MiB a hash) nor slows token requests. When the queue is full the verbs throw chatelaine::Unavailable
/// (503 with Retry-After). Thread-safe.
class PasswordPool {
 public:
  PasswordPool(unsigned threads, std::size_t queue_limit);
  ~PasswordPool();

  [[nodiscard]] Task<crypto::PasswordHash> hash(crypto::Password password);
  /// What `check` found, and the hash to store instead where the old one is of an outdated kind.
  struct Checked {
    bool is_right = false;
    std::optional<crypto::PasswordHash> rehashed;
  };
  /// Without a hash (no such user, or none chosen) it spends the same time and is never right.
  [[nodiscard]] Task<Checked> check(crypto::Password password, std::optional<crypto::PasswordHash> hash);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::accounts
