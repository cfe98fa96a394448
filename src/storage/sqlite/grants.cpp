#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define GRANT_COLUMNS                                                                                              \
  "id, client_id, user_id, subject, scope, resources, authenticated_at, created_at, expires_at, salt, generation," \
  " rotated_at, grace_uses, revoked_at, revocation_reason"

constexpr Sql kFind{"SELECT " GRANT_COLUMNS " FROM grants WHERE id = ?1"};
constexpr Sql kIsActive{
    "SELECT revoked_at IS NULL AND enabled FROM grants JOIN users ON users.id = user_id WHERE grants.id = ?1"};

// One for each way to ask, so that each can use its index.
constexpr Sql kListOfUser{"SELECT " GRANT_COLUMNS
                          " FROM grants WHERE user_id = ?1 AND (?2 IS NULL OR client_id = ?2)"
                          " ORDER BY created_at DESC, id DESC"};
constexpr Sql kListOfClient{"SELECT " GRANT_COLUMNS
                            " FROM grants WHERE ?1 IS NULL AND client_id = ?2 ORDER BY created_at DESC, id DESC"};
constexpr Sql kListAll{"SELECT " GRANT_COLUMNS
                       " FROM grants WHERE ?1 IS NULL AND ?2 IS NULL ORDER BY created_at DESC, id DESC"};

constexpr Sql kBegin{
    "INSERT INTO grants (id, client_id, user_id, subject, scope, resources, authenticated_at, created_at, expires_at,"
    " salt, generation, rotated_at, grace_uses)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13 WHERE changes() = 1"};
constexpr Sql kRotate{
    "UPDATE grants SET generation = generation + 1, rotated_at = ?3, expires_at = ?4, grace_uses = 0"
    " WHERE id = ?1 AND generation = ?2 AND revoked_at IS NULL AND expires_at > ?3"
    " AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND enabled) RETURNING id"};
constexpr Sql kReplay{
    "UPDATE grants SET grace_uses = grace_uses + 1"
    " WHERE id = ?1 AND generation = ?2 AND rotated_at > ?3 AND grace_uses < ?4 AND revoked_at IS NULL"
    " AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND enabled) RETURNING id"};

constexpr Sql kRevoke{
    "UPDATE grants SET revoked_at = ?3, revocation_reason = ?2 WHERE id = ?1 AND revoked_at IS NULL RETURNING id"};

oauth::Grant read_grant(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<oauth::GrantId>(),
          .client_id = row.take<oauth::ClientId>(),
          .user_id = row.take<oauth::UserId>(),
          .subject = row.take<oauth::Subject>(),
          .scope = row.take<oauth::Scope>(),
          .resources = row.take<std::vector<oauth::Resource>>(),
          .authenticated_at = row.take<Instant>(),
          .created_at = row.take<Instant>(),
          .expires_at = row.take<Instant>(),
          .salt = row.take<Blob>().bytes,
          .generation = row.take<std::uint32_t>(),
          .rotated_at = row.take<Instant>(),
          .grace_uses = row.take<std::uint32_t>(),
          .revoked_at = row.take<std::optional<Instant>>(),
          .revocation_reason = row.take<std::optional<oauth::RevocationReason>>()};
}

Sql choose_list(const GrantFilter& filter) {
  if (filter.user_id) return kListOfUser;
  return filter.client_id ? kListOfClient : kListAll;
}

class SqliteGrants final : public Grants {
 public:
  explicit SqliteGrants(Database& database) : database_(database) {}

  Task<std::optional<oauth::Grant>> find_grant(oauth::GrantId id) override {
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return std::nullopt;
    co_return read_grant(found);
  }

  Task<bool> is_grant_active(oauth::GrantId id) override {
    HotFacts& facts = database_.facts();
    if (const bool* known = facts.active_grants.find(id)) co_return *known;
    Statement found = database_.reader().query(kIsActive, id);
    if (!found.next()) co_return false;
    const bool active = found.integer(0) != 0;
    facts.active_grants.put(id, active);
    co_return active;
  }

  Task<std::vector<oauth::Grant>> list_grants(GrantFilter filter) override {
    std::vector<oauth::Grant> grants;
    Statement listed = database_.reader().query(choose_list(filter), filter.user_id, filter.client_id);
    while (listed.next()) grants.push_back(read_grant(listed));
    co_return grants;
  }

  Task<bool> rotate_refresh_token(oauth::GrantId id, std::uint32_t from_generation, Instant now, Instant expires_at,
                                  const std::optional<oauth::OpaqueAccessToken>& access_token) override {
    auto write = [&](Writing& writing) {
      const bool won = writing.run(kRotate, id, from_generation, now, expires_at) > 0;
      keep_if_won(writing, access_token);
      return won;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> replay_successor(oauth::GrantId id, std::uint32_t current_generation, Instant rotated_after,
                              std::uint32_t most_uses,
                              const std::optional<oauth::OpaqueAccessToken>& access_token) override {
    auto write = [&](Writing& writing) {
      const bool allowed = writing.run(kReplay, id, current_generation, rotated_after, most_uses) > 0;
      keep_if_won(writing, access_token);
      return allowed;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> revoke_grant(oauth::GrantId id, oauth::RevocationReason reason, Instant now) override {
    auto write = [&](Writing& writing) { return writing.change(kRevoke, id, reason, now) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

void begin_if_won(Writing& writing, const oauth::Grant& grant) {
  writing.run(kBegin, grant.id, grant.client_id, grant.user_id, grant.subject, grant.scope, grant.resources,
              grant.authenticated_at, grant.created_at, grant.expires_at, Blob{grant.salt}, grant.generation,
              grant.rotated_at, grant.grace_uses);
}

std::unique_ptr<Grants> make_grants(Database& database) { return std::make_unique<SqliteGrants>(database); }

}  // namespace chatelaine::storage::sqlite
