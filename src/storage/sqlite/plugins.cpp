#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define PLUGIN_COLUMNS \
  "id, domain, manifest, openapi, client_id, sealed_client_secret, verification_token, installed_at, verified_at"

constexpr Sql kFind{"SELECT " PLUGIN_COLUMNS " FROM plugins WHERE id = ?1"};
constexpr Sql kFindByDomain{"SELECT " PLUGIN_COLUMNS " FROM plugins WHERE domain = ?1"};
constexpr Sql kList{"SELECT " PLUGIN_COLUMNS " FROM plugins ORDER BY installed_at, number"};
constexpr Sql kAdd{"INSERT INTO plugins (" PLUGIN_COLUMNS
                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING RETURNING id"};
constexpr Sql kSetDocuments{
    "UPDATE plugins SET manifest = ?2, openapi = ?3, verified_at = ?4 WHERE id = ?1 RETURNING id"};
constexpr Sql kForgetCredentials{
    "UPDATE plugins SET client_id = '', sealed_client_secret = x'' WHERE id = ?1 RETURNING id"};
constexpr Sql kSetCredentials{
    "UPDATE plugins SET client_id = ?2, sealed_client_secret = ?3 WHERE id = ?1 RETURNING id"};
constexpr Sql kRemoveConnections{"DELETE FROM connections WHERE plugin_id = ?1 RETURNING " CONNECTION_COLUMNS};
// Attempts at connections go with it (ON DELETE CASCADE).
constexpr Sql kRemove{"DELETE FROM plugins WHERE id = ?1 RETURNING id"};

Plugin read_plugin(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<PluginId>(),
          .domain = row.take<std::string>(),
          .manifest = row.take<Blob>().bytes,
          .openapi = row.take<Blob>().bytes,
          .client_id = row.take<oauth::ClientId>(),
          .sealed_client_secret = row.take<Blob>().bytes,
          .verification_token = row.take<std::string>(),
          .installed_at = row.take<Instant>(),
          .verified_at = row.take<std::optional<Instant>>()};
}

std::optional<Plugin> first_plugin(Statement& found) {
  if (!found.next()) return std::nullopt;
  return read_plugin(found);
}

class SqlitePlugins final : public Plugins {
 public:
  explicit SqlitePlugins(Database& database) : database_(database) {}

  Task<std::optional<Plugin>> find_plugin(PluginId id) override {
    Statement found = database_.reader().query(kFind, id);
    co_return first_plugin(found);
  }

  Task<std::optional<Plugin>> find_plugin_by_domain(std::string domain) override {
    Statement found = database_.reader().query(kFindByDomain, domain);
    co_return first_plugin(found);
  }

  Task<std::vector<Plugin>> list_plugins() override {
    std::vector<Plugin> plugins;
    Statement listed = database_.reader().query(kList);
    while (listed.next()) plugins.push_back(read_plugin(listed));
    co_return plugins;
  }

  Task<bool> add_plugin(const Plugin& plugin) override {
    auto write = [&plugin](Writing& writing) {
      return writing.run(kAdd, plugin.id, plugin.domain, Blob{plugin.manifest}, Blob{plugin.openapi}, plugin.client_id,
                         Blob{plugin.sealed_client_secret}, plugin.verification_token, plugin.installed_at,
                         plugin.verified_at) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> set_plugin_documents(PluginId id, const FetchedDocuments& documents,
                                  CredentialsFate credentials) override {
    auto write = [&](Writing& writing) {
      if (credentials == CredentialsFate::forgotten) writing.run(kForgetCredentials, id);
      return writing.run(kSetDocuments, id, Blob{documents.manifest}, Blob{documents.openapi}, documents.verified_at) >
             0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> set_plugin_credentials(PluginId id, oauth::ClientId client_id, std::string sealed_client_secret) override {
    const Blob sealed{std::move(sealed_client_secret)};
    auto write = [&](Writing& writing) { return writing.run(kSetCredentials, id, client_id, sealed) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<std::optional<std::vector<storage::Connection>>> remove_plugin(PluginId id) override {
    auto write = [&id](Writing& writing) -> std::optional<std::vector<storage::Connection>> {
      std::vector<storage::Connection> removed;
      {
        Statement connections = writing.query(kRemoveConnections, id);
        while (connections.next()) removed.push_back(read_connection(connections));
      }
      if (writing.run(kRemove, id) == 0) return std::nullopt;
      return removed;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Plugins> make_plugins(Database& database) { return std::make_unique<SqlitePlugins>(database); }

}  // namespace chatelaine::storage::sqlite
