#include "storage/sqlite/sqlite_storage.hpp"

#include "storage/sqlite/expiry.hpp"
#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/schema.hpp"

namespace chatelaine::storage {
namespace sqlite {
namespace {

class SqliteStorage final : public Storage {
 public:
  SqliteStorage(const std::filesystem::path& file, Connection writing, Log& log)
      : database_(file, std::move(writing), log) {}

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
    auto write = [&](Writing& writing) { return expiry_.remove(writing, now); };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  std::uint64_t change_count() override { return database_.changes().count(); }

 private:
  Expiry expiry_;
  Database database_;
  std::unique_ptr<Clients> clients_ = make_clients(database_);
  std::unique_ptr<InitialAccessTokens> initial_access_tokens_ = make_initial_access_tokens(database_);
  std::unique_ptr<Users> users_ = make_users(database_);
  std::unique_ptr<FederatedIdentities> federated_identities_ = make_federated_identities(database_);
  std::unique_ptr<SignInAttempts> sign_in_attempts_ = make_sign_in_attempts(database_);
  std::unique_ptr<Sessions> sessions_ = make_sessions(database_);
  std::unique_ptr<OneTimeLinks> one_time_links_ = make_one_time_links(database_);
  std::unique_ptr<Consents> consents_ = make_consents(database_);
  std::unique_ptr<PushedAuthorizationRequests> pushed_authorization_requests_ =
      make_pushed_authorization_requests(database_);
  std::unique_ptr<UsedClientAssertions> used_client_assertions_ = make_used_client_assertions(database_);
  std::unique_ptr<AuthorizationCodes> authorization_codes_ = make_authorization_codes(database_);
  std::unique_ptr<DeviceCodes> device_codes_ = make_device_codes(database_);
  std::unique_ptr<Grants> grants_ = make_grants(database_);
  std::unique_ptr<AccessTokens> access_tokens_ = make_access_tokens(database_);
  std::unique_ptr<Confirmations> confirmations_ = make_confirmations(database_);
  std::unique_ptr<Keys> keys_ = make_keys(database_);
  std::unique_ptr<Ledger> ledger_ = make_ledger(database_);
  std::unique_ptr<Flights> flights_ = make_flights(database_);
  std::unique_ptr<Openings> openings_ = make_openings(database_);
  std::unique_ptr<Plugins> plugins_ = make_plugins(database_);
  std::unique_ptr<Connections> connections_ = make_connections(database_);
};

}  // namespace
}  // namespace sqlite

std::unique_ptr<Storage> open_sqlite(const std::filesystem::path& file, const Clock& clock, Log& log) {
  sqlite::prepare_file(file, log);
  sqlite::Connection writing = sqlite::Connection::open_for_writing(file);
  sqlite::bring_up_to_date(writing, file, clock.now());
  return std::make_unique<sqlite::SqliteStorage>(file, std::move(writing), log);
}

}  // namespace chatelaine::storage
