#include <algorithm>
#include <functional>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryGrants final : public Grants {
 public:
  explicit MemoryGrants(Tables& tables) : tables_(tables) {}

  Task<std::optional<oauth::Grant>> find_grant(oauth::GrantId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.grants.find(id);
    if (found == tables_.grants.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<bool> is_grant_active(oauth::GrantId id) override {
    const std::scoped_lock lock(tables_.mutex);
    co_return find_active(id) != nullptr;
  }

  Task<std::vector<oauth::Grant>> list_grants(GrantFilter filter) override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<oauth::Grant> grants;
    for (const auto& [id, grant] : tables_.grants) {
      if (is_match(grant, filter)) grants.push_back(grant);
    }
    std::ranges::sort(grants, std::greater(),
                      [](const oauth::Grant& grant) { return std::pair(grant.created_at, grant.id); });
    co_return grants;
  }

  Task<bool> rotate_refresh_token(oauth::GrantId id, std::uint32_t from_generation, Instant now, Instant expires_at,
                                  const std::optional<oauth::OpaqueAccessToken>& access_token) override {
    const std::scoped_lock lock(tables_.mutex);
    oauth::Grant* grant = find_active(id);
    if (grant == nullptr || grant->generation != from_generation || grant->expires_at <= now) co_return false;
    ++grant->generation;
    grant->rotated_at = now;
    grant->expires_at = expires_at;
    grant->grace_uses = 0;
    tables_.keep(access_token);
    co_return true;
  }

  Task<bool> replay_successor(oauth::GrantId id, std::uint32_t current_generation, Instant rotated_after,
                              std::uint32_t most_uses,
                              const std::optional<oauth::OpaqueAccessToken>& access_token) override {
    const std::scoped_lock lock(tables_.mutex);
    oauth::Grant* grant = find_active(id);
    if (grant == nullptr || grant->generation != current_generation) co_return false;
    if (grant->rotated_at <= rotated_after || grant->grace_uses >= most_uses) co_return false;
    ++grant->grace_uses;
    tables_.keep(access_token);
    co_return true;
  }

  Task<bool> revoke_grant(oauth::GrantId id, oauth::RevocationReason reason, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    co_return tables_.end_grants([id](const oauth::Grant& grant) { return grant.id == id; }, reason, now) > 0;
  }

 private:
  static bool is_match(const oauth::Grant& grant, const GrantFilter& filter) {
    if (filter.user_id && grant.user_id != *filter.user_id) return false;
    return !filter.client_id || grant.client_id == *filter.client_id;
  }

  /// Unrevoked, and its user enabled; null otherwise.
  oauth::Grant* find_active(oauth::GrantId id) {
    const auto found = tables_.grants.find(id);
    if (found == tables_.grants.end() || found->second.revoked_at) return nullptr;
    return tables_.find_enabled_user(found->second.user_id) == nullptr ? nullptr : &found->second;
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<Grants> make_grants(Tables& tables) { return std::make_unique<MemoryGrants>(tables); }

}  // namespace chatelaine::storage::memory
