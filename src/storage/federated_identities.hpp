#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "oauth/vocabulary.hpp"
#include "storage/users.hpp"

namespace chatelaine::storage {

/// Who somebody is at a user source: issuer and subject together name a person for good, and nothing else does.
struct FederatedSubject {
  /// The source's name in the configuration.
  std::string source;
  oauth::Issuer issuer;
  /// The issuer's `sub`; what the API knows the person by is User::subject.
  oauth::Subject subject;
  friend auto operator<=>(const FederatedSubject&, const FederatedSubject&) = default;
};

/// A person at a user source and their account here. An account has at most one of a source.
struct FederatedIdentity {
  FederatedSubject who;
  oauth::UserId user_id;
  Instant linked_at;
};

enum class AddFederatedUserOutcome : std::uint8_t { added, identity_taken, email_taken, subject_taken };
enum class LinkOutcome : std::uint8_t { linked, identity_taken, account_has_another, no_such_user };

class FederatedIdentities {
 public:
  virtual ~FederatedIdentities() = default;

  virtual Task<std::optional<User>> find_federated_user(FederatedSubject who) = 0;
  /// Of one user, or all; by user, oldest first.
  virtual Task<std::vector<FederatedIdentity>> list_federated_identities(std::optional<oauth::UserId> user_id) = 0;
  /// Makes the account, whose id is `user`'s, and links it: both or nothing.
  virtual Task<AddFederatedUserOutcome> add_federated_user(const User& user, FederatedSubject who) = 0;
  /// Links an account that is there, and enabled.
  virtual Task<LinkOutcome> link_federated_identity(const FederatedIdentity& identity) = 0;
  /// False where the user has none of that source.
  virtual Task<bool> unlink_federated_identity(oauth::UserId user_id, std::string source, Instant now) = 0;
};

}  // namespace chatelaine::storage
