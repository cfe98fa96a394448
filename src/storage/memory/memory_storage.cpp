#include "storage/memory/memory_storage.hpp"

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage {
namespace memory {
namespace {

class MemoryStorage final : public Storage {
 public:
  Clients& clients() override { return *clients_; }
  InitialAccessTokens& initial_access_tokens() override { return *initial_access_tokens_; }
  Users& users() override { return *users_; }
  FederatedIdentities& federated_identities() override { return *federated_identities_; }
  SignInAttempts& sign_in_attempts() override { return *sign_in_attempts_; }
  Sessions& sessions() override { return *sessions_; }
  OneTimeLinks& one_time_links() override { return *one_time_links_; }
  Consents& consents() override { return *consents_; }
  PushedAuthorizationRequests& pushed_authorization_requests() override { return *pushed_authorization_requests_; }
  UsedClientAssertions& used_client_assertions() override { return *used_client_assertions_; }
  AuthorizationCodes& authorization_codes() override { return *authorization_codes_; }
  DeviceCodes& device_codes() override { return *device_codes_; }
  Grants& grants() override { return *grants_; }
  AccessTokens& access_tokens() override { return *access_tokens_; }
  Confirmations& confirmations() override { return *confirmations_; }
  Keys& keys() override { return *keys_; }
  Ledger& ledger() override { return *ledger_; }
  Flights& flights() override { return *flights_; }
  Openings& openings() override { return *openings_; }
  Plugins& plugins() override { return *plugins_; }
  Connections& connections() override { return *connections_; }

  Task<bool> remove_expired(Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto has_expired = [now](const auto& row) { return row.second.expires_at <= now; };
    std::erase_if(tables_.pushed_authorization_requests, has_expired);
    keep_used_codes(now);
    std::erase_if(tables_.authorization_codes, has_expired);
    std::erase_if(tables_.sessions, has_expired);
    std::erase_if(tables_.one_time_links, has_expired);
    std::erase_if(tables_.connection_attempts, has_expired);
    std::erase_if(tables_.sign_in_attempts, has_expired);
    std::erase_if(tables_.access_tokens, [now](const auto& row) { return row.second.token.expires_at <= now; });
    std::erase_if(tables_.initial_access_tokens, has_expired);
    std::erase_if(tables_.confirmations, has_expired);
    remove_unused_clients(now);
    // THREATS N52: without its row what these are about would be good again.
    const Instant out_of_date = now - kSpentIsKept;
    std::erase_if(tables_.revoked_access_tokens, [out_of_date](const auto& row) { return row.second <= out_of_date; });
    std::erase_if(tables_.used_client_assertions,
                  [out_of_date](const auto& row) { return row.second.expires_at <= out_of_date; });
    for (const auto& [id, accepted_at] : std::map(tables_.documents_accepted)) {
      if (accepted_at <= now - std::chrono::hours(1) && !tables_.is_client_used(id)) tables_.remove_client(id);
    }
    std::erase_if(tables_.device_codes,
                  [now](const auto& row) { return row.second.expires_at + oauth::kExpiredDeviceCodeIsKept <= now; });
    const Instant long_ago = now - std::chrono::days(30);
    tables_.remove_grants([long_ago](const oauth::Grant& grant) {
      return grant.expires_at <= long_ago || (grant.revoked_at && *grant.revoked_at <= long_ago);
    });
    std::erase_if(tables_.keys,
                  [long_ago](const auto& row) { return row.second.retired_at && *row.second.retired_at <= long_ago; });
    ++tables_.change_count;
    co_return false;
  }

  std::uint64_t change_count() override { return tables_.change_count.load(); }

 private:
  /// RFC 6749 §4.1.2: as long as there is something that their replay would end.
  void keep_used_codes(Instant now) {
    for (auto& [id, code] : tables_.authorization_codes) {
      if (code.expires_at > now || !code.grant_id) continue;
      const auto grant = tables_.grants.find(*code.grant_id);
      if (grant != tables_.grants.end() && !grant->second.revoked_at) code.expires_at = grant->second.expires_at;
    }
  }
  void remove_unused_clients(Instant now) {
    std::vector<oauth::ClientId> unused;
    for (const auto& [id, until] : tables_.unused_clients) {
      if (until <= now) unused.push_back(id);
    }
    for (const oauth::ClientId& id : unused) tables_.remove_client(id);
  }

  Tables tables_;
  std::unique_ptr<Clients> clients_ = make_clients(tables_);
  std::unique_ptr<InitialAccessTokens> initial_access_tokens_ = make_initial_access_tokens(tables_);
  std::unique_ptr<Users> users_ = make_users(tables_);
  std::unique_ptr<FederatedIdentities> federated_identities_ = make_federated_identities(tables_);
  std::unique_ptr<SignInAttempts> sign_in_attempts_ = make_sign_in_attempts(tables_);
  std::unique_ptr<Sessions> sessions_ = make_sessions(tables_);
  std::unique_ptr<OneTimeLinks> one_time_links_ = make_one_time_links(tables_);
  std::unique_ptr<Consents> consents_ = make_consents(tables_);
  std::unique_ptr<PushedAuthorizationRequests> pushed_authorization_requests_ =
      make_pushed_authorization_requests(tables_);
  std::unique_ptr<UsedClientAssertions> used_client_assertions_ = make_used_client_assertions(tables_);
  std::unique_ptr<AuthorizationCodes> authorization_codes_ = make_authorization_codes(tables_);
  std::unique_ptr<DeviceCodes> device_codes_ = make_device_codes(tables_);
  std::unique_ptr<Grants> grants_ = make_grants(tables_);
  std::unique_ptr<AccessTokens> access_tokens_ = make_access_tokens(tables_);
  std::unique_ptr<Confirmations> confirmations_ = make_confirmations(tables_);
  std::unique_ptr<Keys> keys_ = make_keys(tables_);
  std::unique_ptr<Ledger> ledger_ = make_ledger(tables_);
  std::unique_ptr<Flights> flights_ = make_flights(tables_);
  std::unique_ptr<Openings> openings_ = make_openings(tables_);
  std::unique_ptr<Plugins> plugins_ = make_plugins(tables_);
  std::unique_ptr<Connections> connections_ = make_connections(tables_);
};

}  // namespace
}  // namespace memory

std::unique_ptr<Storage> make_memory_storage() { return std::make_unique<memory::MemoryStorage>(); }

}  // namespace chatelaine::storage
