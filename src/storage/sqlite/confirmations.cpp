#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define CONFIRMATION_COLUMNS                                                                                 \
  "confirmations.id, grant_id, call_hash, operation, call, body, asked_at, confirmations.expires_at, state," \
  " grants.client_id"
#define LIVING_CONFIRMATIONS                                \
  " FROM confirmations JOIN grants ON grants.id = grant_id" \
  " WHERE grants.revoked_at IS NULL AND confirmations.expires_at > "

constexpr Sql kForgetExpired{"DELETE FROM confirmations WHERE grant_id = ?1 AND call_hash = ?2 AND expires_at <= ?3"};
constexpr Sql kAsk{
    "INSERT INTO confirmations (id, grant_id, call_hash, operation, call, body, asked_at, expires_at)"
    " SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8 FROM grants WHERE id = ?2 AND revoked_at IS NULL"
    " AND (SELECT count(*) FROM confirmations WHERE grant_id = ?2 AND state = 'asked' AND expires_at > ?9) < ?10"
    " ON CONFLICT (grant_id, call_hash) DO NOTHING"};
constexpr Sql kFindOfCall{"SELECT " CONFIRMATION_COLUMNS LIVING_CONFIRMATIONS
                          "?3 AND grant_id = ?1 AND call_hash = ?2"};
constexpr Sql kFind{"SELECT " CONFIRMATION_COLUMNS LIVING_CONFIRMATIONS
                    "?3 AND confirmations.id = ?1 AND grants.user_id = ?2"};
constexpr Sql kListWaiting{"SELECT " CONFIRMATION_COLUMNS LIVING_CONFIRMATIONS
                           "?2 AND grants.user_id = ?1 AND state = 'asked' ORDER BY asked_at, confirmations.id"};
constexpr Sql kDecide{
    "UPDATE confirmations SET state = ?3, decided_at = ?4, expires_at = ?5"
    " WHERE id = ?1 AND state = 'asked' AND expires_at > ?4"
    " AND EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id AND user_id = ?2 AND revoked_at IS NULL)"
    " RETURNING id"};
constexpr Sql kSpend{
    "DELETE FROM confirmations WHERE id = ?1 AND state = 'approved' AND expires_at > ?2"
    " AND EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id AND revoked_at IS NULL) RETURNING id"};

Confirmation read_confirmation(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<ConfirmationId>(),
          .grant_id = row.take<oauth::GrantId>(),
          .call_hash = row.take<crypto::Sha256>(),
          .operation = row.take<std::string>(),
          .call = row.take<std::string>(),
          .body = row.take<std::string>(),
          .asked_at = row.take<Instant>(),
          .expires_at = row.take<Instant>(),
          .state = row.take<ConfirmationState>(),
          .client_id = row.take<oauth::ClientId>()};
}

std::optional<Confirmation> read_first(Statement found) {
  if (!found.next()) return std::nullopt;
  return read_confirmation(found);
}

class SqliteConfirmations final : public Confirmations {
 public:
  explicit SqliteConfirmations(Database& database) : database_(database) {}

  Task<std::optional<ConfirmationId>> ask_confirmation(const Confirmation& question, Instant now) override {
    auto write = [&](Writing& writing) -> std::optional<ConfirmationId> {
      writing.run(kForgetExpired, question.grant_id, question.call_hash, now);
      writing.run(kAsk, question.id, question.grant_id, question.call_hash, question.operation, question.call,
                  question.body, question.asked_at, question.expires_at, now, kMostWaiting);
      const auto kept = read_first(writing.query(kFindOfCall, question.grant_id, question.call_hash, now));
      if (!kept) return std::nullopt;
      return kept->id;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<std::optional<Confirmation>> find_confirmation_of_call(oauth::GrantId grant_id, crypto::Sha256 call_hash,
                                                              Instant now) override {
    co_return read_first(database_.reader().query(kFindOfCall, grant_id, call_hash, now));
  }

  Task<std::optional<Confirmation>> find_confirmation(ConfirmationId id, oauth::UserId user_id, Instant now) override {
    co_return read_first(database_.reader().query(kFind, id, user_id, now));
  }

  Task<std::vector<Confirmation>> list_waiting_confirmations(oauth::UserId user_id, Instant now) override {
    std::vector<Confirmation> waiting;
    Statement listed = database_.reader().query(kListWaiting, user_id, now);
    while (listed.next()) waiting.push_back(read_confirmation(listed));
    co_return waiting;
  }

  Task<bool> decide_confirmation(ConfirmationId id, oauth::UserId user_id, ConfirmationState decision, Instant now,
                                 Instant expires_at) override {
    auto write = [&](Writing& writing) { return writing.run(kDecide, id, user_id, decision, now, expires_at) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> spend_confirmation(ConfirmationId id, Instant now) override {
    auto write = [&](Writing& writing) { return writing.run(kSpend, id, now) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Confirmations> make_confirmations(Database& database) {
  return std::make_unique<SqliteConfirmations>(database);
}

}  // namespace chatelaine::storage::sqlite
