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

  /// What pages call the person.
  [[nodiscard]] const std::string& display_name() const { return name.empty() ? email : name; }
};

enum class AddUserOutcome { added, email_taken, subject_taken };

/// storage/sessions.hpp
struct Session;
using SessionId = Id<struct SessionTag>;

/// What a person's change of their own password rests on, and what comes of it.
struct PasswordChange {
  /// The session that asks; it ends.
  SessionId asking_session;
  /// The stored hash that the current password was checked against.
  crypto::PasswordHash proven_hash;
  crypto::PasswordHash new_hash;
};

class Users {
 public:
  virtual ~Users() = default;
  virtual Task<std::optional<User>> find_user(oauth::UserId id) = 0;
  virtual Task<std::optional<User>> find_user_by_email(std::string email) = 0;
  /// Oldest first.
  virtual Task<std::vector<User>> list_users() = 0;
  virtual Task<AddUserOutcome> add_user(const User& user) = 0;
  /// Sets the password and ends all sessions, one-time links, unused codes, allowed device codes and grants of the
  /// user, since whoever knew the old password may hold them. For the operator. False where there is no such user.
  virtual Task<bool> set_password(oauth::UserId id, crypto::PasswordHash hash, Instant now) = 0;
  /// The same for the person, who goes on in `next_session`, a new session of theirs. False, and nothing is changed,
  /// where the stored hash is no longer the proven one, the session that asks has ended, or the user is gone or
  /// disabled: a check of the old password that waited in a queue while somebody else changed it proves nothing.
  virtual Task<bool> change_password(const PasswordChange& change, const Session& next_session, Instant now) = 0;
  /// Replaces the hash by one of the same password; sessions stay. False where it is not `old_hash` any more.
  virtual Task<bool> rehash_password(oauth::UserId id, crypto::PasswordHash old_hash,
                                     crypto::PasswordHash new_hash) = 0;
  /// Disabling also ends the user's sessions, one-time links, unused codes, allowed device codes and grants. False
  /// where there is no such user.
  virtual Task<bool> set_enabled(oauth::UserId id, bool enabled, Instant now) = 0;
  /// Counts from the user's next request on; sessions and grants stay. False where there is no such user.
  virtual Task<bool> set_role(oauth::UserId id, Role role, Instant now) = 0;
  /// Removes the user with everything that is theirs. False where there is none.
  virtual Task<bool> remove_user(oauth::UserId id, Instant now) = 0;
};

}  // namespace chatelaine::storage
