#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define THEIRS "source = ?1 AND issuer = ?2 AND federated_identities.subject = ?3"
constexpr Sql kFind{"SELECT " USER_COLUMNS(
    "users") " FROM federated_identities JOIN users ON users.id = user_id"
             " WHERE " THEIRS};
#define IDENTITIES "SELECT source, issuer, subject, user_id, linked_at FROM federated_identities"
constexpr Sql kListAll{IDENTITIES " ORDER BY user_id, linked_at"};
constexpr Sql kListOfUser{IDENTITIES " WHERE user_id = ?1 ORDER BY linked_at"};
constexpr Sql kIsTaken{"SELECT 1 FROM federated_identities WHERE " THEIRS};
constexpr Sql kEmailExists{"SELECT 1 FROM users WHERE email = ?1"};
constexpr Sql kAddUser{
    "INSERT INTO users (id, email, name, subject, password_hash, role, enabled, created_at)"
    " SELECT ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 WHERE NOT EXISTS (SELECT 1 FROM federated_identities WHERE " THEIRS
    ") ON CONFLICT DO NOTHING RETURNING id"};
constexpr Sql kAddIdentity{
    "INSERT INTO federated_identities (source, issuer, subject, user_id, linked_at)"
    " SELECT ?1, ?2, ?3, id, ?5 FROM users WHERE id = ?4 AND enabled ON CONFLICT DO NOTHING RETURNING user_id"};
constexpr Sql kIsUser{"SELECT 1 FROM users WHERE id = ?1 AND enabled"};
constexpr Sql kRecordRemoval{
    "INSERT INTO ledger (at, kind, user_id, detail)"
    " SELECT ?3, 'identity_unlinked', user_id, source || ' ' || issuer || ' ' || subject"
    " FROM federated_identities WHERE user_id = ?1 AND source = ?2"};
constexpr Sql kRemove{"DELETE FROM federated_identities WHERE user_id = ?1 AND source = ?2 RETURNING user_id"};

class SqliteFederatedIdentities final : public FederatedIdentities {
 public:
  explicit SqliteFederatedIdentities(Database& database) : database_(database) {}

  Task<std::optional<User>> find_federated_user(FederatedSubject who) override {
    Statement found = database_.reader().query(kFind, who.source, who.issuer, who.subject);
    if (!found.next()) co_return std::nullopt;
    Row row(found);
    co_return read_user(row);
  }

  Task<std::vector<FederatedIdentity>> list_federated_identities(std::optional<oauth::UserId> user_id) override {
    std::vector<FederatedIdentity> identities;
    Statement listed = user_id ? database_.reader().query(kListOfUser, *user_id) : database_.reader().query(kListAll);
    while (listed.next()) {
      Row row(listed);
      identities.push_back({.who = {.source = row.take<std::string>(),
                                    .issuer = row.take<oauth::Issuer>(),
                                    .subject = row.take<oauth::Subject>()},
                            .user_id = row.take<oauth::UserId>(),
                            .linked_at = row.take<Instant>()});
    }
    co_return identities;
  }

  Task<AddFederatedUserOutcome> add_federated_user(const User& user, FederatedSubject who) override {
    auto write = [&](Writing& writing) {
      const bool is_taken = writing.run(kIsTaken, who.source, who.issuer, who.subject) > 0;
      const bool email_exists = writing.run(kEmailExists, user.email) > 0;
      const bool is_added =
          writing.change(kAddUser, who.source, who.issuer, who.subject, user.id, user.email, user.name, user.subject,
                         user.password_hash, user.role, user.enabled, user.created_at) > 0;
      // Nothing where the user was not added: its id is new.
      writing.run(kAddIdentity, who.source, who.issuer, who.subject, user.id, user.created_at);
      if (is_added) return AddFederatedUserOutcome::added;
      if (is_taken) return AddFederatedUserOutcome::identity_taken;
      return email_exists ? AddFederatedUserOutcome::email_taken : AddFederatedUserOutcome::subject_taken;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<LinkOutcome> link_federated_identity(const FederatedIdentity& identity) override {
    auto write = [&identity](Writing& writing) {
      const FederatedSubject& who = identity.who;
      const bool is_taken = writing.run(kIsTaken, who.source, who.issuer, who.subject) > 0;
      const bool is_user = writing.run(kIsUser, identity.user_id) > 0;
      const bool is_linked =
          writing.run(kAddIdentity, who.source, who.issuer, who.subject, identity.user_id, identity.linked_at) > 0;
      if (is_linked) return LinkOutcome::linked;
      if (!is_user) return LinkOutcome::no_such_user;
      return is_taken ? LinkOutcome::identity_taken : LinkOutcome::account_has_another;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> unlink_federated_identity(oauth::UserId user_id, std::string source, Instant now) override {
    auto write = [&](Writing& writing) {
      writing.run(kRecordRemoval, user_id, source, now);
      return writing.run(kRemove, user_id, source) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<FederatedIdentities> make_federated_identities(Database& database) {
  return std::make_unique<SqliteFederatedIdentities>(database);
}

}  // namespace chatelaine::storage::sqlite
