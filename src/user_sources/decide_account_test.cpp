#include "user_sources/decide_account.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "user_sources/world_for_test.hpp"

namespace chatelaine::user_sources {
namespace {

storage::User some_user(std::int64_t id, storage::Role role = storage::Role::user, bool enabled = true) {
  storage::User user;
  user.id = {id};
  user.email = "ada@contoso.example";
  user.role = role;
  user.enabled = enabled;
  return user;
}

TellingPerson some_person() { return {.email = "ada@contoso.example", .name = "Ada", .subject = oauth::Subject("s1")}; }

/// As text, so that a table can hold what is expected.
std::string describe(const AccountDecision& decision) {
  if (const auto* use = std::get_if<UseAccount>(&decision)) return "use " + std::to_string(use->user.id.value);
  if (const auto* join = std::get_if<JoinAccount>(&decision)) return "join " + std::to_string(join->user.id.value);
  if (const auto* made = std::get_if<MakeAccount>(&decision))
    return "make " + made->email + " " + made->subject.value();
  switch (std::get<Refusal>(decision).kind) {
    case Refusal::Kind::not_admitted:
      return "not admitted";
    case Refusal::Kind::no_email:
      return "no email";
    case Refusal::Kind::email_taken:
      return "email taken";
    case Refusal::Kind::no_account:
      return "no account";
    case Refusal::Kind::account_disabled:
      return "disabled";
    case Refusal::Kind::unusable_subject:
      return "unusable subject";
  }
  return "?";
}

struct Row {
  const char* sentence;
  std::function<void(UserSource&, TellingPerson&, AccountFacts&)> change;
  const char* decision;
};

constexpr auto kJoin = ExistingAccounts::joined_by_email;

TEST(Account, IsFoundJoinedOrMade) {
  const Row rows[] = {
      {"somebody new gets an account", [](auto&, auto&, auto&) {}, "make ada@contoso.example s1"},
      {"OpenID Connect Core §5.7: whoever is linked has that account, whatever their address is now",
       [](auto&, auto& person, auto& facts) {
         facts.linked = some_user(1);
         person.email = "somebody.else@contoso.example";
       },
       "use 1"},
      {"whoever is linked needs no address",
       [](auto&, auto& person, auto& facts) {
         facts.linked = some_user(1);
         person.email = std::nullopt;
       },
       "use 1"},
      {"THREATS N53: whoever is disabled here stays out",
       [](auto&, auto&, auto& facts) { facts.linked = some_user(1, storage::Role::user, false); }, "disabled"},
      {"an address is no proof of whose account it is",
       [](auto&, auto&, auto& facts) { facts.of_email = some_user(2); }, "email taken"},
      {"the operator lets addresses join",
       [](auto& source, auto&, auto& facts) {
         source.existing_accounts = kJoin;
         facts.of_email = some_user(2);
       },
       "join 2"},
      {"an address that is not verified joins nothing, and makes nothing",
       [](auto& source, auto& person, auto&) {
         source.existing_accounts = kJoin;
         person.email = std::nullopt;
       },
       "no email"},
      {"an administrator's account is never joined by an address",
       [](auto& source, auto&, auto& facts) {
         source.existing_accounts = kJoin;
         facts.of_email = some_user(2, storage::Role::administrator);
       },
       "email taken"},
      {"a disabled account is not joined",
       [](auto& source, auto&, auto& facts) {
         source.existing_accounts = kJoin;
         facts.of_email = some_user(2, storage::Role::user, false);
       },
       "disabled"},
      {"no account is made where the operator does not want that",
       [](auto& source, auto&, auto&) { source.new_accounts = NewAccounts::refused; }, "no account"},
      {"an account that is there is joined all the same",
       [](auto& source, auto&, auto& facts) {
         source.new_accounts = NewAccounts::refused;
         source.existing_accounts = kJoin;
         facts.of_email = some_user(2);
       },
       "join 2"},
      {"no account is made that the API could not be told of",
       [](auto&, auto& person, auto&) { person.subject = std::nullopt; }, "unusable subject"},
  };
  for (const Row& row : rows) {
    UserSource source = test::some_source();
    TellingPerson person = some_person();
    AccountFacts facts;
    row.change(source, person, facts);
    EXPECT_EQ(describe(decide_account(source, person, facts)), row.decision) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::user_sources
