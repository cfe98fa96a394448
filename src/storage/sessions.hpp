#pragma once

#include <optional>

#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "storage/users.hpp"

namespace chatelaine::storage {

/// A signed-in browser.
struct Session {
  SessionId id;
  crypto::Sha256 secret_hash;
  oauth::UserId user_id;
  Instant authenticated_at;
  Instant last_seen_at;
  /// The absolute end, whatever happens.
  Instant expires_at;
};

/// A session and whose it is.
struct SessionOwner {
  Session session;
  User user;
};

class Sessions {
 public:
  virtual ~Sessions() = default;
  /// `proven_hash`: what the user's password hash was when they proved who they are. False where it is another by now,
  /// or the user is gone or disabled; nothing is kept then.
  virtual Task<bool> begin_session(const Session& session, const std::optional<crypto::PasswordHash>& proven_hash) = 0;
  /// Nothing where there is no such session, or its user is gone or disabled.
  virtual Task<std::optional<SessionOwner>> find_session(SessionId id) = 0;
  /// Moves `last_seen_at` forward.
  virtual Task<void> touch_session(SessionId id, Instant now) = 0;
  virtual Task<void> end_session(SessionId id) = 0;
};

}  // namespace chatelaine::storage
