#pragma once

#include <optional>
#include <variant>

#include "storage/users.hpp"
#include "user_sources/claims.hpp"

namespace chatelaine::user_sources {

/// What there is here of a person who has signed in at a source.
struct AccountFacts {
  /// The account that they are linked to.
  std::optional<storage::User> linked;
  /// The account with their e-mail address.
  std::optional<storage::User> of_email;
};

/// The account is theirs.
struct UseAccount {
  storage::User user;
};
/// It becomes theirs too.
struct JoinAccount {
  storage::User user;
};
/// They get one.
struct MakeAccount {
  std::string email;
  std::string name;
  oauth::Subject subject;
};
using AccountDecision = std::variant<UseAccount, JoinAccount, MakeAccount, Refusal>;

/// Which account a person signs in to. An e-mail address never names who somebody is; it joins only where the operator
/// says so, and never to an administrator's account (ADR 18).
[[nodiscard]] AccountDecision decide_account(const UserSource& source, const TellingPerson& person,
                                             const AccountFacts& facts);

}  // namespace chatelaine::user_sources
