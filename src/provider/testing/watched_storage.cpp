#include "provider/testing/watched_storage.hpp"

namespace chatelaine::provider::testing {
namespace {

class WatchedStorage final : public storage::Storage {
 public:
  WatchedStorage(std::unique_ptr<storage::Storage> storage, const StorageWatch& watch)
      : storage_(std::move(storage)), watch_(watch) {}

  storage::Clients& clients() override { return watched("clients").clients(); }
  storage::InitialAccessTokens& initial_access_tokens() override {
    return watched("initial_access_tokens").initial_access_tokens();
  }
  storage::Users& users() override { return watched("users").users(); }
  storage::FederatedIdentities& federated_identities() override {
    return watched("federated_identities").federated_identities();
  }
  storage::SignInAttempts& sign_in_attempts() override { return watched("sign_in_attempts").sign_in_attempts(); }
  storage::Sessions& sessions() override { return watched("sessions").sessions(); }
  storage::OneTimeLinks& one_time_links() override { return watched("one_time_links").one_time_links(); }
  storage::Consents& consents() override { return watched("consents").consents(); }
  storage::PushedAuthorizationRequests& pushed_authorization_requests() override {
    return watched("pushed_authorization_requests").pushed_authorization_requests();
  }
  storage::UsedClientAssertions& used_client_assertions() override {
    return watched("used_client_assertions").used_client_assertions();
  }
  storage::AuthorizationCodes& authorization_codes() override {
    return watched("authorization_codes").authorization_codes();
  }
  storage::DeviceCodes& device_codes() override { return watched("device_codes").device_codes(); }
  storage::Grants& grants() override { return watched("grants").grants(); }
  storage::AccessTokens& access_tokens() override { return watched("access_tokens").access_tokens(); }
  storage::Confirmations& confirmations() override { return watched("confirmations").confirmations(); }
  storage::Keys& keys() override { return watched("keys").keys(); }
  storage::Ledger& ledger() override { return watched("ledger").ledger(); }
  storage::Openings& openings() override { return watched("openings").openings(); }
  storage::Flights& flights() override { return watched("flights").flights(); }
  storage::Plugins& plugins() override { return watched("plugins").plugins(); }
  storage::Connections& connections() override { return watched("connections").connections(); }
  Task<bool> remove_expired(Instant now) override { return storage_->remove_expired(now); }
  std::uint64_t change_count() override { return storage_->change_count(); }

 private:
  storage::Storage& watched(std::string_view noun) {
    // A copy: what it does may replace it.
    const auto watch = watch_;
    if (watch) watch(noun);
    return *storage_;
  }

  std::unique_ptr<storage::Storage> storage_;
  const StorageWatch& watch_;
};

}  // namespace

std::unique_ptr<storage::Storage> make_watched_storage(std::unique_ptr<storage::Storage> storage,
                                                       const StorageWatch& watch) {
  return std::make_unique<WatchedStorage>(std::move(storage), watch);
}

}  // namespace chatelaine::provider::testing
