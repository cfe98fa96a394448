#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// An entry in a line: what it is, whose, and what it says.
std::string in_a_line(const LedgerEntry& entry) {
  std::string line(to_string(entry.kind));
  if (entry.user_id) line += fmt::format(" user {}", entry.user_id->value);
  if (entry.client_id) line += " client " + entry.client_id->value();
  if (entry.grant_id) line += fmt::format(" grant {}", entry.grant_id->value);
  if (!entry.detail.empty()) line += ": " + entry.detail;
  return line;
}

std::vector<std::string> list(Storage& storage, const LedgerFilter& filter = {}) {
  std::vector<std::string> lines;
  const auto entries = block_on(storage.ledger().list_entries(filter));
  std::ranges::transform(entries, std::back_inserter(lines), in_a_line);
  return lines;
}

/// What the ledger gains by an act.
std::vector<std::string> gained(Storage& storage, const std::function<void()>& act) {
  LedgerFilter last{.order = LedgerFilter::Order::newest_first, .most = 1};
  const auto before = block_on(storage.ledger().list_entries(last));
  act();
  LedgerFilter since;
  if (!before.empty()) since.after = before.front().id;
  return list(storage, since);
}

CallRecord some_call(std::int64_t grant_id, const std::string& operation, Instant at = kNow) {
  return {.at = at,
          .door = CallDoor::mcp,
          .client_id = oauth::ClientId("todo-helper"),
          .grant_id = grant_id == 0 ? std::nullopt : std::optional(oauth::GrantId{grant_id}),
          .operation = operation,
          .status = 204,
          .took = milliseconds(7)};
}

void add_calls(Storage& storage, const std::vector<CallRecord>& calls, std::uint32_t dropped = 0) {
  block_on(storage.ledger().add_calls(calls, dropped, kNow));
}

void check_clients_and_users(Storage& storage) {
  EXPECT_THAT(gained(storage, [&] { furnish(storage); }),
              ElementsAre("user_added user 1: developer", "user_added user 2: developer",
                          "client_added client todo-helper: registration", "client_added client notes: registration"));
  oauth::Client client = some_client("notes");
  const auto update = [&] { block_on(storage.clients().update_client(client, kNow)); };
  EXPECT_THAT(gained(storage, update), ElementsAre("client_changed client notes"));
  client.replaced_registration_token_hash = some_hash('r');
  EXPECT_THAT(gained(storage, [&] { block_on(storage.clients().replace_registration(client, kNow)); }),
              ElementsAre("client_changed client notes"));
  const auto remove = [&] { block_on(storage.clients().remove_client(client.id, kNow)); };
  EXPECT_THAT(gained(storage, remove), ElementsAre("client_removed client notes"));
  EXPECT_THAT(gained(storage, remove), IsEmpty()) << "what changes nothing is no event";
  EXPECT_THAT(gained(storage, update), IsEmpty());
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().set_enabled({1}, false, kNow)); }),
              ElementsAre("user_disabled user 1"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().set_enabled({1}, true, kNow)); }),
              ElementsAre("user_enabled user 1"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().set_password({1}, some_password_hash(), kNow)); }),
              ElementsAre("password_changed user 1: by_operator"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().remove_user({1}, kNow)); }),
              ElementsAre("user_removed user 1"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().remove_user({1}, kNow)); }), IsEmpty());
}

void check_sign_ins(Storage& storage) {
  furnish(storage);
  const Session session = some_session(1, 1);
  EXPECT_THAT(gained(storage, [&] { sign_in(storage, session); }), ElementsAre("signed_in user 1"));
  const PasswordChange change{
      .asking_session = session.id, .proven_hash = some_password_hash(), .new_hash = some_password_hash()};
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().change_password(change, some_session(2, 1), kNow)); }),
              ElementsAre("password_changed user 1: by_user", "signed_in user 1"));
}

void check_consents_and_grants(Storage& storage) {
  furnish(storage);
  const oauth::Consent consent = some_consent(1, "notes");
  EXPECT_THAT(gained(storage, [&] { allow(storage, consent); }),
              ElementsAre("signed_in user 1", "consent_given user 1 client notes: lists:read"));
  oauth::Consent wider = consent;
  wider.scope = oauth::Scope({"lists:write"});
  EXPECT_THAT(gained(storage, [&] { allow(storage, wider); }),
              testing::Contains("consent_given user 1 client notes: lists:read lists:write"));
  EXPECT_THAT(gained(storage, [&] { give_grant(storage, 5, 1, "notes"); }),
              testing::Contains("grant_begun user 1 client notes grant 5: lists:read"));
  const auto withdraw = [&] { block_on(storage.consents().withdraw_consent({1}, oauth::ClientId("notes"), kNow)); };
  EXPECT_THAT(gained(storage, withdraw),
              ElementsAre("consent_withdrawn user 1 client notes", "grant_ended user 1 client notes grant 5: by_user"));
  EXPECT_THAT(gained(storage, withdraw), IsEmpty());
}

void check_thefts(Storage& storage) {
  furnish(storage);
  give_grant(storage, 5);
  const auto revoke = [&] {
    block_on(storage.grants().revoke_grant({5}, oauth::RevocationReason::refresh_token_stolen, kNow));
  };
  EXPECT_THAT(gained(storage, revoke), ElementsAre("grant_ended user 1 client todo-helper grant 5: "
                                                   "refresh_token_stolen"));
  EXPECT_THAT(gained(storage, revoke), IsEmpty()) << "it had ended before";
}

void check_keys(Storage& storage) {
  const StoredKey key = some_key(1, KeyPurpose::sign_tokens, "kid-1");
  EXPECT_THAT(gained(storage, [&] { block_on(storage.keys().add_key(key)); }),
              ElementsAre("key_added: sign_tokens kid-1"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.keys().retire_key(key.id, kNow)); }),
              ElementsAre("key_retired: sign_tokens kid-1"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.keys().retire_key(key.id, kNow)); }), IsEmpty());
}

void check_calls(Storage& storage) {
  furnish(storage);
  give_grant(storage, 5, 2);
  EXPECT_THAT(gained(storage, [&] { add_calls(storage, {some_call(5, "readLists"), some_call(0, "GET /x")}); }),
              ElementsAre("call user 2 client todo-helper grant 5: readLists", "call client todo-helper: GET /x"));
  const auto entries = block_on(storage.ledger().list_entries({.part = LedgerFilter::Part::calls}));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries.front().at, kNow);
  EXPECT_EQ(entries.front().door, CallDoor::mcp);
  EXPECT_EQ(entries.front().status, 204U);
  EXPECT_EQ(entries.front().took, milliseconds(7));
  EXPECT_EQ(entries.front().count, std::nullopt);
  add_calls(storage, {}, 3);
  const auto dropped = block_on(storage.ledger().list_entries(
      {.part = LedgerFilter::Part::calls, .order = LedgerFilter::Order::newest_first, .most = 1}));
  ASSERT_EQ(dropped.size(), 1U);
  EXPECT_EQ(dropped.front().kind, LedgerKind::calls_dropped);
  EXPECT_EQ(dropped.front().count, 3U);
}

void check_filters(Storage& storage) {
  furnish(storage);
  give_grant(storage, 5, 1);
  give_grant(storage, 6, 2, "notes");
  add_calls(storage, {some_call(5, "a", kNow - seconds(2)), some_call(6, "b", kNow - seconds(1)), some_call(5, "c")});
  using enum LedgerFilter::Part;
  using enum LedgerFilter::Order;
  const auto details = [&](LedgerFilter filter) {
    std::string joined;
    for (const LedgerEntry& entry : block_on(storage.ledger().list_entries(filter))) joined += entry.detail;
    return joined;
  };
  EXPECT_EQ(details({.part = calls}), "abc");
  EXPECT_EQ(details({.part = calls, .order = newest_first}), "cba");
  EXPECT_EQ(details({.part = calls, .user_id = oauth::UserId{1}}), "ac");
  EXPECT_EQ(details({.part = calls, .order = newest_first, .user_id = oauth::UserId{1}, .most = 1}), "c");
  EXPECT_EQ(details({.part = calls, .client_id = oauth::ClientId("notes")}), "");
  EXPECT_EQ(details({.part = calls, .since = kNow - seconds(1)}), "bc");
  EXPECT_EQ(details({.part = calls, .until = kNow - seconds(1)}), "a");
  const auto first = block_on(storage.ledger().list_entries({.part = calls, .most = 1}));
  EXPECT_EQ(details({.part = calls, .after = first.front().id}), "bc");
  const auto last = block_on(storage.ledger().list_entries({.part = calls, .order = newest_first, .most = 1}));
  EXPECT_EQ(details({.part = calls, .order = newest_first, .after = last.front().id}), "ba");
  EXPECT_THAT(
      list(storage, {.part = events, .client_id = oauth::ClientId("notes")}),
      ElementsAre("client_added client notes: registration", "grant_begun user 2 client notes grant 6: lists:read"));
  EXPECT_EQ(list(storage).size(), list(storage, {.part = calls}).size() + list(storage, {.part = events}).size());
}

void check_removal(Storage& storage) {
  furnish(storage);
  block_on(storage.users().set_enabled({2}, true, kNow - seconds(5)));
  add_calls(storage, {some_call(0, "old", kNow - seconds(5)), some_call(0, "new")});
  EXPECT_FALSE(block_on(storage.ledger().remove_entries(kNow, Instant())));
  EXPECT_THAT(list(storage, {.part = LedgerFilter::Part::calls}), ElementsAre("call client todo-helper: new"));
  EXPECT_THAT(list(storage), testing::Contains("user_enabled user 2"));
  EXPECT_FALSE(block_on(storage.ledger().remove_entries(Instant(), kNow)));
  EXPECT_THAT(list(storage), testing::Not(testing::Contains("user_enabled user 2")));
}

const Case kCases[] = {
    {"what is done to clients and accounts is recorded, and what fails is not", check_clients_and_users},
    {"a sign-in and a change of one's own password are recorded", check_sign_ins},
    {"what a person allows and takes back is recorded with the grants that begin and end", check_consents_and_grants},
    {"a stolen refresh token is recorded once", check_thefts},
    {"the life of a key is recorded", check_keys},
    {"a call is recorded with the user of its grant, and lost ones are counted", check_calls},
    {"entries are found by part, user, client, time and page", check_filters},
    {"calls and events are removed each by their own age", check_removal},
    {"the events of what is removed stay",
     [](Storage& storage) {
       furnish(storage);
       give_grant(storage, 5);
       add_calls(storage, {some_call(5, "readLists")});
       block_on(storage.users().remove_user({1}, kNow));
       block_on(storage.clients().remove_client(oauth::ClientId("todo-helper"), kNow));
       EXPECT_THAT(list(storage, {.user_id = oauth::UserId{1}}),
                   testing::IsSupersetOf({std::string("call user 1 client todo-helper grant 5: readLists"),
                                          std::string("user_removed user 1")}));
     }},
};

}  // namespace

std::span<const Case> ledger_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
