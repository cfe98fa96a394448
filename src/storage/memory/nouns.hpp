#pragma once

#include <memory>

#include "storage/memory/tables.hpp"

/// Each noun of the interface over the tables, in the file of its name.
namespace chatelaine::storage::memory {

[[nodiscard]] std::unique_ptr<Clients> make_clients(Tables& tables);
[[nodiscard]] std::unique_ptr<InitialAccessTokens> make_initial_access_tokens(Tables& tables);
[[nodiscard]] std::unique_ptr<Users> make_users(Tables& tables);
[[nodiscard]] std::unique_ptr<FederatedIdentities> make_federated_identities(Tables& tables);
[[nodiscard]] std::unique_ptr<SignInAttempts> make_sign_in_attempts(Tables& tables);
[[nodiscard]] std::unique_ptr<Sessions> make_sessions(Tables& tables);
[[nodiscard]] std::unique_ptr<OneTimeLinks> make_one_time_links(Tables& tables);
[[nodiscard]] std::unique_ptr<Consents> make_consents(Tables& tables);
[[nodiscard]] std::unique_ptr<PushedAuthorizationRequests> make_pushed_authorization_requests(Tables& tables);
[[nodiscard]] std::unique_ptr<UsedClientAssertions> make_used_client_assertions(Tables& tables);
[[nodiscard]] std::unique_ptr<AuthorizationCodes> make_authorization_codes(Tables& tables);
[[nodiscard]] std::unique_ptr<DeviceCodes> make_device_codes(Tables& tables);
[[nodiscard]] std::unique_ptr<Grants> make_grants(Tables& tables);
[[nodiscard]] std::unique_ptr<AccessTokens> make_access_tokens(Tables& tables);
[[nodiscard]] std::unique_ptr<Confirmations> make_confirmations(Tables& tables);
[[nodiscard]] std::unique_ptr<Keys> make_keys(Tables& tables);
[[nodiscard]] std::unique_ptr<Ledger> make_ledger(Tables& tables);
[[nodiscard]] std::unique_ptr<Flights> make_flights(Tables& tables);
[[nodiscard]] std::unique_ptr<Openings> make_openings(Tables& tables);
[[nodiscard]] std::unique_ptr<Plugins> make_plugins(Tables& tables);
[[nodiscard]] std::unique_ptr<Connections> make_connections(Tables& tables);

}  // namespace chatelaine::storage::memory
