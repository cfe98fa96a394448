#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryConnections final : public Connections {
 public:
  explicit MemoryConnections(Tables& tables) : tables_(tables) {}

  Task<void> add_connection_attempt(const ConnectionAttempt& attempt) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.find_enabled_user(attempt.user_id) == nullptr) co_return;
    if (tables_.find_plugin(attempt.plugin_id) == nullptr) co_return;
    tables_.connection_attempts.emplace(attempt.id, attempt);
  }

  Task<std::optional<ConnectionAttempt>> take_connection_attempt(ConnectionAttemptId id,
                                                                 crypto::Sha256 state_hash) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.connection_attempts.find(id);
    if (found == tables_.connection_attempts.end() || found->second.state_hash != state_hash) co_return std::nullopt;
    auto taken = tables_.connection_attempts.extract(found);
    co_return std::move(taken.mapped());
  }

  Task<std::optional<Connection>> find_connection(PluginId plugin_id, oauth::UserId user_id) override {
    const std::scoped_lock lock(tables_.mutex);
    for (const auto& [id, connection] : tables_.connections) {
      if (connection.plugin_id == plugin_id && connection.user_id == user_id) co_return connection;
    }
    co_return std::nullopt;
  }

  Task<std::vector<Connection>> list_connections(oauth::UserId user_id) override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<Connection> connections;
    for (const auto& [id, connection] : tables_.connections) {
      if (connection.user_id == user_id) connections.push_back(connection);
    }
    std::ranges::stable_sort(connections, {}, &Connection::connected_at);
    co_return connections;
  }

  Task<PutConnection> put_connection(const Connection& connection) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.find_enabled_user(connection.user_id) == nullptr) co_return PutConnection{};
    if (tables_.find_plugin(connection.plugin_id) == nullptr) co_return PutConnection{};
    PutConnection put{true, std::nullopt};
    for (const auto& [id, earlier] : tables_.connections) {
      if (earlier.plugin_id == connection.plugin_id && earlier.user_id == connection.user_id) put.replaced = earlier;
    }
    remove(connection.plugin_id, connection.user_id);
    tables_.connections.emplace(connection.id, connection);
    co_return put;
  }

  Task<bool> claim_refresh(ConnectionId id, std::uint32_t version, Instant now, Instant until) override {
    const std::scoped_lock lock(tables_.mutex);
    Connection* connection = find(id, version);
    if (connection == nullptr || connection->refresh_lease_until > now) co_return false;
    connection->refresh_lease_until = until;
    co_return true;
  }

  Task<bool> finish_refresh(ConnectionId id, std::uint32_t version, std::string sealed_tokens,
                            std::optional<Instant> expires_at) override {
    const std::scoped_lock lock(tables_.mutex);
    Connection* connection = find(id, version);
    if (connection == nullptr) co_return false;
    connection->sealed_tokens = std::move(sealed_tokens);
    connection->access_token_expires_at = expires_at;
    ++connection->version;
    connection->refresh_lease_until = Instant{};
    connection->needs_sign_in = false;
    co_return true;
  }

  Task<void> fail_refresh(ConnectionId id, std::uint32_t version, bool needs_sign_in) override {
    const std::scoped_lock lock(tables_.mutex);
    Connection* connection = find(id, version);
    if (connection == nullptr) co_return;
    connection->refresh_lease_until = Instant{};
    connection->needs_sign_in = connection->needs_sign_in || needs_sign_in;
  }

  Task<bool> remove_connection(PluginId plugin_id, oauth::UserId user_id) override {
    const std::scoped_lock lock(tables_.mutex);
    co_return remove(plugin_id, user_id);
  }

 private:
  Connection* find(ConnectionId id, std::uint32_t version) {
    const auto found = tables_.connections.find(id);
    if (found == tables_.connections.end() || found->second.version != version) return nullptr;
    return &found->second;
  }

  bool remove(const PluginId& plugin_id, oauth::UserId user_id) {
    return std::erase_if(tables_.connections, [&](const auto& row) {
             return row.second.plugin_id == plugin_id && row.second.user_id == user_id;
           }) > 0;
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<Connections> make_connections(Tables& tables) { return std::make_unique<MemoryConnections>(tables); }

}  // namespace chatelaine::storage::memory
