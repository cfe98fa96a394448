#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define TOKEN_COLUMNS "id, secret_hash, issuer, subject, client_id, audience, scope, grant_id, issued_at, expires_at"

constexpr Sql kAdd{"INSERT INTO access_tokens (" TOKEN_COLUMNS
                   ") SELECT ?1, ?2, ?3, ?4, clients.id, ?6, ?7, ?8, ?9, ?10 FROM clients WHERE clients.id = ?5"};
constexpr Sql kAddIfWon{"INSERT INTO access_tokens (" TOKEN_COLUMNS
                        ") SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE changes() = 1"};
constexpr Sql kFind{"SELECT " TOKEN_COLUMNS " FROM access_tokens WHERE id = ?1"};
constexpr Sql kForget{"DELETE FROM access_tokens WHERE id = ?1"};
constexpr Sql kRevoke{
    "INSERT INTO revoked_access_tokens (id, expires_at) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING RETURNING id"};
constexpr Sql kIsRevoked{"SELECT 1 FROM revoked_access_tokens WHERE id = ?1"};

std::size_t add(Writing& writing, Sql sql, const oauth::OpaqueAccessToken& row) {
  const oauth::AccessToken& token = row.token;
  return writing.run(sql, token.id, row.secret_hash, token.issuer, token.subject, token.client_id, token.audience,
                     token.scope, token.grant_id, token.issued_at, token.expires_at);
}

oauth::OpaqueAccessToken read_token(const Statement& statement) {
  Row row(statement);
  oauth::OpaqueAccessToken token;
  token.token.id = row.take<oauth::AccessTokenId>();
  token.secret_hash = row.take<crypto::Sha256>();
  token.token.issuer = row.take<oauth::Issuer>();
  token.token.subject = row.take<oauth::Subject>();
  token.token.client_id = row.take<oauth::ClientId>();
  token.token.audience = row.take<std::vector<oauth::Resource>>();
  token.token.scope = row.take<oauth::Scope>();
  token.token.grant_id = row.take<std::optional<oauth::GrantId>>();
  token.token.issued_at = row.take<Instant>();
  token.token.expires_at = row.take<Instant>();
  return token;
}

class SqliteAccessTokens final : public AccessTokens {
 public:
  explicit SqliteAccessTokens(Database& database) : database_(database) {}

  Task<void> add_access_token(const oauth::OpaqueAccessToken& token) override {
    auto write = [&token](Writing& writing) { add(writing, kAdd, token); };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::optional<oauth::OpaqueAccessToken>> find_access_token(oauth::AccessTokenId id) override {
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return std::nullopt;
    co_return read_token(found);
  }

  Task<void> revoke_access_token(oauth::AccessTokenId id, Instant expires_at) override {
    auto write = [&](Writing& writing) {
      writing.run(kForget, id);
      writing.change(kRevoke, id, expires_at);
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<bool> is_access_token_revoked(oauth::AccessTokenId id) override {
    HotFacts& facts = database_.facts();
    if (const bool* known = facts.revoked_access_tokens.find(id)) co_return *known;
    Statement found = database_.reader().query(kIsRevoked, id);
    const bool revoked = found.next();
    facts.revoked_access_tokens.put(id, revoked);
    co_return revoked;
  }

 private:
  Database& database_;
};

}  // namespace

void keep_if_won(Writing& writing, const std::optional<oauth::OpaqueAccessToken>& token) {
  if (token) add(writing, kAddIfWon, *token);
}

std::unique_ptr<AccessTokens> make_access_tokens(Database& database) {
  return std::make_unique<SqliteAccessTokens>(database);
}

}  // namespace chatelaine::storage::sqlite
