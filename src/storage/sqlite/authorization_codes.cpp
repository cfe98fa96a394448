#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define CODE_COLUMNS                                                                                     \
  "id, secret_hash, client_id, user_id, subject, redirect_uri, redirect_uri_was_sent, scope, resources," \
  " code_challenge, nonce, authenticated_at, expires_at, grant_id"

constexpr Sql kAdd{"INSERT INTO authorization_codes (" CODE_COLUMNS
                   ") SELECT ?1, ?2, clients.id, users.id, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14"
                   " FROM users, clients, sessions WHERE users.id = ?4 AND users.enabled AND clients.id = ?3"
                   " AND sessions.id = ?15 AND sessions.user_id = users.id"};
constexpr Sql kFind{"SELECT " CODE_COLUMNS " FROM authorization_codes WHERE id = ?1"};

// The race for the code is won by whoever changes this row; the statements after it follow only from a row changed.
constexpr Sql kSpend{
    "UPDATE authorization_codes SET grant_id = ?2, expires_at = max(expires_at, ?3) WHERE id = ?1 AND grant_id IS NULL"
    " AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND enabled) RETURNING id"};
constexpr Sql kAskWinner{
    "SELECT grant_id FROM authorization_codes JOIN users ON users.id = user_id AND enabled"
    " WHERE authorization_codes.id = ?1"};

oauth::AuthorizationCode read_code(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<oauth::AuthorizationCodeId>(),
          .secret_hash = row.take<crypto::Sha256>(),
          .client_id = row.take<oauth::ClientId>(),
          .user_id = row.take<oauth::UserId>(),
          .subject = row.take<oauth::Subject>(),
          .redirect_uri = row.take<oauth::RedirectUri>(),
          .redirect_uri_was_sent = row.take<bool>(),
          .scope = row.take<oauth::Scope>(),
          .resources = row.take<std::vector<oauth::Resource>>(),
          .code_challenge = row.take<std::optional<oauth::CodeChallenge>>(),
          .nonce = row.take<std::string>(),
          .authenticated_at = row.take<Instant>(),
          .expires_at = row.take<Instant>(),
          .grant_id = row.take<std::optional<oauth::GrantId>>()};
}

RedeemCodeOutcome redeem(Writing& writing, oauth::AuthorizationCodeId id, const oauth::Grant& grant,
                         const std::optional<oauth::OpaqueAccessToken>& access_token) {
  const bool won = writing.run(kSpend, id, grant.id, grant.expires_at) > 0;
  begin_if_won(writing, grant);
  keep_if_won(writing, access_token);
  Statement asked = writing.query(kAskWinner, id);
  if (won) return CodeRedeemed{};
  if (!asked.next() || asked.is_null(0)) return CodeUnknown{};
  return CodeAlreadyRedeemed{{asked.integer(0)}};
}

class SqliteAuthorizationCodes final : public AuthorizationCodes {
 public:
  explicit SqliteAuthorizationCodes(Database& database) : database_(database) {}

  Task<void> add_authorization_code(const oauth::AuthorizationCode& code, SessionId session_id) override {
    auto write = [&](Writing& writing) {
      writing.run(kAdd, code.id, code.secret_hash, code.client_id, code.user_id, code.subject, code.redirect_uri,
                  code.redirect_uri_was_sent, code.scope, code.resources, code.code_challenge, code.nonce,
                  code.authenticated_at, code.expires_at, code.grant_id, session_id);
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::optional<oauth::AuthorizationCode>> find_authorization_code(oauth::AuthorizationCodeId id) override {
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return std::nullopt;
    co_return read_code(found);
  }

  Task<RedeemCodeOutcome> redeem_authorization_code(
      oauth::AuthorizationCodeId id, const oauth::Grant& grant,
      const std::optional<oauth::OpaqueAccessToken>& access_token) override {
    auto write = [&](Writing& writing) { return redeem(writing, id, grant, access_token); };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<AuthorizationCodes> make_authorization_codes(Database& database) {
  return std::make_unique<SqliteAuthorizationCodes>(database);
}

}  // namespace chatelaine::storage::sqlite
