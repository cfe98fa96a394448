#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryOneTimeLinks final : public OneTimeLinks {
 public:
  explicit MemoryOneTimeLinks(Tables& tables) : tables_(tables) {}

  Task<void> add_one_time_link(const OneTimeLink& link, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    if (!tables_.users.contains(link.user_id)) co_return;
    std::erase_if(tables_.one_time_links, [&](const auto& row) { return row.second.user_id == link.user_id; });
    tables_.one_time_links.emplace(link.id, link);
    tables_.record({.at = now, .kind = LedgerKind::one_time_link_added, .user_id = link.user_id});
  }

  Task<std::optional<OneTimeLink>> find_one_time_link(OneTimeLinkId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.one_time_links.find(id);
    if (found == tables_.one_time_links.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<bool> redeem_one_time_link(OneTimeLinkId id, crypto::PasswordHash hash, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto link = tables_.one_time_links.find(id);
    if (link == tables_.one_time_links.end() || link->second.expires_at <= now) co_return false;
    const auto user = tables_.users.find(link->second.user_id);
    if (user == tables_.users.end() || !user->second.enabled) co_return false;
    user->second.password_hash = std::move(hash);
    tables_.record(
        {.at = now, .kind = LedgerKind::password_changed, .user_id = user->first, .detail = "by_one_time_link"});
    tables_.end_sign_ins(user->first, oauth::RevocationReason::by_user, now);
    ++tables_.change_count;
    co_return true;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<OneTimeLinks> make_one_time_links(Tables& tables) {
  return std::make_unique<MemoryOneTimeLinks>(tables);
}

}  // namespace chatelaine::storage::memory
