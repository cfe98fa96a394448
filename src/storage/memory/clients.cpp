#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryClients final : public Clients {
 public:
  explicit MemoryClients(Tables& tables) : tables_(tables) {}

  Task<std::shared_ptr<const oauth::Client>> find_client(oauth::ClientId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto row = find(id);
    if (row == tables_.clients.end()) co_return nullptr;
    co_return *row;
  }

  Task<std::vector<oauth::Client>> list_clients() override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<oauth::Client> clients;
    clients.reserve(tables_.clients.size());
    for (const auto& client : tables_.clients) clients.push_back(*client);
    std::ranges::stable_sort(clients, {}, &oauth::Client::created_at);
    co_return clients;
  }

  Task<bool> add_client(const oauth::Client& client) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.find_client(client.id) != nullptr) co_return false;
    tables_.clients.push_back(std::make_shared<const oauth::Client>(client));
    ++tables_.change_count;
    co_return true;
  }

  Task<bool> update_client(const oauth::Client& client) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto row = find(client.id);
    if (row == tables_.clients.end()) co_return false;
    oauth::Client updated = client;
    updated.created_at = (*row)->created_at;
    *row = std::make_shared<const oauth::Client>(std::move(updated));
    ++tables_.change_count;
    co_return true;
  }

  Task<bool> remove_client(oauth::ClientId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto row = find(id);
    if (row == tables_.clients.end()) co_return false;
    tables_.clients.erase(row);
    std::erase_if(tables_.pushed_authorization_requests,
                  [&](const auto& request) { return request.second.client_id == id; });
    std::erase_if(tables_.authorization_codes, [&](const auto& code) { return code.second.client_id == id; });
    std::erase_if(tables_.consents, [&](const auto& consent) { return consent.second.client_id == id; });
    tables_.remove_grants([&](const oauth::Grant& grant) { return grant.client_id == id; });
    std::erase_if(tables_.access_tokens, [&](const auto& token) { return token.second.token.client_id == id; });
    ++tables_.change_count;
    co_return true;
  }

 private:
  std::vector<std::shared_ptr<const oauth::Client>>::iterator find(const oauth::ClientId& id) {
    return std::ranges::find_if(tables_.clients, [&](const auto& client) { return client->id == id; });
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<Clients> make_clients(Tables& tables) { return std::make_unique<MemoryClients>(tables); }

}  // namespace chatelaine::storage::memory
