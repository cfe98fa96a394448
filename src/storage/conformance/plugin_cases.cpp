#include <gtest/gtest.h>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

void expect_equal(const std::optional<Plugin>& found, const Plugin& plugin) {
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, plugin.id);
  EXPECT_EQ(found->domain, plugin.domain);
  EXPECT_EQ(found->manifest, plugin.manifest);
  EXPECT_EQ(found->openapi, plugin.openapi);
  EXPECT_EQ(found->client_id, plugin.client_id);
  EXPECT_EQ(found->sealed_client_secret, plugin.sealed_client_secret);
  EXPECT_EQ(found->verification_token, plugin.verification_token);
  EXPECT_EQ(found->installed_at, plugin.installed_at);
  EXPECT_EQ(found->verified_at, plugin.verified_at);
}

const Case kCases[] = {
    {"a plugin is found by id and by domain, its documents byte for byte",
     [](Storage& storage) {
       const Plugin plugin = some_plugin("plugin-9", "localhost:8080");
       EXPECT_TRUE(block_on(storage.plugins().add_plugin(plugin)));
       expect_equal(block_on(storage.plugins().find_plugin(plugin.id)), plugin);
       expect_equal(block_on(storage.plugins().find_plugin_by_domain("localhost:8080")), plugin);
       EXPECT_FALSE(block_on(storage.plugins().find_plugin(PluginId("plugin-8"))));
       EXPECT_FALSE(block_on(storage.plugins().find_plugin_by_domain("localhost")));
     }},
    {"a domain is installed once",
     [](Storage& storage) {
       const Plugin plugin = some_plugin("plugin-9", "todo.example");
       const Plugin twin = some_plugin("plugin-8", "todo.example");
       EXPECT_TRUE(block_on(storage.plugins().add_plugin(plugin)));
       EXPECT_FALSE(block_on(storage.plugins().add_plugin(twin)));
       EXPECT_FALSE(block_on(storage.plugins().find_plugin(twin.id)));
     }},
    {"plugins are listed oldest first",
     [](Storage& storage) {
       for (const auto& [id, age] : {std::pair("b", 1), std::pair("c", 3), std::pair("a", 3)}) {
         Plugin plugin = some_plugin(id, std::string(id) + ".example");
         plugin.installed_at = kNow - seconds(age);
         block_on(storage.plugins().add_plugin(plugin));
       }
       const auto plugins = block_on(storage.plugins().list_plugins());
       ASSERT_EQ(plugins.size(), 3U);
       EXPECT_EQ(plugins[0].id.value(), "c");
       EXPECT_EQ(plugins[1].id.value(), "a");
       EXPECT_EQ(plugins[2].id.value(), "b");
     }},
    {"new documents change nothing else",
     [](Storage& storage) {
       Plugin plugin = some_plugin("plugin-9", "todo.example");
       block_on(storage.plugins().add_plugin(plugin));
       const FetchedDocuments fetched{"{}", std::string("\0yaml", 5), kNow + seconds(3)};
       EXPECT_TRUE(block_on(storage.plugins().set_plugin_documents(plugin.id, fetched, CredentialsFate::kept)));
       plugin.manifest = fetched.manifest;
       plugin.openapi = fetched.openapi;
       plugin.verified_at = fetched.verified_at;
       expect_equal(block_on(storage.plugins().find_plugin(plugin.id)), plugin);
     }},
    {"new documents make the credentials forgotten where that is asked",
     [](Storage& storage) {
       Plugin plugin = some_plugin("plugin-9", "todo.example");
       block_on(storage.plugins().add_plugin(plugin));
       const FetchedDocuments fetched{"{}", "", std::nullopt};
       EXPECT_TRUE(block_on(storage.plugins().set_plugin_documents(plugin.id, fetched, CredentialsFate::forgotten)));
       plugin.manifest = fetched.manifest;
       plugin.openapi = fetched.openapi;
       plugin.verified_at.reset();
       plugin.client_id = oauth::ClientId();
       plugin.sealed_client_secret.clear();
       expect_equal(block_on(storage.plugins().find_plugin(plugin.id)), plugin);
     }},
    {"new credentials change nothing else",
     [](Storage& storage) {
       Plugin plugin = some_plugin("plugin-9", "todo.example");
       block_on(storage.plugins().add_plugin(plugin));
       plugin.client_id = oauth::ClientId("other");
       plugin.sealed_client_secret = std::string("\0sealed", 7);
       EXPECT_TRUE(block_on(
           storage.plugins().set_plugin_credentials(plugin.id, plugin.client_id, plugin.sealed_client_secret)));
       expect_equal(block_on(storage.plugins().find_plugin(plugin.id)), plugin);
     }},
    {"an unknown plugin can be neither changed nor removed",
     [](Storage& storage) {
       const PluginId id("plugin-9");
       const FetchedDocuments fetched{"{}", "", std::nullopt};
       EXPECT_FALSE(block_on(storage.plugins().set_plugin_documents(id, fetched, CredentialsFate::kept)));
       EXPECT_FALSE(block_on(storage.plugins().set_plugin_credentials(id, oauth::ClientId("c"), "sealed")));
       EXPECT_FALSE(block_on(storage.plugins().remove_plugin(id)));
     }},
    {"a plugin is removed with its connections and attempts, and no other's",
     [](Storage& storage) {
       furnish(storage);
       const Plugin other = some_plugin("plugin-2", "notes.example");
       block_on(storage.plugins().add_plugin(other));
       const Connection connection = some_connection(5, "plugin-1", 1);
       const Connection other_connection = some_connection(6, "plugin-2", 1);
       const ConnectionAttempt attempt = some_attempt(7, "plugin-1", 1);
       block_on(storage.connections().put_connection(connection));
       block_on(storage.connections().put_connection(other_connection));
       block_on(storage.connections().add_connection_attempt(attempt));
       const auto removed = block_on(storage.plugins().remove_plugin(PluginId("plugin-1")));
       ASSERT_TRUE(removed);
       ASSERT_EQ(removed->size(), 1U) << "its tokens can be revoked";
       EXPECT_EQ(removed->front().id, connection.id);
       EXPECT_EQ(removed->front().sealed_tokens, connection.sealed_tokens);
       EXPECT_FALSE(block_on(storage.plugins().find_plugin(PluginId("plugin-1"))));
       EXPECT_EQ(block_on(storage.connections().list_connections({1})).size(), 1U);
       EXPECT_FALSE(block_on(storage.connections().take_connection_attempt(attempt.id, attempt.state_hash)));
     }},
};

}  // namespace

std::span<const Case> plugin_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
