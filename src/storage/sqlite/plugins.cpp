#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define PLUGIN_COLUMNS \
  "id, domain, manifest, openapi, client_id, sealed_client_secret, verification_token, installed_at, verified_at"

constexpr Sql kFind{"SELECT " PLUGIN_COLUMNS " FROM plugins WHERE id = ?1"};
constexpr Sql kFindByDomain{"SELECT " PLUGIN_COLUMNS " FROM plugins WHERE domain = ?1"};
constexpr Sql kList{"SELECT " PLUGIN_COLUMNS " FROM plugins ORDER BY installed_at, number"};
constexpr Sql kAdd{"INSERT INTO plugins (" PLUGIN_COLUMNS
                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING RETURNING id"};
constexpr Sql kUpdate{
    "UPDATE plugins SET manifest = ?2, openapi = ?3, client_id = ?4, sealed_client_secret = ?5,"
    " verification_token = ?6, verified_at = ?7 WHERE id = ?1 RETURNING id"};
// Its connections, and attempts at them, go with it (ON DELETE CASCADE).
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

  Task<bool> update_plugin(const Plugin& plugin) override {
    auto write = [&plugin](Writing& writing) {
      return writing.run(kUpdate, plugin.id, Blob{plugin.manifest}, Blob{plugin.openapi}, plugin.client_id,
                         Blob{plugin.sealed_client_secret}, plugin.verification_token, plugin.verified_at) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> remove_plugin(PluginId id) override {
    auto write = [&id](Writing& writing) { return writing.run(kRemove, id) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Plugins> make_plugins(Database& database) { return std::make_unique<SqlitePlugins>(database); }

}  // namespace chatelaine::storage::sqlite
