#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryConsents final : public Consents {
 public:
  explicit MemoryConsents(Tables& tables) : tables_(tables) {}

  Task<std::optional<oauth::Consent>> find_consent(oauth::UserId user_id, oauth::ClientId client_id,
                                                   oauth::Resource resource) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.consents.find({user_id, {client_id, resource}});
    if (found == tables_.consents.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<void> remember_consents(const std::vector<oauth::Consent>& consents, SessionId session_id) override {
    const std::scoped_lock lock(tables_.mutex);
    for (const oauth::Consent& consent : consents) {
      if (!tables_.is_session_of(session_id, consent.user_id)) continue;
      if (tables_.find_client(consent.client_id) == nullptr) continue;
      oauth::Consent& kept = tables_.consents[{consent.user_id, {consent.client_id, consent.resource}}];
      const oauth::Scope scope = kept.scope.united_with(consent.scope);
      std::map<std::string, Instant> seen_at = consent.seen_at;
      seen_at.merge(kept.seen_at);
      kept = consent;
      kept.scope = scope;
      kept.seen_at = std::move(seen_at);
      tables_.record({.at = consent.given_at,
                      .kind = LedgerKind::consent_given,
                      .user_id = consent.user_id,
                      .client_id = consent.client_id,
                      .detail = scope.to_string()});
      tables_.unused_clients.erase(consent.client_id);
    }
    co_return;
  }

  Task<std::vector<oauth::Consent>> list_consents(oauth::UserId user_id) override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<oauth::Consent> consents;
    for (const auto& [key, consent] : tables_.consents) {
      if (consent.user_id == user_id) consents.push_back(consent);
    }
    std::ranges::stable_sort(consents, {}, &oauth::Consent::given_at);
    co_return consents;
  }

  Task<void> withdraw_consent(oauth::UserId user_id, oauth::ClientId client_id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto is_withdrawn = [&](const auto& row) { return row.user_id == user_id && row.client_id == client_id; };
    if (std::erase_if(tables_.consents, [&](const auto& row) { return is_withdrawn(row.second); }) > 0)
      tables_.record({.at = now, .kind = LedgerKind::consent_withdrawn, .user_id = user_id, .client_id = client_id});
    std::erase_if(tables_.authorization_codes,
                  [&](const auto& row) { return is_withdrawn(row.second) && !row.second.grant_id; });
    tables_.drop_allowed_device_codes(user_id, client_id);
    tables_.end_grants(is_withdrawn, oauth::RevocationReason::by_user, now);
    co_return;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<Consents> make_consents(Tables& tables) { return std::make_unique<MemoryConsents>(tables); }

}  // namespace chatelaine::storage::memory
