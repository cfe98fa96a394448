#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

// `created_at` last, since all but it can change.
#define CLIENT_COLUMNS                                                                                      \
  "id, name, secret_hash, authentication_methods, redirect_uris, grant_types, scope, pkce, jwks, jwks_uri," \
  " id_token_algorithm, access_token_format, requires_pushed_requests, post_logout_redirect_uris,"          \
  " default_max_age, origin, registration_token_hash, openid, created_at"

constexpr Sql kFind{"SELECT " CLIENT_COLUMNS " FROM clients WHERE id = ?1"};
constexpr Sql kList{"SELECT " CLIENT_COLUMNS " FROM clients ORDER BY created_at, number"};
constexpr Sql kAdd{"INSERT INTO clients (" CLIENT_COLUMNS
                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"
                   " ON CONFLICT (id) DO NOTHING RETURNING id"};
constexpr Sql kUpdate{
    "UPDATE clients SET name = ?2, secret_hash = ?3, authentication_methods = ?4, redirect_uris = ?5,"
    " grant_types = ?6, scope = ?7, pkce = ?8, jwks = ?9, jwks_uri = ?10, id_token_algorithm = ?11,"
    " access_token_format = ?12, requires_pushed_requests = ?13, post_logout_redirect_uris = ?14,"
    " default_max_age = ?15, origin = ?16, registration_token_hash = ?17, openid = ?18 WHERE id = ?1 RETURNING id"};
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
          .jwks = row.take<std::string>(),
          .jwks_uri = row.take<std::string>(),
          .id_token_algorithm = row.take<crypto::SignatureAlgorithm>(),
          .access_token_format = row.take<std::optional<oauth::AccessTokenFormat>>(),
          .requires_pushed_requests = row.take<bool>(),
          .post_logout_redirect_uris = row.take<std::vector<oauth::RedirectUri>>(),
          .default_max_age = row.take<std::optional<seconds>>(),
          .origin = row.take<oauth::ClientOrigin>(),
          .registration_token_hash = row.take<std::optional<crypto::Sha256>>(),
          .openid = row.take<bool>(),
          .created_at = row.take<Instant>()};
}

/// Runs a statement whose parameters are the columns in their order, `created_at` where `last` gives it.
template <class... Last>
auto change_row(Writing& writing, const Sql& sql, const oauth::Client& client, const Last&... last) {
  return writing.change(sql, client.id, client.name, client.secret_hash, client.authentication_methods,
                        client.redirect_uris, client.grant_types, client.scope, client.pkce, client.jwks,
                        client.jwks_uri, client.id_token_algorithm, client.access_token_format,
                        client.requires_pushed_requests, client.post_logout_redirect_uris, client.default_max_age,
                        client.origin, client.registration_token_hash, client.openid, last...);
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
    auto write = [&client](Writing& writing) { return change_row(writing, kAdd, client, client.created_at) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> update_client(const oauth::Client& client) override {
    auto write = [&client](Writing& writing) { return change_row(writing, kUpdate, client) > 0; };
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
