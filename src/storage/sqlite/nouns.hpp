#pragma once

#include <memory>

#include "storage/sqlite/database.hpp"
#include "storage/storage.hpp"

/// Each noun of the interface over one database, in the file of its name.
namespace chatelaine::storage::sqlite {

[[nodiscard]] std::unique_ptr<Clients> make_clients(Database& database);
[[nodiscard]] std::unique_ptr<InitialAccessTokens> make_initial_access_tokens(Database& database);
[[nodiscard]] std::unique_ptr<Users> make_users(Database& database);
[[nodiscard]] std::unique_ptr<FederatedIdentities> make_federated_identities(Database& database);
[[nodiscard]] std::unique_ptr<SignInAttempts> make_sign_in_attempts(Database& database);
[[nodiscard]] std::unique_ptr<Sessions> make_sessions(Database& database);
[[nodiscard]] std::unique_ptr<OneTimeLinks> make_one_time_links(Database& database);
[[nodiscard]] std::unique_ptr<Consents> make_consents(Database& database);
[[nodiscard]] std::unique_ptr<PushedAuthorizationRequests> make_pushed_authorization_requests(Database& database);
[[nodiscard]] std::unique_ptr<UsedClientAssertions> make_used_client_assertions(Database& database);
[[nodiscard]] std::unique_ptr<AuthorizationCodes> make_authorization_codes(Database& database);
[[nodiscard]] std::unique_ptr<DeviceCodes> make_device_codes(Database& database);
[[nodiscard]] std::unique_ptr<Grants> make_grants(Database& database);
[[nodiscard]] std::unique_ptr<AccessTokens> make_access_tokens(Database& database);
[[nodiscard]] std::unique_ptr<Confirmations> make_confirmations(Database& database);
[[nodiscard]] std::unique_ptr<Keys> make_keys(Database& database);
[[nodiscard]] std::unique_ptr<Ledger> make_ledger(Database& database);
[[nodiscard]] std::unique_ptr<Flights> make_flights(Database& database);
[[nodiscard]] std::unique_ptr<Openings> make_openings(Database& database);
[[nodiscard]] std::unique_ptr<Plugins> make_plugins(Database& database);
[[nodiscard]] std::unique_ptr<Connections> make_connections(Database& database);

}  // namespace chatelaine::storage::sqlite
