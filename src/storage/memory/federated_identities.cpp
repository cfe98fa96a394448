#include <algorithm>
#include <ranges>

#include "base/ascii.hpp"
#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

auto is_of(oauth::UserId user_id, const std::string& source) {
  return [user_id, &source](const auto& row) { return row.second.user_id == user_id && row.first.source == source; };
}

class MemoryFederatedIdentities final : public FederatedIdentities {
 public:
  explicit MemoryFederatedIdentities(Tables& tables) : tables_(tables) {}

  Task<std::optional<User>> find_federated_user(FederatedSubject who) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.federated_identities.find(who);
    if (found == tables_.federated_identities.end()) co_return std::nullopt;
    co_return tables_.users.at(found->second.user_id);
  }

  Task<std::vector<FederatedIdentity>> list_federated_identities(std::optional<oauth::UserId> user_id) override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<FederatedIdentity> identities;
    for (const auto& [who, identity] : tables_.federated_identities) {
      if (!user_id || identity.user_id == *user_id) identities.push_back(identity);
    }
    std::ranges::sort(identities, {}, [](const FederatedIdentity& identity) {
      return std::pair(identity.user_id, identity.linked_at);
    });
    co_return identities;
  }

  Task<AddFederatedUserOutcome> add_federated_user(const User& user, FederatedSubject who) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.federated_identities.contains(who)) co_return AddFederatedUserOutcome::identity_taken;
    const auto users = std::views::values(tables_.users);
    const std::string email = to_lower(user.email);
    if (std::ranges::any_of(users, [&](const User& other) { return to_lower(other.email) == email; })) {
      co_return AddFederatedUserOutcome::email_taken;
    }
    if (std::ranges::any_of(users, [&](const User& other) { return other.subject == user.subject; })) {
      co_return AddFederatedUserOutcome::subject_taken;
    }
    tables_.users.emplace(user.id, user);
    tables_.federated_identities.emplace(who, FederatedIdentity{who, user.id, user.created_at});
    tables_.record({.at = user.created_at,
                    .kind = LedgerKind::user_added,
                    .user_id = user.id,
                    .detail = std::string(to_string(user.role))});
    record(LedgerKind::identity_linked, {who, user.id, user.created_at}, user.created_at);
    ++tables_.change_count;
    co_return AddFederatedUserOutcome::added;
  }

  Task<LinkOutcome> link_federated_identity(const FederatedIdentity& identity) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.find_enabled_user(identity.user_id) == nullptr) co_return LinkOutcome::no_such_user;
    if (tables_.federated_identities.contains(identity.who)) co_return LinkOutcome::identity_taken;
    if (std::ranges::any_of(tables_.federated_identities, is_of(identity.user_id, identity.who.source))) {
      co_return LinkOutcome::account_has_another;
    }
    tables_.federated_identities.emplace(identity.who, identity);
    record(LedgerKind::identity_linked, identity, identity.linked_at);
    co_return LinkOutcome::linked;
  }

  Task<bool> unlink_federated_identity(oauth::UserId user_id, std::string source, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = std::ranges::find_if(tables_.federated_identities, is_of(user_id, source));
    if (found == tables_.federated_identities.end()) co_return false;
    record(LedgerKind::identity_unlinked, found->second, now);
    tables_.federated_identities.erase(found);
    co_return true;
  }

 private:
  void record(LedgerKind kind, const FederatedIdentity& identity, Instant now) {
    const auto& [source, issuer, subject] = identity.who;
    tables_.record({.at = now,
                    .kind = kind,
                    .user_id = identity.user_id,
                    .detail = source + " " + issuer.value() + " " + subject.value()});
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<FederatedIdentities> make_federated_identities(Tables& tables) {
  return std::make_unique<MemoryFederatedIdentities>(tables);
}

}  // namespace chatelaine::storage::memory
