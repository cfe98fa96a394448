#include "user_sources/decide_account.hpp"

namespace chatelaine::user_sources {
namespace {

using Kind = Refusal::Kind;

Refusal disabled() { return {Kind::account_disabled, "the account is disabled"}; }

AccountDecision decide_existing(const UserSource& source, const storage::User& user) {
  switch (source.existing_accounts) {
    case ExistingAccounts::kept_apart:
      return Refusal{Kind::email_taken, "an account has the e-mail address already, and join_by_email is off"};
    case ExistingAccounts::joined_by_email:
      break;
  }
  // Whoever gives addresses out at the source must not come by the keys of this house.
  if (user.role == storage::Role::administrator)
    return Refusal{Kind::email_taken, "the e-mail address is an administrator's, whom an address does not join"};
  if (!user.enabled) return disabled();
  return JoinAccount{user};
}

}  // namespace

AccountDecision decide_account(const UserSource& source, const TellingPerson& person, const AccountFacts& facts) {
  if (facts.linked) {
    if (!facts.linked->enabled) return disabled();
    return UseAccount{*facts.linked};
  }
  if (!person.email) return Refusal{Kind::no_email, "no e-mail address was told that is verified"};
  if (facts.of_email) return decide_existing(source, *facts.of_email);
  switch (source.new_accounts) {
    case NewAccounts::refused:
      return Refusal{Kind::no_account, "there is no account, and create_accounts is off"};
    case NewAccounts::made:
      break;
  }
  if (!person.subject) {
    return Refusal{Kind::unusable_subject,
                   "the claim " + source.claims.subject + " is missing, or no subject that an API can be told"};
  }
  return MakeAccount{*person.email, person.name, *person.subject};
}

}  // namespace chatelaine::user_sources
