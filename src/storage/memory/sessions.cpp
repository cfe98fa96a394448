#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemorySessions final : public Sessions {
 public:
  explicit MemorySessions(Tables& tables) : tables_(tables) {}

  Task<bool> begin_session(const Session& session, const std::optional<crypto::PasswordHash>& proven_hash) override {
    const std::scoped_lock lock(tables_.mutex);
    const User* user = tables_.find_enabled_user(session.user_id);
    if (user == nullptr || user->password_hash != proven_hash) co_return false;
    tables_.add_session(session);
    co_return true;
  }

  Task<std::optional<SessionOwner>> find_session(SessionId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.sessions.find(id);
    if (found == tables_.sessions.end()) co_return std::nullopt;
    const User* user = tables_.find_enabled_user(found->second.user_id);
    if (user == nullptr) co_return std::nullopt;
    co_return SessionOwner{.session = found->second, .user = *user};
  }

  Task<void> touch_session(SessionId id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.sessions.find(id);
    if (found != tables_.sessions.end()) found->second.last_seen_at = std::max(found->second.last_seen_at, now);
    co_return;
  }

  Task<void> end_session(SessionId id) override {
    const std::scoped_lock lock(tables_.mutex);
    tables_.sessions.erase(id);
    co_return;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<Sessions> make_sessions(Tables& tables) { return std::make_unique<MemorySessions>(tables); }

}  // namespace chatelaine::storage::memory
