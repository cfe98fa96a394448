#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define TOKEN_COLUMNS "id, secret_hash, name, uses_left, created_at, expires_at"

constexpr Sql kAdd{"INSERT INTO initial_access_tokens (" TOKEN_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
constexpr Sql kFind{"SELECT " TOKEN_COLUMNS " FROM initial_access_tokens WHERE id = ?1"};
constexpr Sql kList{"SELECT " TOKEN_COLUMNS " FROM initial_access_tokens ORDER BY created_at, id"};
constexpr Sql kRecordRemoval{
    "INSERT INTO ledger (at, kind, detail)"
    " SELECT ?2, 'registration_token_removed', name FROM initial_access_tokens WHERE id = ?1"};
constexpr Sql kRemove{"DELETE FROM initial_access_tokens WHERE id = ?1 RETURNING id"};

oauth::InitialAccessToken read_token(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<oauth::InitialAccessTokenId>(),
          .secret_hash = row.take<crypto::Sha256>(),
          .name = row.take<std::string>(),
          .uses_left = row.take<std::uint32_t>(),
          .created_at = row.take<Instant>(),
          .expires_at = row.take<Instant>()};
}

class SqliteInitialAccessTokens final : public InitialAccessTokens {
 public:
  explicit SqliteInitialAccessTokens(Database& database) : database_(database) {}

  Task<void> add_initial_access_token(const oauth::InitialAccessToken& token) override {
    auto write = [&](Writing& writing) {
      writing.run(kAdd, token.id, token.secret_hash, token.name, token.uses_left, token.created_at, token.expires_at);
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::optional<oauth::InitialAccessToken>> find_initial_access_token(oauth::InitialAccessTokenId id) override {
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return std::nullopt;
    co_return read_token(found);
  }

  Task<std::vector<oauth::InitialAccessToken>> list_initial_access_tokens() override {
    std::vector<oauth::InitialAccessToken> tokens;
    Statement listed = database_.reader().query(kList);
    while (listed.next()) tokens.push_back(read_token(listed));
    co_return tokens;
  }

  Task<bool> remove_initial_access_token(oauth::InitialAccessTokenId id, Instant now) override {
    auto write = [&](Writing& writing) {
      writing.run(kRecordRemoval, id, now);
      return writing.run(kRemove, id) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<InitialAccessTokens> make_initial_access_tokens(Database& database) {
  return std::make_unique<SqliteInitialAccessTokens>(database);
}

}  // namespace chatelaine::storage::sqlite
