#include <algorithm>
#include <ranges>
#include <set>
#include <tuple>

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

  Task<std::vector<oauth::Client>> list_newest_clients(ClientPage page) override {
    const auto place_of = [](const oauth::Client& client) { return std::tie(client.created_at, client.id); };
    const std::scoped_lock lock(tables_.mutex);
    std::vector<oauth::Client> clients;
    for (const auto& client : tables_.clients)
      if (!page.before || place_of(*client) < std::tie(page.before->created_at, page.before->id))
        clients.push_back(*client);
    std::ranges::sort(clients, [&](const auto& a, const auto& b) { return place_of(b) < place_of(a); });
    if (clients.size() > page.most) clients.erase(clients.begin() + page.most, clients.end());
    co_return clients;
  }

  Task<std::uint64_t> count_clients() override {
    const std::scoped_lock lock(tables_.mutex);
    co_return tables_.clients.size();
  }

  Task<bool> add_client(const oauth::Client& client) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.find_client(client.id) != nullptr) co_return false;
    add(client);
    ++tables_.change_count;
    co_return true;
  }

  Task<bool> update_client(const oauth::Client& client, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto row = find(client.id);
    if (row == tables_.clients.end()) co_return false;
    replace(*row, client, now);
    // It asks for something else now.
    tables_.metadata_digests.erase(client.id);
    co_return true;
  }

  Task<std::optional<oauth::Client>> register_client(const OpenRegistration& registration,
                                                     const RegistrationBounds& bounds) override {
    const std::scoped_lock lock(tables_.mutex);
    if (registration.metadata_digest) {
      if (auto shared = find_shared(*registration.metadata_digest, registration.unused_until)) co_return shared;
    }
    if (tables_.find_client(registration.client.id) != nullptr) co_return std::nullopt;
    if (tables_.unused_clients.size() >= bounds.most_unused) make_room(bounds.makes_room_before);
    if (tables_.unused_clients.size() >= bounds.most_unused) co_return std::nullopt;
    oauth::Client kept = registration.client;
    if (registration.metadata_digest) {
      if (count_of(*registration.metadata_digest) >= bounds.most_of_their_own) kept.registration_token_hash.reset();
      tables_.metadata_digests.emplace(kept.id, *registration.metadata_digest);
    }
    add(kept);
    tables_.unused_clients.emplace(kept.id, registration.unused_until);
    co_return kept;
  }

  Task<bool> register_client_with_token(const oauth::Client& client, oauth::InitialAccessTokenId token_id,
                                        Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto token = tables_.initial_access_tokens.find(token_id);
    if (token == tables_.initial_access_tokens.end()) co_return false;
    if (token->second.uses_left == 0 || token->second.expires_at <= now) co_return false;
    if (tables_.find_client(client.id) != nullptr) co_return false;
    --token->second.uses_left;
    add(client);
    co_return true;
  }

  Task<bool> replace_registration(const oauth::Client& client, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto row = find(client.id);
    const auto& presented = client.replaced_registration_token_hash;
    if (row == tables_.clients.end() || !presented) co_return false;
    const oauth::Client& before = **row;
    if (presented != before.registration_token_hash && presented != before.replaced_registration_token_hash)
      co_return false;
    if (before.redirect_uris != client.redirect_uris) forget_consents(client.id, now);
    replace(*row, client, now);
    tables_.metadata_digests.erase(client.id);
    co_return true;
  }

  Task<bool> put_document_client(const oauth::Client& client, Instant now, std::uint32_t most) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto row = find(client.id);
    if (row == tables_.clients.end()) {
      if (count_new_and_unused(now) >= most) co_return false;
      add(client);
      ++tables_.change_count;
    } else {
      if ((*row)->origin != oauth::ClientOrigin::metadata_document) co_return false;
      replace_by_document(*row, client, now);
    }
    tables_.documents_accepted[client.id] = now;
    co_return true;
  }

  Task<bool> remove_client(oauth::ClientId id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.find_client(id) == nullptr) co_return false;
    const auto is_of_client = [&](const oauth::Grant& grant) { return grant.client_id == id; };
    tables_.end_grants(is_of_client, oauth::RevocationReason::client_removed, now);
    tables_.remove_client(id);
    tables_.record({.at = now, .kind = LedgerKind::client_removed, .client_id = id});
    co_return true;
  }

 private:
  void add(const oauth::Client& client) {
    tables_.clients.push_back(std::make_shared<const oauth::Client>(client));
    tables_.record({.at = client.created_at,
                    .kind = LedgerKind::client_added,
                    .client_id = client.id,
                    .detail = std::string(to_string(client.origin))});
  }

  std::vector<std::shared_ptr<const oauth::Client>>::iterator find(const oauth::ClientId& id) {
    return std::ranges::find_if(tables_.clients, [&](const auto& client) { return client->id == id; });
  }

  std::size_t count_new_and_unused(Instant now) const {
    return static_cast<std::size_t>(std::ranges::count_if(tables_.documents_accepted, [&](const auto& accepted) {
      return accepted.second > now - std::chrono::hours(2) && !tables_.is_client_used(accepted.first);
    }));
  }

  void replace(std::shared_ptr<const oauth::Client>& row, oauth::Client updated, Instant now) {
    tables_.record({.at = now,
                    .kind = LedgerKind::client_changed,
                    .client_id = updated.id,
                    .detail = describe_change(*row, updated)});
    updated.created_at = row->created_at;
    row = std::make_shared<const oauth::Client>(std::move(updated));
    ++tables_.change_count;
  }

  /// Those who had allowed it something are asked again.
  void forget_consents(const oauth::ClientId& id, Instant now) {
    std::set<oauth::UserId> users;
    std::erase_if(tables_.consents, [&](const auto& consent) {
      if (consent.second.client_id != id) return false;
      users.insert(consent.second.user_id);
      return true;
    });
    for (const oauth::UserId user_id : users)
      tables_.record({.at = now, .kind = LedgerKind::consent_lapsed, .user_id = user_id, .client_id = id});
  }

  void replace_by_document(std::shared_ptr<const oauth::Client>& row, const oauth::Client& document, Instant now) {
    const oauth::Client& old = *row;
    if (std::tie(old.redirect_uris, old.authentication_methods, old.jwks, old.jwks_uri) !=
        std::tie(document.redirect_uris, document.authentication_methods, document.jwks, document.jwks_uri))
      forget_consents(old.id, now);
    const auto what_changes = [](const oauth::Client& client) {
      return std::tie(client.name, client.authentication_methods, client.redirect_uris, client.grant_types,
                      client.scope, client.jwks, client.jwks_uri, client.requires_pushed_requests, client.openid);
    };
    if (what_changes(old) != what_changes(document)) replace(row, document, now);
  }

  /// Under the lock, as those below.
  std::optional<oauth::Client> find_shared(const crypto::Sha256& digest, Instant unused_until) {
    for (const auto& [id, own_digest] : tables_.metadata_digests) {
      const oauth::Client& client = *tables_.find_client(id);
      if (own_digest != digest || client.registration_token_hash) continue;
      if (const auto unused = tables_.unused_clients.find(id); unused != tables_.unused_clients.end())
        unused->second = unused_until;
      return client;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::size_t count_of(const crypto::Sha256& digest) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(tables_.metadata_digests, [&](const auto& row) { return row.second == digest; }));
  }

  void make_room(Instant before) {
    const auto is_old = [&](const auto& row) { return tables_.find_client(row.first)->created_at <= before; };
    auto old = tables_.unused_clients | std::views::filter(is_old);
    const auto first = std::ranges::min_element(old, {}, [](const auto& row) { return row.second; });
    if (first == old.end()) return;
    const oauth::ClientId id = first->first;
    tables_.remove_client(id);
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<Clients> make_clients(Tables& tables) { return std::make_unique<MemoryClients>(tables); }

}  // namespace chatelaine::storage::memory
