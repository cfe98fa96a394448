#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

using enum ConfirmationState;

constexpr Instant kEnd = kNow + std::chrono::minutes(10);
constexpr Instant kLater = kNow + std::chrono::minutes(12);

Confirmation some_question(std::int64_t id, char call, std::int64_t grant_id = 10) {
  return {.id = {id},
          .grant_id = {grant_id},
          .call_hash = some_hash(call),
          .operation = "deleteTodo",
          .call = "DELETE /todos/7?why=\"done\"",
          .body = "{\"reason\": \"“done”\"}",
          .asked_at = kNow,
          .expires_at = kEnd,
          .state = asked,
          .client_id = oauth::ClientId("todo-helper")};
}

/// Grant 10 of user 1, grant 11 of user 2.
void give_grants(Storage& storage) {
  furnish(storage);
  give_grant(storage, 10, 1);
  give_grant(storage, 11, 2);
}

std::optional<ConfirmationId> ask(Storage& storage, const Confirmation& question, Instant now = kNow) {
  return block_on(storage.confirmations().ask_confirmation(question, now));
}
bool decide(Storage& storage, std::int64_t id, ConfirmationState decision, std::int64_t user_id = 1,
            Instant now = kNow) {
  return block_on(storage.confirmations().decide_confirmation({id}, {user_id}, decision, now, kLater));
}
bool spend(Storage& storage, std::int64_t id, Instant now = kNow) {
  return block_on(storage.confirmations().spend_confirmation({id}, now));
}
std::optional<Confirmation> find_of_call(Storage& storage, char call, Instant now = kNow) {
  return block_on(storage.confirmations().find_confirmation_of_call({10}, some_hash(call), now));
}
std::optional<Confirmation> find_own(Storage& storage, std::int64_t id, std::int64_t user_id = 1, Instant now = kNow) {
  return block_on(storage.confirmations().find_confirmation({id}, {user_id}, now));
}
std::size_t count_waiting(Storage& storage, std::int64_t user_id = 1, Instant now = kNow) {
  return block_on(storage.confirmations().list_waiting_confirmations({user_id}, now)).size();
}

void expect_same(const std::optional<Confirmation>& found, const Confirmation& expected) {
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, expected.id);
  EXPECT_EQ(found->grant_id, expected.grant_id);
  EXPECT_EQ(found->call_hash, expected.call_hash);
  EXPECT_EQ(found->operation, expected.operation);
  EXPECT_EQ(found->call, expected.call);
  EXPECT_EQ(found->body, expected.body);
  EXPECT_EQ(found->asked_at, expected.asked_at);
  EXPECT_EQ(found->expires_at, expected.expires_at);
  EXPECT_EQ(found->state, expected.state);
  EXPECT_EQ(found->client_id, expected.client_id);
}

const Case kCases[] = {
    {"a question is found as it was asked, by its call and by its user",
     [](Storage& storage) {
       give_grants(storage);
       const Confirmation question = some_question(5, 'a');
       EXPECT_EQ(ask(storage, question), question.id);
       expect_same(find_of_call(storage, 'a'), question);
       expect_same(find_own(storage, 5), question);
       const auto waiting = block_on(storage.confirmations().list_waiting_confirmations({1}, kNow));
       ASSERT_EQ(waiting.size(), 1U);
       expect_same(waiting.front(), question);
       EXPECT_FALSE(find_of_call(storage, 'b'));
       EXPECT_FALSE(find_own(storage, 6));
     }},
    {"the same call asks once, and again when the question has expired",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       EXPECT_EQ(ask(storage, some_question(6, 'a')), ConfirmationId{5});
       EXPECT_EQ(count_waiting(storage), 1U);
       EXPECT_FALSE(find_of_call(storage, 'a', kEnd));
       EXPECT_FALSE(find_own(storage, 5, 1, kEnd));
       EXPECT_EQ(count_waiting(storage, 1, kEnd), 0U);
       Confirmation later = some_question(7, 'a');
       later.expires_at = kLater;
       EXPECT_EQ(ask(storage, later, kEnd), ConfirmationId{7});
       EXPECT_FALSE(find_own(storage, 5));
     }},
    {"an approval serves once, for its own call",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       EXPECT_FALSE(spend(storage, 5));
       EXPECT_TRUE(decide(storage, 5, approved));
       EXPECT_EQ(count_waiting(storage), 0U);
       const auto found = find_of_call(storage, 'a', kEnd);
       ASSERT_TRUE(found);
       EXPECT_EQ(found->state, approved);
       EXPECT_EQ(found->expires_at, kLater);
       EXPECT_TRUE(spend(storage, 5, kEnd));
       EXPECT_FALSE(spend(storage, 5, kEnd));
       EXPECT_FALSE(find_of_call(storage, 'a'));
     }},
    {"of 32 at once one spends an approval",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       decide(storage, 5, approved);
       const auto won = race([&](int) { return spend(storage, 5) ? 1 : 0; });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
     }},
    {"an approval that has expired does not serve",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       decide(storage, 5, approved);
       EXPECT_FALSE(spend(storage, 5, kLater));
     }},
    {"what was denied stays denied for as long as it was said",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       EXPECT_TRUE(decide(storage, 5, denied));
       EXPECT_FALSE(decide(storage, 5, approved));
       EXPECT_FALSE(spend(storage, 5));
       EXPECT_EQ(ask(storage, some_question(6, 'a')), ConfirmationId{5});
       EXPECT_EQ(find_of_call(storage, 'a')->state, denied);
       EXPECT_FALSE(find_of_call(storage, 'a', kLater));
     }},
    {"a question is its own user's alone to see and decide, while it waits",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       EXPECT_FALSE(find_own(storage, 5, 2));
       EXPECT_EQ(count_waiting(storage, 2), 0U);
       EXPECT_FALSE(decide(storage, 5, approved, 2));
       EXPECT_FALSE(decide(storage, 5, approved, 1, kEnd));
       EXPECT_EQ(find_of_call(storage, 'a')->state, asked);
     }},
    {"so many of a grant wait at a time; what is decided makes room",
     [](Storage& storage) {
       give_grants(storage);
       for (std::uint32_t i = 0; i < Confirmations::kMostWaiting; ++i)
         EXPECT_TRUE(ask(storage, some_question(100 + i, static_cast<char>('A' + i))));
       EXPECT_FALSE(ask(storage, some_question(5, 'z')));
       EXPECT_EQ(ask(storage, some_question(6, 'A')), ConfirmationId{100});
       EXPECT_TRUE(ask(storage, some_question(7, 'z', 11)));
       EXPECT_TRUE(decide(storage, 100, denied));
       EXPECT_TRUE(ask(storage, some_question(5, 'z')));
     }},
    {"a grant that has ended has no questions, and none are asked of it",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       ask(storage, some_question(6, 'b'));
       decide(storage, 6, approved);
       block_on(storage.grants().revoke_grant({10}, oauth::RevocationReason::by_user, kNow));
       EXPECT_FALSE(find_own(storage, 5));
       EXPECT_FALSE(find_of_call(storage, 'a'));
       EXPECT_EQ(count_waiting(storage), 0U);
       EXPECT_FALSE(decide(storage, 5, approved));
       EXPECT_FALSE(spend(storage, 6));
       EXPECT_FALSE(ask(storage, some_question(7, 'c')));
       EXPECT_FALSE(ask(storage, some_question(8, 'c', 99)));
     }},
    {"questions go with their user and with their client, and when they have expired",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       ask(storage, some_question(6, 'a', 11));
       block_on(storage.users().remove_user({2}, kNow));
       EXPECT_FALSE(find_own(storage, 6, 2));
       block_on(storage.remove_expired(kEnd));
       EXPECT_FALSE(find_own(storage, 5));
     }},
    {"what was decided stands in the ledger, once",
     [](Storage& storage) {
       give_grants(storage);
       ask(storage, some_question(5, 'a'));
       ask(storage, some_question(6, 'b'));
       decide(storage, 5, approved);
       decide(storage, 5, denied);
       decide(storage, 6, denied);
       std::vector<LedgerKind> kinds;
       for (const LedgerEntry& entry : block_on(storage.ledger().list_entries({.user_id = oauth::UserId{1}}))) {
         if (entry.kind != LedgerKind::call_approved && entry.kind != LedgerKind::call_denied) continue;
         kinds.push_back(entry.kind);
         EXPECT_EQ(entry.at, kNow);
         EXPECT_EQ(entry.client_id, oauth::ClientId("todo-helper"));
         EXPECT_EQ(entry.grant_id, oauth::GrantId{10});
         EXPECT_EQ(entry.detail, "deleteTodo");
       }
       EXPECT_EQ(kinds, (std::vector{LedgerKind::call_approved, LedgerKind::call_denied}));
     }},
};

}  // namespace

std::span<const Case> confirmation_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
