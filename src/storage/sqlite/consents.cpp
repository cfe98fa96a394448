#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

// The scope stands as a JSON array here, and what was seen when as a JSON object, so that one statement can unite two.
constexpr Sql kFind{
    "SELECT user_id, client_id, resource, scope, given_at, seen_at FROM consents"
    " WHERE user_id = ?1 AND client_id = ?2 AND resource = ?3"};
constexpr Sql kList{
    "SELECT user_id, client_id, resource, scope, given_at, seen_at FROM consents WHERE user_id = ?1"
    " ORDER BY given_at, client_id, resource"};
constexpr Sql kRemember{
    "INSERT INTO consents (user_id, client_id, resource, scope, given_at, seen_at)"
    " SELECT users.id, clients.id, ?3, ?4, ?5, ?7 FROM users, clients, sessions"
    " WHERE users.id = ?1 AND users.enabled AND clients.id = ?2 AND sessions.id = ?6 AND sessions.user_id = users.id"
    " ON CONFLICT (user_id, client_id, resource) DO UPDATE SET given_at = excluded.given_at,"
    " seen_at = json_patch(consents.seen_at, excluded.seen_at),"
    " scope = (SELECT json_group_array(value) FROM"
    "   (SELECT value FROM json_each(consents.scope) UNION SELECT value FROM json_each(?4)))"};
constexpr Sql kForget{"DELETE FROM consents WHERE user_id = ?1 AND client_id = ?2"};
constexpr Sql kDropUnusedCodes{
    "DELETE FROM authorization_codes WHERE user_id = ?1 AND client_id = ?2 AND grant_id IS NULL"};
constexpr Sql kDropDeviceCodes{"DELETE FROM device_codes WHERE user_id = ?1 AND client_id = ?2"};
constexpr Sql kEndGrants{
    "UPDATE grants SET revoked_at = ?3, revocation_reason = ?4"
    " WHERE user_id = ?1 AND client_id = ?2 AND revoked_at IS NULL RETURNING id"};

oauth::Consent read_consent(const Statement& statement) {
  Row row(statement);
  return {.user_id = row.take<oauth::UserId>(),
          .client_id = row.take<oauth::ClientId>(),
          .resource = row.take<oauth::Resource>(),
          .scope = oauth::Scope(row.take<std::vector<std::string>>()),
          .given_at = row.take<Instant>(),
          .seen_at = row.take<std::map<std::string, Instant>>()};
}

class SqliteConsents final : public Consents {
 public:
  explicit SqliteConsents(Database& database) : database_(database) {}

  Task<std::optional<oauth::Consent>> find_consent(oauth::UserId user_id, oauth::ClientId client_id,
                                                   oauth::Resource resource) override {
    Statement found = database_.reader().query(kFind, user_id, client_id, resource);
    if (!found.next()) co_return std::nullopt;
    co_return read_consent(found);
  }

  Task<void> remember_consents(const std::vector<oauth::Consent>& consents, SessionId session_id) override {
    auto write = [&](Writing& writing) {
      for (const oauth::Consent& consent : consents) {
        writing.run(kRemember, consent.user_id, consent.client_id, consent.resource, consent.scope.tokens(),
                    consent.given_at, session_id, consent.seen_at);
      }
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::vector<oauth::Consent>> list_consents(oauth::UserId user_id) override {
    std::vector<oauth::Consent> consents;
    Statement listed = database_.reader().query(kList, user_id);
    while (listed.next()) consents.push_back(read_consent(listed));
    co_return consents;
  }

  Task<void> withdraw_consent(oauth::UserId user_id, oauth::ClientId client_id, Instant now) override {
    auto write = [&](Writing& writing) {
      writing.run(kForget, user_id, client_id);
      record_if_changed(
          writing,
          {.at = now, .kind = LedgerKind::consent_withdrawn, .user_id = user_id, .client_id = client_id, .detail = {}});
      writing.run(kDropUnusedCodes, user_id, client_id);
      writing.run(kDropDeviceCodes, user_id, client_id);
      writing.change(kEndGrants, user_id, client_id, now, oauth::RevocationReason::by_user);
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Consents> make_consents(Database& database) { return std::make_unique<SqliteConsents>(database); }

}  // namespace chatelaine::storage::sqlite
