#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define ATTEMPT_COLUMNS                                                                                           \
  "id, plugin_id, user_id, state_hash, browser_hash, sealed_code_verifier, expected_issuer, issuer_is_promised, " \
  "expires_at"

constexpr Sql kAddAttempt{"INSERT INTO connection_attempts (" ATTEMPT_COLUMNS
                          ") SELECT ?1, plugins.id, users.id, ?4, ?5, ?6, ?7, ?8, ?9 FROM plugins, users"
                          " WHERE plugins.id = ?2 AND users.id = ?3 AND users.enabled"};
constexpr Sql kTakeAttempt{
    "DELETE FROM connection_attempts WHERE id = ?1 AND state_hash = ?2 RETURNING " ATTEMPT_COLUMNS};

constexpr Sql kFind{"SELECT " CONNECTION_COLUMNS " FROM connections WHERE user_id = ?2 AND plugin_id = ?1"};
constexpr Sql kList{"SELECT " CONNECTION_COLUMNS " FROM connections WHERE user_id = ?1 ORDER BY connected_at, id"};
constexpr Sql kPut{"INSERT INTO connections (" CONNECTION_COLUMNS
                   ") SELECT ?1, plugins.id, users.id, ?4, ?5, ?6, ?7, ?8, ?9 FROM plugins, users"
                   " WHERE plugins.id = ?2 AND users.id = ?3 AND users.enabled"
                   " RETURNING id"};
// The row that kPut takes the place of; no row where kPut will keep nothing.
constexpr Sql kReplace{
    "DELETE FROM connections WHERE plugin_id = ?1"
    " AND user_id = (SELECT users.id FROM users WHERE users.id = ?2 AND users.enabled)"
    " RETURNING " CONNECTION_COLUMNS};
constexpr Sql kClaim{
    "UPDATE connections SET refresh_lease_until = ?4"
    " WHERE id = ?1 AND version = ?2 AND refresh_lease_until <= ?3 RETURNING id"};
constexpr Sql kFinish{
    "UPDATE connections SET sealed_tokens = ?3, access_token_expires_at = ?4, version = version + 1,"
    " refresh_lease_until = 0, needs_sign_in = 0 WHERE id = ?1 AND version = ?2 RETURNING id"};
constexpr Sql kFail{
    "UPDATE connections SET refresh_lease_until = 0, needs_sign_in = needs_sign_in OR ?3"
    " WHERE id = ?1 AND version = ?2"};
constexpr Sql kRemove{"DELETE FROM connections WHERE user_id = ?2 AND plugin_id = ?1 RETURNING id"};

ConnectionAttempt read_attempt(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<ConnectionAttemptId>(),
          .plugin_id = row.take<PluginId>(),
          .user_id = row.take<oauth::UserId>(),
          .state_hash = row.take<crypto::Sha256>(),
          .browser_hash = row.take<crypto::Sha256>(),
          .sealed_code_verifier = row.take<Blob>().bytes,
          .expected_issuer = row.take<std::string>(),
          .issuer_is_promised = row.take<bool>(),
          .expires_at = row.take<Instant>()};
}

}  // namespace

storage::Connection read_connection(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<ConnectionId>(),
          .plugin_id = row.take<PluginId>(),
          .user_id = row.take<oauth::UserId>(),
          .sealed_tokens = row.take<Blob>().bytes,
          .access_token_expires_at = row.take<std::optional<Instant>>(),
          .connected_at = row.take<Instant>(),
          .version = row.take<std::uint32_t>(),
          .refresh_lease_until = row.take<Instant>(),
          .needs_sign_in = row.take<bool>()};
}

namespace {

class SqliteConnections final : public Connections {
 public:
  explicit SqliteConnections(Database& database) : database_(database) {}

  Task<void> add_connection_attempt(const ConnectionAttempt& attempt) override {
    auto write = [&attempt](Writing& writing) {
      writing.run(kAddAttempt, attempt.id, attempt.plugin_id, attempt.user_id, attempt.state_hash, attempt.browser_hash,
                  Blob{attempt.sealed_code_verifier}, attempt.expected_issuer, attempt.issuer_is_promised,
                  attempt.expires_at);
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::optional<ConnectionAttempt>> take_connection_attempt(ConnectionAttemptId id,
                                                                 crypto::Sha256 state_hash) override {
    auto write = [&](Writing& writing) -> std::optional<ConnectionAttempt> {
      Statement taken = writing.query(kTakeAttempt, id, state_hash);
      std::optional<ConnectionAttempt> attempt;
      while (taken.next()) attempt = read_attempt(taken);
      return attempt;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<std::optional<storage::Connection>> find_connection(PluginId plugin_id, oauth::UserId user_id) override {
    Statement found = database_.reader().query(kFind, plugin_id, user_id);
    if (!found.next()) co_return std::nullopt;
    co_return read_connection(found);
  }

  Task<std::vector<storage::Connection>> list_connections(oauth::UserId user_id) override {
    std::vector<storage::Connection> connections;
    Statement listed = database_.reader().query(kList, user_id);
    while (listed.next()) connections.push_back(read_connection(listed));
    co_return connections;
  }

  Task<PutConnection> put_connection(const storage::Connection& connection) override {
    auto write = [&connection](Writing& writing) {
      PutConnection put;
      {
        Statement replaced = writing.query(kReplace, connection.plugin_id, connection.user_id);
        while (replaced.next()) put.replaced = read_connection(replaced);
      }
      put.is_kept =
          writing.run(kPut, connection.id, connection.plugin_id, connection.user_id, Blob{connection.sealed_tokens},
                      connection.access_token_expires_at, connection.connected_at, connection.version,
                      connection.refresh_lease_until, connection.needs_sign_in) > 0;
      return put;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> claim_refresh(ConnectionId id, std::uint32_t version, Instant now, Instant until) override {
    auto write = [&](Writing& writing) { return writing.run(kClaim, id, version, now, until) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> finish_refresh(ConnectionId id, std::uint32_t version, std::string sealed_tokens,
                            std::optional<Instant> expires_at) override {
    const Blob sealed{std::move(sealed_tokens)};
    auto write = [&](Writing& writing) { return writing.run(kFinish, id, version, sealed, expires_at) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<void> fail_refresh(ConnectionId id, std::uint32_t version, bool needs_sign_in) override {
    auto write = [&](Writing& writing) { writing.run(kFail, id, version, needs_sign_in); };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<bool> remove_connection(PluginId plugin_id, oauth::UserId user_id) override {
    auto write = [&](Writing& writing) { return writing.run(kRemove, plugin_id, user_id) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Connections> make_connections(Database& database) {
  return std::make_unique<SqliteConnections>(database);
}

}  // namespace chatelaine::storage::sqlite
