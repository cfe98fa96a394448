#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/block_on.hpp"
#include "storage/storage.hpp"

/// Things to store, complete and unlike each other, for the cases to change a member of.
namespace chatelaine::storage::conformance {

inline constexpr Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

[[nodiscard]] crypto::Sha256 some_hash(char filler);
[[nodiscard]] oauth::Client some_client(const std::string& id);
/// One that came of its own document.
[[nodiscard]] oauth::Client some_document_client(const std::string& id);
[[nodiscard]] oauth::InitialAccessToken some_initial_token(std::int64_t id);
[[nodiscard]] User some_user(std::int64_t id);
[[nodiscard]] Session some_session(std::int64_t id, std::int64_t user_id);
[[nodiscard]] SignInAttempt some_sign_in_attempt(std::int64_t id);
[[nodiscard]] OneTimeLink some_link(std::int64_t id, std::int64_t user_id);
[[nodiscard]] oauth::Consent some_consent(std::int64_t user_id, const std::string& client_id);
[[nodiscard]] oauth::PushedAuthorizationRequest some_pushed_request(std::int64_t id, const std::string& client_id);
[[nodiscard]] oauth::UsedClientAssertion some_assertion(char filler, const std::string& client_id);
[[nodiscard]] oauth::AuthorizationCode some_code(std::int64_t id, std::int64_t user_id, const std::string& client_id);
[[nodiscard]] oauth::DeviceCode some_device_code(std::int64_t id, const std::string& client_id);
[[nodiscard]] oauth::Grant some_grant(std::int64_t id, std::int64_t user_id, const std::string& client_id);
[[nodiscard]] oauth::OpaqueAccessToken some_token(std::int64_t id, const std::string& client_id);
[[nodiscard]] oauth::OpaqueAccessToken some_token_of_grant(std::int64_t id, const oauth::Grant& grant);
[[nodiscard]] StoredKey some_key(std::int64_t id, KeyPurpose purpose, const std::string& name);
[[nodiscard]] Plugin some_plugin(const std::string& id, const std::string& domain);
[[nodiscard]] Connection some_connection(std::int64_t id, const std::string& plugin_id, std::int64_t user_id);
[[nodiscard]] ConnectionAttempt some_attempt(std::int64_t id, const std::string& plugin_id, std::int64_t user_id);

/// The hash of every sample user's password.
[[nodiscard]] crypto::PasswordHash some_password_hash();

/// Users 1 (ada@example.com) and 2, clients "todo-helper" and "notes", plugin "plugin-1" of todo.example.
void furnish(Storage& storage);
/// Begins the session with the sample users' password.
bool sign_in(Storage& storage, const Session& session);
/// Signs the user in anew and keeps what they allow there.
void allow(Storage& storage, const oauth::AuthorizationCode& code);
void allow(Storage& storage, const oauth::Consent& consent);
/// Adds the code and lets the user allow it; true where it was kept and allowed.
bool allow(Storage& storage, const oauth::DeviceCode& code, std::int64_t user_id);
/// Adds the code `id` of the user and client, and redeems it for the grant of the same id.
oauth::Grant give_grant(Storage& storage, std::int64_t id, std::int64_t user_id = 1,
                        const std::string& client_id = "todo-helper");

inline const std::optional<oauth::OpaqueAccessToken> kNoToken;

/// Runs `attempt(i)` for i in 0…31 on eight threads that start together, and gives what each gave.
template <class Attempt>
auto race(const Attempt& attempt) {
  constexpr int kThreads = 8;
  constexpr int kAttempts = 32;
  std::vector<decltype(attempt(0))> outcomes(kAttempts);
  std::atomic<int> waiting{kThreads};
  std::vector<std::jthread> threads;
  threads.reserve(kThreads);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      --waiting;
      while (waiting.load() > 0) std::this_thread::yield();
      for (int i = thread; i < kAttempts; i += kThreads) outcomes[static_cast<std::size_t>(i)] = attempt(i);
    });
  }
  threads.clear();
  return outcomes;
}

}  // namespace chatelaine::storage::conformance
