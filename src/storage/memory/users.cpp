#include <algorithm>
#include <ranges>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

char to_lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

bool is_same_email(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, to_lower, to_lower); }

class MemoryUsers final : public Users {
 public:
  explicit MemoryUsers(Tables& tables) : tables_(tables) {}

  Task<std::optional<User>> find_user(oauth::UserId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.users.find(id);
    if (found == tables_.users.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<std::optional<User>> find_user_by_email(std::string email) override {
    const std::scoped_lock lock(tables_.mutex);
    for (const auto& [id, user] : tables_.users) {
      if (is_same_email(user.email, email)) co_return user;
    }
    co_return std::nullopt;
  }

  Task<std::vector<User>> list_users() override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<User> users;
    users.reserve(tables_.users.size());
    for (const auto& [id, user] : tables_.users) users.push_back(user);
    std::ranges::stable_sort(users, {}, &User::created_at);
    co_return users;
  }

  Task<AddUserOutcome> add_user(const User& user) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto users = std::views::values(tables_.users);
    if (std::ranges::any_of(users, [&](const User& other) { return is_same_email(other.email, user.email); })) {
      co_return AddUserOutcome::email_taken;
    }
    if (std::ranges::any_of(users, [&](const User& other) { return other.subject == user.subject; })) {
      co_return AddUserOutcome::subject_taken;
    }
    tables_.users.emplace(user.id, user);
    record(LedgerKind::user_added, user.id, to_string(user.role), user.created_at);
    ++tables_.change_count;
    co_return AddUserOutcome::added;
  }

  Task<bool> set_password(oauth::UserId id, crypto::PasswordHash hash, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.users.find(id);
    if (found == tables_.users.end()) co_return false;
    found->second.password_hash = std::move(hash);
    record(LedgerKind::password_changed, id, "by_operator", now);
    tables_.end_sign_ins(id, oauth::RevocationReason::by_operator, now);
    ++tables_.change_count;
    co_return true;
  }

  Task<bool> change_password(const PasswordChange& change, const Session& next_session, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    if (!tables_.is_session_of(change.asking_session, next_session.user_id)) co_return false;
    User& user = tables_.users.at(next_session.user_id);
    if (user.password_hash != change.proven_hash) co_return false;
    user.password_hash = change.new_hash;
    record(LedgerKind::password_changed, user.id, "by_user", now);
    tables_.end_sign_ins(user.id, oauth::RevocationReason::by_user, now);
    tables_.add_session(next_session);
    ++tables_.change_count;
    co_return true;
  }

  Task<bool> rehash_password(oauth::UserId id, crypto::PasswordHash old_hash, crypto::PasswordHash new_hash) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.users.find(id);
    if (found == tables_.users.end() || found->second.password_hash != old_hash) co_return false;
    found->second.password_hash = std::move(new_hash);
    co_return true;
  }

  Task<bool> set_enabled(oauth::UserId id, bool enabled, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.users.find(id);
    if (found == tables_.users.end()) co_return false;
    found->second.enabled = enabled;
    record(enabled ? LedgerKind::user_enabled : LedgerKind::user_disabled, id, "", now);
    if (!enabled) tables_.end_sign_ins(id, oauth::RevocationReason::user_disabled, now);
    ++tables_.change_count;
    co_return true;
  }

  Task<bool> set_role(oauth::UserId id, Role role, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.users.find(id);
    if (found == tables_.users.end()) co_return false;
    found->second.role = role;
    record(LedgerKind::user_role_changed, id, std::string(to_string(role)), now);
    ++tables_.change_count;
    co_return true;
  }

  Task<bool> remove_user(oauth::UserId id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    if (!tables_.users.contains(id)) co_return false;
    const auto is_of_user = [id](const oauth::Grant& grant) { return grant.user_id == id; };
    tables_.end_grants(is_of_user, oauth::RevocationReason::user_removed, now);
    tables_.users.erase(id);
    record(LedgerKind::user_removed, id, "", now);
    const auto is_theirs = [id](const auto& row) { return row.second.user_id == id; };
    std::erase_if(tables_.federated_identities, is_theirs);
    std::erase_if(tables_.sessions, is_theirs);
    std::erase_if(tables_.one_time_links, is_theirs);
    std::erase_if(tables_.consents, is_theirs);
    std::erase_if(tables_.authorization_codes, is_theirs);
    tables_.drop_allowed_device_codes(id, std::nullopt);
    std::erase_if(tables_.connections, is_theirs);
    std::erase_if(tables_.connection_attempts, is_theirs);
    tables_.remove_grants(is_of_user);
    ++tables_.change_count;
    co_return true;
  }

 private:
  void record(LedgerKind kind, oauth::UserId id, std::string_view detail, Instant at) {
    tables_.record({.at = at, .kind = kind, .user_id = id, .detail = std::string(detail)});
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<Users> make_users(Tables& tables) { return std::make_unique<MemoryUsers>(tables); }

}  // namespace chatelaine::storage::memory
