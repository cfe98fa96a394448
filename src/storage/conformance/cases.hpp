#pragma once

#include <span>
#include <string_view>

#include "storage/storage.hpp"

/// What every backend must do, one case a sentence of the contracts in storage/*.hpp. A case gets an empty storage of
/// its own and speaks through GoogleTest's EXPECT_ macros.
namespace chatelaine::storage::conformance {

struct Case {
  std::string_view sentence;
  void (*check)(Storage& storage);
};

[[nodiscard]] std::span<const Case> client_cases();
[[nodiscard]] std::span<const Case> document_client_cases();
[[nodiscard]] std::span<const Case> registration_cases();
[[nodiscard]] std::span<const Case> initial_access_token_cases();
[[nodiscard]] std::span<const Case> user_cases();
[[nodiscard]] std::span<const Case> federated_identity_cases();
[[nodiscard]] std::span<const Case> sign_in_attempt_cases();
[[nodiscard]] std::span<const Case> session_cases();
[[nodiscard]] std::span<const Case> one_time_link_cases();
[[nodiscard]] std::span<const Case> consent_cases();
[[nodiscard]] std::span<const Case> pushed_authorization_request_cases();
[[nodiscard]] std::span<const Case> used_client_assertion_cases();
[[nodiscard]] std::span<const Case> authorization_code_cases();
[[nodiscard]] std::span<const Case> device_code_cases();
[[nodiscard]] std::span<const Case> device_code_answer_cases();
[[nodiscard]] std::span<const Case> grant_cases();
[[nodiscard]] std::span<const Case> rotation_cases();
[[nodiscard]] std::span<const Case> replay_cases();
[[nodiscard]] std::span<const Case> access_token_cases();
[[nodiscard]] std::span<const Case> confirmation_cases();
[[nodiscard]] std::span<const Case> key_cases();
[[nodiscard]] std::span<const Case> ledger_cases();
[[nodiscard]] std::span<const Case> flight_cases();
[[nodiscard]] std::span<const Case> opening_cases();
[[nodiscard]] std::span<const Case> plugin_cases();
[[nodiscard]] std::span<const Case> connection_cases();
[[nodiscard]] std::span<const Case> connection_refresh_cases();
[[nodiscard]] std::span<const Case> upkeep_cases();

}  // namespace chatelaine::storage::conformance
