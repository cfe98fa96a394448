#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryPlugins final : public Plugins {
 public:
  explicit MemoryPlugins(Tables& tables) : tables_(tables) {}

  Task<std::optional<Plugin>> find_plugin(PluginId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const Plugin* found = tables_.find_plugin(id);
    if (found == nullptr) co_return std::nullopt;
    co_return *found;
  }

  Task<std::optional<Plugin>> find_plugin_by_domain(std::string domain) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = std::ranges::find(tables_.plugins, domain, &Plugin::domain);
    if (found == tables_.plugins.end()) co_return std::nullopt;
    co_return *found;
  }

  Task<std::vector<Plugin>> list_plugins() override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<Plugin> plugins = tables_.plugins;
    std::ranges::stable_sort(plugins, {}, &Plugin::installed_at);
    co_return plugins;
  }

  Task<bool> add_plugin(const Plugin& plugin) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto is_same = [&](const Plugin& other) { return other.domain == plugin.domain || other.id == plugin.id; };
    if (std::ranges::any_of(tables_.plugins, is_same)) co_return false;
    tables_.plugins.push_back(plugin);
    co_return true;
  }

  Task<bool> set_plugin_documents(PluginId id, const FetchedDocuments& documents,
                                  CredentialsFate credentials) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = std::ranges::find(tables_.plugins, id, &Plugin::id);
    if (found == tables_.plugins.end()) co_return false;
    found->manifest = documents.manifest;
    found->openapi = documents.openapi;
    found->verified_at = documents.verified_at;
    if (credentials == CredentialsFate::forgotten) {
      found->client_id = oauth::ClientId();
      found->sealed_client_secret.clear();
    }
    co_return true;
  }

  Task<bool> set_plugin_credentials(PluginId id, oauth::ClientId client_id, std::string sealed_client_secret) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = std::ranges::find(tables_.plugins, id, &Plugin::id);
    if (found == tables_.plugins.end()) co_return false;
    found->client_id = std::move(client_id);
    found->sealed_client_secret = std::move(sealed_client_secret);
    co_return true;
  }

  Task<std::optional<std::vector<Connection>>> remove_plugin(PluginId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = std::ranges::find(tables_.plugins, id, &Plugin::id);
    if (found == tables_.plugins.end()) co_return std::nullopt;
    tables_.plugins.erase(found);
    std::vector<Connection> removed;
    for (const auto& [connection_id, connection] : tables_.connections) {
      if (connection.plugin_id == id) removed.push_back(connection);
    }
    const auto is_of_plugin = [&](const auto& row) { return row.second.plugin_id == id; };
    std::erase_if(tables_.connections, is_of_plugin);
    std::erase_if(tables_.connection_attempts, is_of_plugin);
    co_return removed;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<Plugins> make_plugins(Tables& tables) { return std::make_unique<MemoryPlugins>(tables); }

}  // namespace chatelaine::storage::memory
