#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "storage/storage.hpp"

namespace chatelaine::storage::memory {

/// What the verbs work on. Every verb holds `mutex` from its beginning to its end, and none waits in between.
struct Tables {
  std::mutex mutex;
  std::atomic<std::uint64_t> change_count{1};

  // In the order of their insertion.
  std::vector<std::shared_ptr<const oauth::Client>> clients;
  /// When the document of a client that came of one was last accepted.
  std::map<oauth::ClientId, Instant> documents_accepted;
  std::vector<Plugin> plugins;

  /// Of clients that strangers registered: when they are removed, unless they are used before.
  std::map<oauth::ClientId, Instant> unused_clients;
  std::map<oauth::ClientId, crypto::Sha256> metadata_digests;
  std::map<oauth::InitialAccessTokenId, oauth::InitialAccessToken> initial_access_tokens;
  std::map<oauth::UserId, User> users;
  std::map<FederatedSubject, FederatedIdentity> federated_identities;
  std::map<SignInAttemptId, SignInAttempt> sign_in_attempts;
  std::map<SessionId, Session> sessions;
  std::map<OneTimeLinkId, OneTimeLink> one_time_links;
  std::map<std::pair<oauth::UserId, std::pair<oauth::ClientId, oauth::Resource>>, oauth::Consent> consents;
  std::map<oauth::PushedAuthorizationRequestId, oauth::PushedAuthorizationRequest> pushed_authorization_requests;
  /// By client and hash of the jti.
  std::map<std::pair<oauth::ClientId, std::array<char, 32>>, oauth::UsedClientAssertion> used_client_assertions;
  std::map<oauth::AuthorizationCodeId, oauth::AuthorizationCode> authorization_codes;
  std::map<oauth::DeviceCodeId, oauth::DeviceCode> device_codes;
  std::map<oauth::GrantId, oauth::Grant> grants;
  std::map<oauth::AccessTokenId, oauth::OpaqueAccessToken> access_tokens;
  std::map<oauth::AccessTokenId, Instant> revoked_access_tokens;
  std::map<ConfirmationId, Confirmation> confirmations;
  /// By operation.
  std::map<std::string, Opening> openings;
  std::map<StoredKeyId, StoredKey> keys;
  std::map<ConnectionId, Connection> connections;
  std::map<ConnectionAttemptId, ConnectionAttempt> connection_attempts;

  std::vector<LedgerEntry> ledger;
  std::int64_t next_ledger_id = 1;
  std::vector<FlightStep> flights;
  std::int64_t next_flight_step_id = 1;

  // All of these: under the lock.
  /// Adds the entry under the next id.
  void record(LedgerEntry entry);
  [[nodiscard]] const oauth::Client* find_client(const oauth::ClientId& id) const;
  [[nodiscard]] const Plugin* find_plugin(const PluginId& id) const;
  /// Whether somebody has allowed the client something.
  [[nodiscard]] bool is_client_used(const oauth::ClientId& id) const;
  /// Removes the client with its codes, consents, grants and access tokens: whether there was one.
  bool remove_client(const oauth::ClientId& id);
  /// Null where the user is gone or disabled.
  [[nodiscard]] const User* find_enabled_user(oauth::UserId id) const;
  void keep(const std::optional<oauth::OpaqueAccessToken>& token);
  void add_session(const Session& session);
  /// Every grant begins here: its client is used from then on.
  void add_grant(const oauth::Grant& grant);
  /// Whether the session is there and the user's, and the user enabled.
  [[nodiscard]] bool is_session_of(SessionId id, oauth::UserId user_id) const;
  /// Drops the device codes that the user has allowed, all or one client's, and that no device has fetched yet.
  void drop_allowed_device_codes(oauth::UserId user_id, const std::optional<oauth::ClientId>& client_id);
  /// Ends the user's sessions, one-time links, unused codes, device codes and grants.
  void end_sign_ins(oauth::UserId user_id, oauth::RevocationReason reason, Instant now);
  /// Removes the grant with the access tokens and questions that came of it.
  void remove_grants(const std::function<bool(const oauth::Grant&)>& is_removed);
  /// How many ended.
  std::size_t end_grants(const std::function<bool(const oauth::Grant&)>& is_ended, oauth::RevocationReason reason,
                         Instant now);
};

}  // namespace chatelaine::storage::memory
