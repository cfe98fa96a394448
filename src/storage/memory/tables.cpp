#include "storage/memory/tables.hpp"

#include <algorithm>

namespace chatelaine::storage::memory {

void Tables::record(LedgerEntry entry) {
  entry.id = {next_ledger_id++};
  ledger.push_back(std::move(entry));
}

const oauth::Client* Tables::find_client(const oauth::ClientId& id) const {
  const auto found = std::ranges::find_if(clients, [&](const auto& client) { return client->id == id; });
  return found == clients.end() ? nullptr : found->get();
}

bool Tables::is_client_used(const oauth::ClientId& id) const {
  const auto is_of_client = [&](const auto& row) { return row.second.client_id == id; };
  return std::ranges::any_of(consents, is_of_client) || std::ranges::any_of(grants, is_of_client);
}

bool Tables::remove_client(const oauth::ClientId& id) {
  if (std::erase_if(clients, [&](const auto& client) { return client->id == id; }) == 0) return false;
  const auto is_of_client = [&](const auto& row) { return row.second.client_id == id; };
  documents_accepted.erase(id);
  unused_clients.erase(id);
  metadata_digests.erase(id);
  std::erase_if(pushed_authorization_requests, is_of_client);
  std::erase_if(authorization_codes, is_of_client);
  std::erase_if(device_codes, is_of_client);
  std::erase_if(consents, is_of_client);
  remove_grants([&](const oauth::Grant& grant) { return grant.client_id == id; });
  std::erase_if(access_tokens, [&](const auto& token) { return token.second.token.client_id == id; });
  ++change_count;
  return true;
}

const Plugin* Tables::find_plugin(const PluginId& id) const {
  const auto found = std::ranges::find(plugins, id, &Plugin::id);
  return found == plugins.end() ? nullptr : &*found;
}

const User* Tables::find_enabled_user(oauth::UserId id) const {
  const auto found = users.find(id);
  return found == users.end() || !found->second.enabled ? nullptr : &found->second;
}

void Tables::keep(const std::optional<oauth::OpaqueAccessToken>& token) {
  if (token) access_tokens.emplace(token->token.id, *token);
}

void Tables::add_session(const Session& session) {
  if (!sessions.emplace(session.id, session).second) return;
  record({.at = session.last_seen_at, .kind = LedgerKind::signed_in, .user_id = session.user_id});
}

void Tables::add_grant(const oauth::Grant& grant) {
  grants.emplace(grant.id, grant);
  unused_clients.erase(grant.client_id);
  record({.at = grant.created_at,
          .kind = LedgerKind::grant_begun,
          .user_id = grant.user_id,
          .client_id = grant.client_id,
          .grant_id = grant.id,
          .detail = grant.scope.to_string()});
}

bool Tables::is_session_of(SessionId id, oauth::UserId user_id) const {
  const auto found = sessions.find(id);
  return found != sessions.end() && found->second.user_id == user_id && find_enabled_user(user_id) != nullptr;
}

void Tables::drop_allowed_device_codes(oauth::UserId user_id, const std::optional<oauth::ClientId>& client_id) {
  std::erase_if(device_codes, [&](const auto& row) {
    const auto* allowed = std::get_if<oauth::DeviceAllowed>(&row.second.answer);
    return allowed != nullptr && allowed->user_id == user_id && (!client_id || row.second.client_id == *client_id);
  });
}

void Tables::end_sign_ins(oauth::UserId user_id, oauth::RevocationReason reason, Instant now) {
  std::erase_if(sessions, [&](const auto& row) { return row.second.user_id == user_id; });
  std::erase_if(one_time_links, [&](const auto& row) { return row.second.user_id == user_id; });
  std::erase_if(authorization_codes,
                [&](const auto& row) { return row.second.user_id == user_id && !row.second.grant_id; });
  drop_allowed_device_codes(user_id, std::nullopt);
  end_grants([&](const oauth::Grant& grant) { return grant.user_id == user_id; }, reason, now);
}

void Tables::remove_grants(const std::function<bool(const oauth::Grant&)>& is_removed) {
  std::erase_if(grants, [&](const auto& row) {
    if (!is_removed(row.second)) return false;
    std::erase_if(access_tokens, [&](const auto& token) { return token.second.token.grant_id == row.first; });
    std::erase_if(confirmations, [&](const auto& question) { return question.second.grant_id == row.first; });
    return true;
  });
}

std::size_t Tables::end_grants(const std::function<bool(const oauth::Grant&)>& is_ended, oauth::RevocationReason reason,
                               Instant now) {
  std::size_t ended = 0;
  for (auto& [id, grant] : grants) {
    if (grant.revoked_at || !is_ended(grant)) continue;
    grant.revoked_at = now;
    grant.revocation_reason = reason;
    record({.at = now,
            .kind = LedgerKind::grant_ended,
            .user_id = grant.user_id,
            .client_id = grant.client_id,
            .grant_id = id,
            .detail = std::string(to_string(reason))});
    ++ended;
  }
  if (ended > 0) ++change_count;
  return ended;
}

}  // namespace chatelaine::storage::memory
