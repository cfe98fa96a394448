#pragma once

#include <optional>
#include <vector>

#include "base/task.hpp"
#include "oauth/authorize/consent.hpp"
#include "storage/sessions.hpp"

namespace chatelaine::storage {

class Consents {
 public:
  virtual ~Consents() = default;
  virtual Task<std::optional<oauth::Consent>> find_consent(oauth::UserId user_id, oauth::ClientId client_id,
                                                           oauth::Resource resource) = 0;
  /// Adds the scope of each to what was allowed before: all of them or, where the session in which the user allowed
  /// them has ended, the user is gone or disabled or the client is gone, nothing.
  virtual Task<void> remember_consents(const std::vector<oauth::Consent>& consents, SessionId session_id) = 0;
  virtual Task<std::vector<oauth::Consent>> list_consents(oauth::UserId user_id) = 0;
  /// Forgets what the user allowed the client and ends the unused codes, device codes and grants that came of it.
  virtual Task<void> withdraw_consent(oauth::UserId user_id, oauth::ClientId client_id, Instant now) = 0;
};

}  // namespace chatelaine::storage
