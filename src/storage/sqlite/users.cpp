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
constexpr Sql kRehash{"UPDATE users SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2"};
constexpr Sql kSetEnabled{"UPDATE users SET enabled = ?2 WHERE id = ?1 RETURNING id"};
constexpr Sql kEndSessions{"DELETE FROM sessions WHERE user_id = ?1 AND id <> ?2"};
constexpr Sql kDropUnusedCodes{"DELETE FROM authorization_codes WHERE user_id = ?1 AND grant_id IS NULL"};
constexpr Sql kEndGrants{
    "UPDATE grants SET revoked_at = ?2, revocation_reason = ?3 WHERE user_id = ?1 AND revoked_at IS NULL"};
constexpr Sql kEndSessionsOfDisabled{
    "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE id = ?1 AND NOT enabled)"};
constexpr Sql kDropUnusedCodesOfDisabled{
    "DELETE FROM authorization_codes WHERE grant_id IS NULL"
    " AND user_id IN (SELECT id FROM users WHERE id = ?1 AND NOT enabled)"};
constexpr Sql kEndGrantsOfDisabled{
    "UPDATE grants SET revoked_at = ?2, revocation_reason = ?3 WHERE revoked_at IS NULL"
    " AND user_id IN (SELECT id FROM users WHERE id = ?1 AND NOT enabled)"};
// All that is the user's goes with the row (ON DELETE CASCADE).
constexpr Sql kRemove{"DELETE FROM users WHERE id = ?1 RETURNING id"};

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

  Task<bool> set_password(oauth::UserId id, crypto::PasswordHash hash, std::int64_t kept_session,
                          Instant now) override {
    auto write = [&](Writing& writing) {
      const bool known = writing.change(kSetPassword, id, hash) > 0;
      writing.run(kEndSessions, id, kept_session);
      writing.run(kDropUnusedCodes, id);
      writing.run(kEndGrants, id, now, oauth::RevocationReason::by_user);
      return known;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<void> rehash_password(oauth::UserId id, crypto::PasswordHash old_hash, crypto::PasswordHash new_hash) override {
    auto write = [&](Writing& writing) { writing.run(kRehash, id, old_hash, new_hash); };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<bool> set_enabled(oauth::UserId id, bool enabled, Instant now) override {
    auto write = [&](Writing& writing) {
      const bool known = writing.change(kSetEnabled, id, enabled) > 0;
      writing.run(kEndSessionsOfDisabled, id);
      writing.run(kDropUnusedCodesOfDisabled, id);
      writing.run(kEndGrantsOfDisabled, id, now, oauth::RevocationReason::user_disabled);
      return known;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> remove_user(oauth::UserId id) override {
    auto write = [&id](Writing& writing) { return writing.change(kRemove, id) > 0; };
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
