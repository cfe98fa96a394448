#include "user_sources/account.hpp"

#include <utility>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "user_sources/decide_account.hpp"

namespace chatelaine::user_sources {
namespace {

using Found = std::expected<storage::User, Refusal>;
using Kind = Refusal::Kind;

std::unexpected<Refusal> refuse(Kind kind, std::string detail) {
  return std::unexpected(Refusal{kind, std::move(detail)});
}

Task<AccountFacts> gather_facts(const Context& context, const storage::FederatedSubject& who,
                                const TellingPerson& person) {
  AccountFacts facts;
  facts.linked = co_await context.storage.federated_identities().find_federated_user(who);
  if (!facts.linked && person.email) {
    facts.of_email = co_await context.storage.users().find_user_by_email(*person.email);
  }
  co_return facts;
}

/// Whoever signs in twice at once finds that the other one was first.
Task<Found> find_linked(const Context& context, const storage::FederatedSubject& who) {
  auto user = co_await context.storage.federated_identities().find_federated_user(who);
  if (!user || !user->enabled) co_return refuse(Kind::account_disabled, "the account is gone or disabled");
  co_return std::move(*user);
}

Task<Found> join(const Context& context, const storage::FederatedSubject& who, storage::User user) {
  const storage::FederatedIdentity identity{.who = who, .user_id = user.id, .linked_at = context.clock.now()};
  const auto outcome = co_await context.storage.federated_identities().link_federated_identity(identity);
  switch (outcome) {
    case storage::LinkOutcome::linked:
      context.log.info("An account was joined with a user source",
                       {{"user", format_id(user.id.value)}, {"source", who.source}});
      co_return std::move(user);
    case storage::LinkOutcome::identity_taken:
      co_return co_await find_linked(context, who);
    case storage::LinkOutcome::account_has_another:
      // The source has given the address to somebody else.
      co_return refuse(Kind::email_taken, "the account with the e-mail address is another subject's of this source");
    case storage::LinkOutcome::no_such_user:
      co_return refuse(Kind::account_disabled, "the account is gone or disabled");
  }
  std::unreachable();
}

Task<Found> make(const Context& context, const storage::FederatedSubject& who, MakeAccount wanted) {
  storage::User user;
  user.id = context.ids.next<oauth::UserTag>();
  user.email = std::move(wanted.email);
  user.name = std::move(wanted.name);
  user.subject = std::move(wanted.subject);
  user.created_at = context.clock.now();
  const auto outcome = co_await context.storage.federated_identities().add_federated_user(user, who);
  switch (outcome) {
    case storage::AddFederatedUserOutcome::added:
      context.log.info("An account was made at a first sign-in",
                       {{"user", format_id(user.id.value)}, {"source", who.source}});
      co_return std::move(user);
    case storage::AddFederatedUserOutcome::identity_taken:
      co_return co_await find_linked(context, who);
    case storage::AddFederatedUserOutcome::email_taken:
      co_return refuse(Kind::email_taken, "an account has got the e-mail address meanwhile");
    case storage::AddFederatedUserOutcome::subject_taken:
      co_return refuse(Kind::unusable_subject, "another account has the subject that the API would know them by");
  }
  std::unreachable();
}

}  // namespace

oauth::Subject make_subject(const storage::FederatedSubject& who) {
  // None of the parts holds a line's end.
  const std::string text = "subject\n" + who.source + "\n" + who.issuer.value() + "\n" + who.subject.value();
  return oauth::Subject(base64url_encode(crypto::sha256(text).view()));
}

Task<Found> find_account(const Context& context, const UserSource& source,
                         const relying_party::CheckedIdToken& id_token, TellingPerson person) {
  const storage::FederatedSubject who{source.name, id_token.issuer, id_token.subject};
  if (source.claims.subject.empty()) person.subject = make_subject(who);
  const AccountFacts facts = co_await gather_facts(context, who, person);
  auto decision = decide_account(source, person, facts);
  if (auto* use = std::get_if<UseAccount>(&decision)) co_return std::move(use->user);
  if (auto* joined = std::get_if<JoinAccount>(&decision))
    co_return co_await join(context, who, std::move(joined->user));
  if (auto* made = std::get_if<MakeAccount>(&decision)) co_return co_await make(context, who, std::move(*made));
  co_return std::unexpected(std::get<Refusal>(std::move(decision)));
}

}  // namespace chatelaine::user_sources
