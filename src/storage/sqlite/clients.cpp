#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define CLIENT_COLUMNS \
  "id, name, secret_hash, authentication_methods, redirect_uris, grant_types, scope, pkce, created_at"

constexpr Sql kFind{"SELECT " CLIENT_COLUMNS " FROM clients WHERE id = ?1"};
constexpr Sql kList{"SELECT " CLIENT_COLUMNS " FROM clients ORDER BY created_at, number"};
constexpr Sql kAdd{"INSERT INTO clients (" CLIENT_COLUMNS
                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                   " ON CONFLICT (id) DO NOTHING RETURNING id"};
constexpr Sql kUpdate{
    "UPDATE clients SET name = ?2, secret_hash = ?3, authentication_methods = ?4, redirect_uris = ?5,"
    " grant_types = ?6, scope = ?7, pkce = ?8 WHERE id = ?1 RETURNING id"};
constexpr Sql kRemoveOwnTokens{"DELETE FROM access_tokens WHERE client_id = ?1 AND grant_id IS NULL"};
// Its codes, consents and grants go with it (ON DELETE CASCADE), and the tokens of those grants with them.
constexpr Sql kRemove{"DELETE FROM clients WHERE id = ?1 RETURNING id"};

oauth::Client read_client(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<oauth::ClientId>(),
          .name = row.take<std::string>(),
          .secret_hash = row.take<std::optional<crypto::Sha256>>(),
          .authentication_methods = row.take<std::vector<oauth::AuthenticationMethod>>(),
          .redirect_uris = row.take<std::vector<oauth::RedirectUri>>(),
          .grant_types = row.take<std::vector<oauth::GrantType>>(),
          .scope = row.take<oauth::Scope>(),
          .pkce = row.take<oauth::PkcePolicy>(),
          .created_at = row.take<Instant>()};
}

class SqliteClients final : public Clients {
 public:
  explicit SqliteClients(Database& database) : database_(database) {}

  Task<std::shared_ptr<const oauth::Client>> find_client(oauth::ClientId id) override {
    HotFacts& facts = database_.facts();
    if (const auto* known = facts.clients.find(id)) co_return *known;
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return nullptr;
    auto client = std::make_shared<const oauth::Client>(read_client(found));
    facts.clients.put(id, client);
    co_return client;
  }

  Task<std::vector<oauth::Client>> list_clients() override {
    std::vector<oauth::Client> clients;
    Statement listed = database_.reader().query(kList);
    while (listed.next()) clients.push_back(read_client(listed));
    co_return clients;
  }

  Task<bool> add_client(const oauth::Client& client) override {
    auto write = [&client](Writing& writing) {
      return writing.change(kAdd, client.id, client.name, client.secret_hash, client.authentication_methods,
                            client.redirect_uris, client.grant_types, client.scope, client.pkce, client.created_at) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> update_client(const oauth::Client& client) override {
    auto write = [&client](Writing& writing) {
      return writing.change(kUpdate, client.id, client.name, client.secret_hash, client.authentication_methods,
                            client.redirect_uris, client.grant_types, client.scope, client.pkce) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> remove_client(oauth::ClientId id) override {
    auto write = [&id](Writing& writing) {
      writing.run(kRemoveOwnTokens, id);
      return writing.change(kRemove, id) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Clients> make_clients(Database& database) { return std::make_unique<SqliteClients>(database); }

}  // namespace chatelaine::storage::sqlite
