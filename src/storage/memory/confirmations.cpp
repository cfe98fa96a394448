#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryConfirmations final : public Confirmations {
 public:
  explicit MemoryConfirmations(Tables& tables) : tables_(tables) {}

  Task<std::optional<ConfirmationId>> ask_confirmation(const Confirmation& question, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const oauth::Grant* grant = find_living_grant(question.grant_id);
    if (grant == nullptr) co_return std::nullopt;
    if (const Confirmation* known = find_of_call(question.grant_id, question.call_hash, now)) co_return known->id;
    const auto waiting = std::ranges::count_if(tables_.confirmations, [&](const auto& row) {
      return row.second.grant_id == question.grant_id && is_waiting(row.second, now);
    });
    if (waiting >= kMostWaiting) co_return std::nullopt;
    std::erase_if(tables_.confirmations, [&](const auto& row) {
      return row.second.grant_id == question.grant_id && row.second.call_hash == question.call_hash;
    });
    Confirmation& kept = tables_.confirmations[question.id];
    kept = question;
    kept.state = ConfirmationState::asked;
    kept.client_id = grant->client_id;
    co_return question.id;
  }

  Task<std::optional<Confirmation>> find_confirmation_of_call(oauth::GrantId grant_id, crypto::Sha256 call_hash,
                                                              Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const Confirmation* found = find_of_call(grant_id, call_hash, now);
    co_return found == nullptr ? std::nullopt : std::optional(*found);
  }

  Task<std::optional<Confirmation>> find_confirmation(ConfirmationId id, oauth::UserId user_id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.confirmations.find(id);
    if (found == tables_.confirmations.end() || !is_of(found->second, user_id, now)) co_return std::nullopt;
    co_return found->second;
  }

  Task<std::vector<Confirmation>> list_waiting_confirmations(oauth::UserId user_id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<Confirmation> waiting;
    for (const auto& [id, question] : tables_.confirmations) {
      if (is_waiting(question, now) && is_of(question, user_id, now)) waiting.push_back(question);
    }
    std::ranges::stable_sort(waiting, {}, &Confirmation::asked_at);
    co_return waiting;
  }

  Task<bool> decide_confirmation(ConfirmationId id, oauth::UserId user_id, ConfirmationState decision, Instant now,
                                 Instant expires_at) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.confirmations.find(id);
    if (found == tables_.confirmations.end()) co_return false;
    Confirmation& question = found->second;
    if (!is_waiting(question, now) || !is_of(question, user_id, now)) co_return false;
    question.state = decision;
    question.expires_at = expires_at;
    tables_.record(
        {.at = now,
         .kind = decision == ConfirmationState::approved ? LedgerKind::call_approved : LedgerKind::call_denied,
         .user_id = user_id,
         .client_id = question.client_id,
         .grant_id = question.grant_id,
         .detail = question.operation});
    co_return true;
  }

  Task<bool> spend_confirmation(ConfirmationId id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.confirmations.find(id);
    if (found == tables_.confirmations.end()) co_return false;
    const Confirmation& approval = found->second;
    if (approval.state != ConfirmationState::approved || approval.expires_at <= now) co_return false;
    if (find_living_grant(approval.grant_id) == nullptr) co_return false;
    tables_.confirmations.erase(found);
    co_return true;
  }

 private:
  static bool is_waiting(const Confirmation& question, Instant now) {
    return question.state == ConfirmationState::asked && question.expires_at > now;
  }
  [[nodiscard]] const oauth::Grant* find_living_grant(oauth::GrantId id) const {
    const auto found = tables_.grants.find(id);
    return found == tables_.grants.end() || found->second.revoked_at ? nullptr : &found->second;
  }
  [[nodiscard]] bool is_of(const Confirmation& question, oauth::UserId user_id, Instant now) const {
    const oauth::Grant* grant = find_living_grant(question.grant_id);
    return grant != nullptr && grant->user_id == user_id && question.expires_at > now;
  }
  [[nodiscard]] const Confirmation* find_of_call(oauth::GrantId grant_id, const crypto::Sha256& call_hash,
                                                 Instant now) const {
    const auto found = std::ranges::find_if(tables_.confirmations, [&](const auto& row) {
      return row.second.grant_id == grant_id && row.second.call_hash == call_hash && row.second.expires_at > now;
    });
    const bool is_known = found != tables_.confirmations.end() && find_living_grant(grant_id) != nullptr;
    return is_known ? &found->second : nullptr;
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<Confirmations> make_confirmations(Tables& tables) {
  return std::make_unique<MemoryConfirmations>(tables);
}

}  // namespace chatelaine::storage::memory
