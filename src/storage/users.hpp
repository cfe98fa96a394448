#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/password_hash.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::storage {

/// What an account may do: a user uses; a developer also installs and verifies plugins on a host; an administrator does
/// everything.
enum class Role : std::uint8_t { user, developer, administrator };
[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

/// An account.
struct User {
  oauth::UserId id;
  /// Unique without regard to ASCII case; kept as it was written.
  std::string email;
  std::string name;
  /// What the API knows the user by; unique.
  oauth::Subject subject;
  /// Nothing for an invited user who has not chosen a password yet.
  std::optional<crypto::PasswordHash> password_hash;
  Role role = Role::user;
  bool enabled = true;
  Instant created_at;
};

enum class AddUserOutcome { added, email_taken, subject_taken };

class Users {
 public:
  virtual ~Users() = default;
  virtual Task<std::optional<User>> find_user(oauth::UserId id) = 0;
  virtual Task<std::optional<User>> find_user_by_email(std::string email) = 0;
  /// Oldest first.
  virtual Task<std::vector<User>> list_users() = 0;
  virtual Task<AddUserOutcome> add_user(const User& user) = 0;
  /// Sets the password and ends all sessions, unused codes and grants of the user but `kept_session` (0: none), since
  /// whoever knew the old password may hold them. False where there is no such user.
  virtual Task<bool> set_password(oauth::UserId id, crypto::PasswordHash hash, std::int64_t kept_session,
                                  Instant now) = 0;
  /// Replaces the hash by one of the same password, if it still is `old_hash`; sessions stay.
  virtual Task<void> rehash_password(oauth::UserId id, crypto::PasswordHash old_hash,
                                     crypto::PasswordHash new_hash) = 0;
  /// Disabling also ends the user's sessions, unused codes and grants. False where there is no such user.
  virtual Task<bool> set_enabled(oauth::UserId id, bool enabled, Instant now) = 0;
  /// Removes the user with everything that is theirs. False where there is none.
  virtual Task<bool> remove_user(oauth::UserId id) = 0;
};

}  // namespace chatelaine::storage
