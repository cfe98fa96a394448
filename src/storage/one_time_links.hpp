#pragma once

#include <cstdint>
#include <optional>

#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "storage/users.hpp"

namespace chatelaine::storage {

using OneTimeLinkId = Id<struct OneTimeLinkTag>;

/// A link that lets one person choose a password once: an invitation or a reset.
struct OneTimeLink {
  OneTimeLinkId id;
  crypto::Sha256 secret_hash;
  oauth::UserId user_id;
  Instant expires_at;
};

class OneTimeLinks {
 public:
  virtual ~OneTimeLinks() = default;
  /// Keeps the link and drops any earlier one of the same user. Keeps nothing where the user is gone.
  virtual Task<void> add_one_time_link(const OneTimeLink& link, Instant now) = 0;
  /// Nothing where it is unknown or used.
  virtual Task<std::optional<OneTimeLink>> find_one_time_link(OneTimeLinkId id) = 0;
  /// Spends the link, sets its user's password and ends the user's sessions, unused codes, allowed device codes and
  /// grants: all or nothing.
  /// False where it was spent, has expired, or the user is gone or disabled.
  virtual Task<bool> redeem_one_time_link(OneTimeLinkId id, crypto::PasswordHash hash, Instant now) = 0;
};

}  // namespace chatelaine::storage
