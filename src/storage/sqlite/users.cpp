#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

constexpr Sql kFind{"SELECT " USER_COLUMNS("users") " FROM users WHERE id = ?1"};
constexpr Sql kFindByEmail{"SELECT " USER_COLUMNS("users") " FROM users WHERE email = ?1"};
constexpr Sql kList{"SELECT " USER_COLUMNS("users") " FROM users ORDER BY created_at, id"};
constexpr Sql kAdd{
    "INSERT INTO users (id, email, name, subject, password_hash, role, enabled, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING RETURNING id"};
constexpr Sql kEmailExists{"SELECT 1 FROM users WHERE email = ?1"};
constexpr Sql kSetPassword{"UPDATE users SET password_hash = ?2 WHERE id = ?1 RETURNING id"};
constexpr Sql kChangePassword{
    "UPDATE users SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2 AND enabled"
    " AND EXISTS (SELECT 1 FROM sessions WHERE sessions.id = ?4 AND user_id = ?1) RETURNING id"};
constexpr Sql kRehash{"UPDATE users SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2 RETURNING id"};
constexpr Sql kSetRole{"UPDATE users SET role = ?2 WHERE id = ?1 RETURNING id"};
constexpr Sql kSetEnabled{"UPDATE users SET enabled = ?2 WHERE id = ?1 RETURNING id"};

// What ends with a password: of the user ?1 whose hash is ?2. Every hash has a salt of its own, so that a statement
// that sees it knows that the one before it in the verb has set it.
#define WITH_PASSWORD "user_id IN (SELECT id FROM users WHERE id = ?1 AND password_hash = ?2)"
constexpr Sql kEndSessions{"DELETE FROM sessions WHERE " WITH_PASSWORD};
constexpr Sql kDropLinks{"DELETE FROM one_time_links WHERE " WITH_PASSWORD};
constexpr Sql kDropUnusedCodes{"DELETE FROM authorization_codes WHERE grant_id IS NULL AND " WITH_PASSWORD};
constexpr Sql kDropDeviceCodes{"DELETE FROM device_codes WHERE " WITH_PASSWORD};
constexpr Sql kEndGrants{
    "UPDATE grants SET revoked_at = ?3, revocation_reason = ?4 WHERE revoked_at IS NULL AND " WITH_PASSWORD};

#define OF_DISABLED "user_id IN (SELECT id FROM users WHERE id = ?1 AND NOT enabled)"
constexpr Sql kEndSessionsOfDisabled{"DELETE FROM sessions WHERE " OF_DISABLED};
constexpr Sql kDropLinksOfDisabled{"DELETE FROM one_time_links WHERE " OF_DISABLED};
constexpr Sql kDropUnusedCodesOfDisabled{"DELETE FROM authorization_codes WHERE grant_id IS NULL AND " OF_DISABLED};
constexpr Sql kDropDeviceCodesOfDisabled{"DELETE FROM device_codes WHERE " OF_DISABLED};
constexpr Sql kEndGrantsOfDisabled{
    "UPDATE grants SET revoked_at = ?2, revocation_reason = ?3 WHERE revoked_at IS NULL AND " OF_DISABLED};
// All that is the user's goes with the row (ON DELETE CASCADE).
// Grants are ended first, so that the ledger has of each that it did.
constexpr Sql kEndGrantsOfRemoved{
    "UPDATE grants SET revoked_at = ?2, revocation_reason = ?3 WHERE revoked_at IS NULL AND user_id = ?1"};
constexpr Sql kRemove{"DELETE FROM users WHERE id = ?1 RETURNING id"};

void end_sign_ins(Writing& writing, oauth::UserId id, const crypto::PasswordHash& set_just_now,
                  oauth::RevocationReason reason, Instant now) {
  writing.run(kEndSessions, id, set_just_now);
  writing.run(kDropLinks, id, set_just_now);
  writing.run(kDropUnusedCodes, id, set_just_now);
  writing.run(kDropDeviceCodes, id, set_just_now);
  writing.run(kEndGrants, id, set_just_now, now, reason);
}

void record(Writing& writing, LedgerKind kind, oauth::UserId user_id, std::string detail, Instant now) {
  record_if_changed(writing,
                    {.at = now, .kind = kind, .user_id = user_id, .client_id = {}, .detail = std::move(detail)});
}

class SqliteUsers final : public Users {
 public:
  explicit SqliteUsers(Database& database) : database_(database) {}

  Task<std::optional<User>> find_user(oauth::UserId id) override {
    Statement found = database_.reader().query(kFind, id);
    co_return first_user(found);
  }

  Task<std::optional<User>> find_user_by_email(std::string email) override {
    Statement found = database_.reader().query(kFindByEmail, email);
    co_return first_user(found);
  }

  Task<std::vector<User>> list_users() override {
    std::vector<User> users;
    Statement listed = database_.reader().query(kList);
    while (listed.next()) {
      Row row(listed);
      users.push_back(read_user(row));
    }
    co_return users;
  }

  Task<AddUserOutcome> add_user(const User& user) override {
    auto write = [&user](Writing& writing) {
      const bool email_exists = writing.run(kEmailExists, user.email) > 0;
      const bool added = writing.change(kAdd, user.id, user.email, user.name, user.subject, user.password_hash,
                                        user.role, user.enabled, user.created_at) > 0;
      if (added) return AddUserOutcome::added;
      return email_exists ? AddUserOutcome::email_taken : AddUserOutcome::subject_taken;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> set_password(oauth::UserId id, crypto::PasswordHash hash, Instant now) override {
    auto write = [&](Writing& writing) {
      const bool known = writing.change(kSetPassword, id, hash) > 0;
      record(writing, LedgerKind::password_changed, id, "by_operator", now);
      end_sign_ins(writing, id, hash, oauth::RevocationReason::by_operator, now);
      return known;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> change_password(const PasswordChange& change, const Session& next_session, Instant now) override {
    auto write = [&](Writing& writing) {
      const oauth::UserId id = next_session.user_id;
      const bool changed =
          writing.change(kChangePassword, id, change.proven_hash, change.new_hash, change.asking_session) > 0;
      record(writing, LedgerKind::password_changed, id, "by_user", now);
      end_sign_ins(writing, id, change.new_hash, oauth::RevocationReason::by_user, now);
      add_session(writing, next_session, change.new_hash);
      return changed;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> rehash_password(oauth::UserId id, crypto::PasswordHash old_hash, crypto::PasswordHash new_hash) override {
    auto write = [&](Writing& writing) { return writing.run(kRehash, id, old_hash, new_hash) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> set_enabled(oauth::UserId id, bool enabled, Instant now) override {
    auto write = [&](Writing& writing) {
      const bool known = writing.change(kSetEnabled, id, enabled) > 0;
      record(writing, enabled ? LedgerKind::user_enabled : LedgerKind::user_disabled, id, "", now);
      writing.run(kEndSessionsOfDisabled, id);
      writing.run(kDropLinksOfDisabled, id);
      writing.run(kDropUnusedCodesOfDisabled, id);
      writing.run(kDropDeviceCodesOfDisabled, id);
      writing.run(kEndGrantsOfDisabled, id, now, oauth::RevocationReason::user_disabled);
      return known;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> set_role(oauth::UserId id, Role role, Instant now) override {
    auto write = [&](Writing& writing) {
      const bool known = writing.change(kSetRole, id, role) > 0;
      record(writing, LedgerKind::user_role_changed, id, std::string(to_string(role)), now);
      return known;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> remove_user(oauth::UserId id, Instant now) override {
    auto write = [&](Writing& writing) {
      writing.run(kEndGrantsOfRemoved, id, now, oauth::RevocationReason::user_removed);
      const bool is_removed = writing.change(kRemove, id) > 0;
      record(writing, LedgerKind::user_removed, id, "", now);
      return is_removed;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  static std::optional<User> first_user(Statement& found) {
    if (!found.next()) return std::nullopt;
    Row row(found);
    return read_user(row);
  }

  Database& database_;
};

}  // namespace

User read_user(Row& row) {
  return {.id = row.take<oauth::UserId>(),
          .email = row.take<std::string>(),
          .name = row.take<std::string>(),
          .subject = row.take<oauth::Subject>(),
          .password_hash = row.take<std::optional<crypto::PasswordHash>>(),
          .role = row.take<Role>(),
          .enabled = row.take<bool>(),
          .created_at = row.take<Instant>()};
}

std::unique_ptr<Users> make_users(Database& database) { return std::make_unique<SqliteUsers>(database); }

}  // namespace chatelaine::storage::sqlite
