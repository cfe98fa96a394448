#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

FederatedSubject someone(const std::string& subject, const std::string& source = "contoso",
                         const std::string& issuer = "https://id.contoso.example") {
  return {.source = source, .issuer = oauth::Issuer(issuer), .subject = oauth::Subject(subject)};
}

/// The id of the account; 0 where there is none.
std::int64_t find(Storage& storage, const FederatedSubject& who) {
  const auto user = block_on(storage.federated_identities().find_federated_user(who));
  return user ? user->id.value : 0;
}

LinkOutcome link(Storage& storage, const FederatedSubject& who, std::int64_t user_id, Instant when = kNow) {
  const FederatedIdentity identity{.who = who, .user_id = {user_id}, .linked_at = when};
  return block_on(storage.federated_identities().link_federated_identity(identity));
}

AddFederatedUserOutcome add(Storage& storage, const User& user, const FederatedSubject& who) {
  return block_on(storage.federated_identities().add_federated_user(user, who));
}

std::size_t count(Storage& storage, std::optional<oauth::UserId> user_id) {
  return block_on(storage.federated_identities().list_federated_identities(user_id)).size();
}

void check_added_together(Storage& storage) {
  User user = some_user(9);
  user.password_hash = std::nullopt;
  ASSERT_EQ(add(storage, user, someone("s1")), AddFederatedUserOutcome::added);
  const auto found = block_on(storage.federated_identities().find_federated_user(someone("s1")));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id.value, 9);
  EXPECT_EQ(found->email, user.email);
  EXPECT_EQ(found->subject, user.subject);
  EXPECT_FALSE(found->password_hash);
  const auto listed = block_on(storage.federated_identities().list_federated_identities(user.id));
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].who, someone("s1"));
  EXPECT_EQ(listed[0].user_id, user.id);
  EXPECT_EQ(listed[0].linked_at, user.created_at);
}

void check_nothing_is_added(Storage& storage) {
  furnish(storage);
  ASSERT_EQ(link(storage, someone("s1"), 1), LinkOutcome::linked);
  User same_email = some_user(9);
  same_email.email = "ADA@example.com";
  User same_subject = some_user(9);
  same_subject.subject = some_user(1).subject;
  EXPECT_EQ(add(storage, some_user(9), someone("s1")), AddFederatedUserOutcome::identity_taken);
  EXPECT_EQ(add(storage, same_email, someone("s2")), AddFederatedUserOutcome::email_taken);
  EXPECT_EQ(add(storage, same_subject, someone("s2")), AddFederatedUserOutcome::subject_taken);
  EXPECT_FALSE(block_on(storage.users().find_user({9})));
  EXPECT_EQ(find(storage, someone("s2")), 0);
}

LedgerEntry last_entry(Storage& storage) {
  const LedgerFilter last{.order = LedgerFilter::Order::newest_first, .most = 1};
  return block_on(storage.ledger().list_entries(last)).at(0);
}

void check_ledger(Storage& storage) {
  const User user = some_user(1);
  ASSERT_EQ(add(storage, user, someone("s1")), AddFederatedUserOutcome::added);
  const auto entries = block_on(storage.ledger().list_entries({}));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].kind, LedgerKind::user_added);
  EXPECT_EQ(entries[1].kind, LedgerKind::identity_linked);
  for (const LedgerEntry& entry : entries) {
    EXPECT_EQ(entry.user_id, user.id);
    EXPECT_EQ(entry.at, user.created_at);
  }
  Session session = some_session(5, 1);
  session.authenticated_at = kNow - std::chrono::hours(2);
  ASSERT_TRUE(sign_in(storage, session));
  EXPECT_EQ(last_entry(storage).kind, LedgerKind::signed_in);
  EXPECT_EQ(last_entry(storage).at, session.last_seen_at);
}

/// Who may enter an account is nothing that changes unseen.
void check_ledger_of_links(Storage& storage) {
  furnish(storage);
  ASSERT_EQ(link(storage, someone("s1"), 1), LinkOutcome::linked);
  const LedgerEntry linked = last_entry(storage);
  EXPECT_EQ(linked.kind, LedgerKind::identity_linked);
  EXPECT_EQ(linked.user_id, oauth::UserId{1});
  EXPECT_EQ(linked.detail, "contoso https://id.contoso.example s1");
  ASSERT_EQ(link(storage, someone("s1"), 2), LinkOutcome::identity_taken);
  EXPECT_EQ(last_entry(storage).id, linked.id) << "nothing was done";
  const Instant later = kNow + std::chrono::hours(1);
  EXPECT_FALSE(block_on(storage.federated_identities().unlink_federated_identity({1}, "other", later)));
  EXPECT_EQ(last_entry(storage).id, linked.id) << "nothing was done";
  ASSERT_TRUE(block_on(storage.federated_identities().unlink_federated_identity({1}, "contoso", later)));
  const LedgerEntry unlinked = last_entry(storage);
  EXPECT_EQ(unlinked.kind, LedgerKind::identity_unlinked);
  EXPECT_EQ(unlinked.user_id, oauth::UserId{1});
  EXPECT_EQ(unlinked.at, later);
  EXPECT_EQ(unlinked.detail, linked.detail);
}

const Case kCases[] = {
    {"the ledger tells who was linked to an account and unlinked", check_ledger_of_links},
    {"the ledger tells of a new account, and when somebody came in, whenever they had signed in elsewhere",
     check_ledger},
    {"an account and who it is at the source are added together", check_added_together},
    {"where the identity, the e-mail or the subject is taken nothing is added", check_nothing_is_added},
    {"OpenID Connect Core §5.7: source, issuer and subject together say who it is",
     [](Storage& storage) {
       furnish(storage);
       ASSERT_EQ(link(storage, someone("s1"), 1), LinkOutcome::linked);
       EXPECT_EQ(find(storage, someone("s1")), 1);
       EXPECT_EQ(find(storage, someone("S1")), 0);
       EXPECT_EQ(find(storage, someone("s1", "other")), 0);
       EXPECT_EQ(find(storage, someone("s1", "contoso", "https://id.contoso.example/")), 0);
     }},
    {"an account has one person of a source, and of each source one",
     [](Storage& storage) {
       furnish(storage);
       ASSERT_EQ(link(storage, someone("s1"), 1), LinkOutcome::linked);
       EXPECT_EQ(link(storage, someone("s2"), 1), LinkOutcome::account_has_another);
       EXPECT_EQ(link(storage, someone("s1", "contoso", "https://new.example"), 1), LinkOutcome::account_has_another);
       EXPECT_EQ(link(storage, someone("s2", "other"), 1), LinkOutcome::linked);
       EXPECT_EQ(count(storage, oauth::UserId{1}), 2U);
       EXPECT_EQ(find(storage, someone("s2")), 0);
     }},
    {"an identity has one account",
     [](Storage& storage) {
       furnish(storage);
       ASSERT_EQ(link(storage, someone("s1"), 1), LinkOutcome::linked);
       EXPECT_EQ(link(storage, someone("s1"), 2), LinkOutcome::identity_taken);
       EXPECT_EQ(find(storage, someone("s1")), 1);
     }},
    {"nobody is linked to an account that is gone or disabled",
     [](Storage& storage) {
       furnish(storage);
       block_on(storage.users().set_enabled({1}, false, kNow));
       EXPECT_EQ(link(storage, someone("s1"), 1), LinkOutcome::no_such_user);
       EXPECT_EQ(link(storage, someone("s1"), 99), LinkOutcome::no_such_user);
       EXPECT_EQ(count(storage, std::nullopt), 0U);
     }},
    {"the identity of a disabled account still names it",
     [](Storage& storage) {
       furnish(storage);
       ASSERT_EQ(link(storage, someone("s1"), 1), LinkOutcome::linked);
       block_on(storage.users().set_enabled({1}, false, kNow));
       const auto found = block_on(storage.federated_identities().find_federated_user(someone("s1")));
       ASSERT_TRUE(found);
       EXPECT_FALSE(found->enabled);
     }},
    {"an identity goes with its account, and with unlinking",
     [](Storage& storage) {
       furnish(storage);
       ASSERT_EQ(link(storage, someone("s1"), 1), LinkOutcome::linked);
       ASSERT_EQ(link(storage, someone("s2"), 2), LinkOutcome::linked);
       block_on(storage.users().remove_user({1}, kNow));
       EXPECT_EQ(find(storage, someone("s1")), 0);
       EXPECT_FALSE(block_on(storage.federated_identities().unlink_federated_identity({2}, "other", kNow)));
       EXPECT_TRUE(block_on(storage.federated_identities().unlink_federated_identity({2}, "contoso", kNow)));
       EXPECT_FALSE(block_on(storage.federated_identities().unlink_federated_identity({2}, "contoso", kNow)));
       EXPECT_EQ(count(storage, std::nullopt), 0U);
     }},
    {"identities are listed by user, oldest first",
     [](Storage& storage) {
       furnish(storage);
       ASSERT_EQ(link(storage, someone("s3"), 2, kNow), LinkOutcome::linked);
       ASSERT_EQ(link(storage, someone("s1"), 1, kNow + seconds(2)), LinkOutcome::linked);
       ASSERT_EQ(link(storage, someone("s2", "other"), 1, kNow + seconds(1)), LinkOutcome::linked);
       const auto all = block_on(storage.federated_identities().list_federated_identities(std::nullopt));
       ASSERT_EQ(all.size(), 3U);
       EXPECT_EQ(all[0].who.subject.value(), "s2");
       EXPECT_EQ(all[1].who.subject.value(), "s1");
       EXPECT_EQ(all[2].who.subject.value(), "s3");
       EXPECT_EQ(count(storage, oauth::UserId{1}), 2U);
       EXPECT_EQ(count(storage, oauth::UserId{99}), 0U);
     }},
    {"of 32 first sign-ins of one person at once one makes the account",
     [](Storage& storage) {
       const auto outcomes = race([&](int i) { return add(storage, some_user(100 + i), someone("s1")); });
       EXPECT_EQ(std::ranges::count(outcomes, AddFederatedUserOutcome::added), 1);
       EXPECT_EQ(std::ranges::count(outcomes, AddFederatedUserOutcome::identity_taken), 31);
       EXPECT_EQ(block_on(storage.users().list_users()).size(), 1U);
     }},
};

}  // namespace

std::span<const Case> federated_identity_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
