#pragma once

#include <functional>
#include <memory>

#include "storage/fault.hpp"
#include "storage/memory/memory_storage.hpp"

/// Memory whose verbs on sessions can be made to come too late or to fail.
namespace chatelaine::accounts::test {

class HookedSessions final : public storage::Sessions {
 public:
  explicit HookedSessions(storage::Sessions& sessions) : sessions_(sessions) {}

  /// What somebody else does just before a session begins.
  std::function<void()> before_begin = [] {};
  bool is_disk_full = false;

  Task<bool> begin_session(const storage::Session& session,
                           const std::optional<crypto::PasswordHash>& proven_hash) override {
    before_begin();
    return sessions_.begin_session(session, proven_hash);
  }
  Task<std::optional<storage::SessionOwner>> find_session(storage::SessionId id) override {
    return sessions_.find_session(id);
  }
  Task<void> touch_session(storage::SessionId id, Instant now) override {
    if (is_disk_full) throw storage::StorageFault("database or disk is full");
    co_await sessions_.touch_session(id, now);
  }
  Task<void> end_session(storage::SessionId id) override { return sessions_.end_session(id); }

 private:
  storage::Sessions& sessions_;
};

class HookedStorage final : public storage::Storage {
 public:
  storage::Clients& clients() override { return storage_->clients(); }
  storage::InitialAccessTokens& initial_access_tokens() override { return storage_->initial_access_tokens(); }
  storage::Users& users() override { return storage_->users(); }
  storage::FederatedIdentities& federated_identities() override { return storage_->federated_identities(); }
  storage::SignInAttempts& sign_in_attempts() override { return storage_->sign_in_attempts(); }
  HookedSessions& sessions() override { return sessions_; }
  storage::OneTimeLinks& one_time_links() override { return storage_->one_time_links(); }
  storage::Consents& consents() override { return storage_->consents(); }
  storage::PushedAuthorizationRequests& pushed_authorization_requests() override {
    return storage_->pushed_authorization_requests();
  }
  storage::UsedClientAssertions& used_client_assertions() override { return storage_->used_client_assertions(); }
  storage::AuthorizationCodes& authorization_codes() override { return storage_->authorization_codes(); }
  storage::DeviceCodes& device_codes() override { return storage_->device_codes(); }
  storage::Grants& grants() override { return storage_->grants(); }
  storage::AccessTokens& access_tokens() override { return storage_->access_tokens(); }
  storage::Confirmations& confirmations() override { return storage_->confirmations(); }
  storage::Keys& keys() override { return storage_->keys(); }
  storage::Ledger& ledger() override { return storage_->ledger(); }
  storage::Openings& openings() override { return storage_->openings(); }
  storage::Flights& flights() override { return storage_->flights(); }
  storage::Plugins& plugins() override { return storage_->plugins(); }
  storage::Connections& connections() override { return storage_->connections(); }
  Task<bool> remove_expired(Instant now) override { return storage_->remove_expired(now); }
  std::uint64_t change_count() override { return storage_->change_count(); }

 private:
  std::unique_ptr<storage::Storage> storage_ = storage::make_memory_storage();
  HookedSessions sessions_{storage_->sessions()};
};

}  // namespace chatelaine::accounts::test
