#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/block_on.hpp"
#include "base/form.hpp"
#include "pages/request_for_test.hpp"
#include "storage/memory/memory_storage.hpp"

/// Accounts over memory, with a clock that the test moves, randomness that repeats, and browsers that keep cookies.
namespace chatelaine::accounts::test {

using pages::test::header_of;

class MovableClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  void advance(milliseconds duration) { now_ += duration; }

 private:
  Instant now_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12}};
};

/// Bytes that differ from call to call and are the same in every run.
class ScriptedRandomness final : public Randomness {
 public:
  void fill(std::span<std::byte> bytes) override {
    for (std::byte& byte : bytes)
      byte = static_cast<std::byte>(state_ = state_ * 1664525U + 1013904223U, state_ >> 24U);
  }

 private:
  std::uint32_t state_ = 7;
};

inline constexpr const char* kPassword = "correct horse";

/// How many threads check passwords, and how many checks may wait.
struct PoolSize {
  unsigned threads = 1;
  std::size_t queue = 8;
};

struct World {
  explicit World(AccountsSettings settings = make_settings(), PoolSize pool = {},
                 std::unique_ptr<storage::Storage> storage = storage::make_memory_storage());

  static AccountsSettings make_settings();
  /// A user with `kPassword`.
  storage::User add_user(const std::string& email, const std::string& name = "Ada Lovelace");
  /// A client that the user allowed something, and one grant of it.
  void allow(const storage::User& user, const std::string& client_id, const std::string& client_name,
             const std::string& scope);
  /// A grant of a client that was added.
  oauth::GrantId connect(const storage::User& user, const std::string& client_id);
  /// Begins a session without a password being checked: the value of its cookie.
  [[nodiscard]] std::string begin_session(const storage::User& user);
  [[nodiscard]] std::string make_link(const storage::User& user, milliseconds lifetime);

  MovableClock clock;
  ScriptedRandomness randomness;
  std::unique_ptr<storage::Storage> storage;
  PasswordPool passwords;
  pages::Renderer renderer{pages::Frame{"Todo", "/oauth/assets", ""}};
  pages::Csrf csrf{SecretBytes("thirty-two bytes of a test's key"), "https://todo.example"};
  IdSequence ids{clock, randomness};
  SilentLog log;
  Accounts accounts;
  net::Router router;
};

/// Keeps cookies as a browser does, and fills in forms.
class Visitor {
 public:
  explicit Visitor(World& world) : world_(world) {}

  net::Response get(const std::string& target);
  net::Response head(const std::string& target);
  /// Posts fields alone, whatever a page said.
  net::Response post(const std::string& target, const std::vector<Form::Field>& fields);
  /// Gets `page`, and posts its form to `action` with its token and `fields`.
  net::Response submit(const std::string& page, const std::string& action, std::vector<Form::Field> fields);
  net::Response sign_in(const std::string& email, const std::string& password, const std::string& query = "");
  [[nodiscard]] bool is_signed_in();

  std::map<std::string, std::string> cookies;

 private:
  net::Response send(pages::test::MadeRequest& request);

  World& world_;
};

/// A handle of the same id with another secret, well formed: what whoever knows the id alone could send.
[[nodiscard]] std::string with_other_secret(std::string_view prefix, const std::string& handle);
/// The hidden field `form_token` of the form with that action; empty where there is none.
[[nodiscard]] std::string token_of(const std::string& body, const std::string& action);
[[nodiscard]] inline bool contains(const net::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

}  // namespace chatelaine::accounts::test
