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
  client.secret_hash = some_hash('s');
  client.scope = oauth::Scope({"lists:read", "lists:purge"});
  const auto update = [&] { block_on(storage.clients().update_client(client, kNow)); };
  EXPECT_THAT(gained(storage, update), ElementsAre("client_changed client notes: client_secret scope"));
  client.replaced_registration_token_hash = some_hash('r');
  client.name = "Notebook";
  EXPECT_THAT(gained(storage, [&] { block_on(storage.clients().replace_registration(client, kNow)); }),
              ElementsAre("client_changed client notes: client_name"));
  const auto remove = [&] { block_on(storage.clients().remove_client(client.id, kNow)); };
  EXPECT_THAT(gained(storage, remove), ElementsAre("client_removed client notes"));
  EXPECT_THAT(gained(storage, remove), IsEmpty()) << "what changes nothing is no event";
  EXPECT_THAT(gained(storage, update), IsEmpty());
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().set_enabled({1}, false, kNow)); }),
              ElementsAre("user_disabled user 1"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().set_enabled({1}, true, kNow)); }),
              ElementsAre("user_enabled user 1"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().set_role({1}, Role::user, kNow)); }),
              ElementsAre("user_role_changed user 1: user"));
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

/// What a change of the client does to those who had allowed it something.
void check_lapses(Storage& storage) {
  furnish(storage);
  allow(storage, some_consent(1, "notes"));
  oauth::Consent elsewhere = some_consent(1, "notes");
  elsewhere.resource = oauth::Resource("https://other.example");
  allow(storage, elsewhere);
  allow(storage, some_consent(2, "notes"));
  give_grant(storage, 5, 1, "notes");
  oauth::Client client = some_client("notes");
  client.replaced_registration_token_hash = some_hash('r');
  client.redirect_uris.emplace_back("https://notes.example/elsewhere");
  const auto replace = [&] { return block_on(storage.clients().replace_registration(client, kNow)); };
  EXPECT_THAT(gained(storage, [&] { EXPECT_TRUE(replace()); }),
              ElementsAre("consent_lapsed user 1 client notes", "consent_lapsed user 2 client notes",
                          "client_changed client notes: redirect_uris"));
  client.replaced_registration_token_hash = some_hash('x');
  client.redirect_uris.clear();
  EXPECT_THAT(gained(storage, [&] { EXPECT_FALSE(replace()); }), IsEmpty()) << "the token is none of the client's";
}

void check_documents(Storage& storage) {
  furnish(storage);
  oauth::Client client = some_document_client("https://assistant.example/client.json");
  const auto accept = [&] { EXPECT_TRUE(block_on(storage.clients().put_document_client(client, kNow, 10))); };
  EXPECT_THAT(gained(storage, accept),
              ElementsAre("client_added client https://assistant.example/client.json: metadata_document"));
  EXPECT_THAT(gained(storage, accept), IsEmpty()) << "it says what it said";
  allow(storage, some_consent(1, client.id.value()));
  client.name = "Another name";
  EXPECT_THAT(gained(storage, accept),
              ElementsAre("client_changed client https://assistant.example/client.json: client_name"));
  client.jwks_uri = "https://assistant.example/jwks.json";
  EXPECT_THAT(gained(storage, accept),
              ElementsAre("consent_lapsed user 1 client https://assistant.example/client.json",
                          "client_changed client https://assistant.example/client.json: jwks_uri"));
}

void check_one_time_links(Storage& storage) {
  furnish(storage);
  give_grant(storage, 5);
  const OneTimeLink link = some_link(7, 1);
  EXPECT_THAT(gained(storage, [&] { block_on(storage.one_time_links().add_one_time_link(link, kNow)); }),
              ElementsAre("one_time_link_added user 1"));
  const OneTimeLink of_nobody = some_link(8, 99);
  EXPECT_THAT(gained(storage, [&] { block_on(storage.one_time_links().add_one_time_link(of_nobody, kNow)); }),
              IsEmpty());
  const auto redeem = [&] {
    block_on(storage.one_time_links().redeem_one_time_link({7}, crypto::PasswordHash("chosen"), kNow));
  };
  EXPECT_THAT(gained(storage, redeem), ElementsAre("password_changed user 1: by_one_time_link",
                                                   "grant_ended user 1 client todo-helper grant 5: by_user"));
  EXPECT_THAT(gained(storage, redeem), IsEmpty()) << "it is spent";
}

void check_registration_tokens(Storage& storage) {
  auto& tokens = storage.initial_access_tokens();
  const auto token = some_initial_token(4);
  EXPECT_THAT(gained(storage, [&] { block_on(tokens.add_initial_access_token(token)); }),
              ElementsAre("registration_token_added: Partner “Ltd”"));
  EXPECT_THAT(gained(storage, [&] { block_on(tokens.remove_initial_access_token({4}, kNow)); }),
              ElementsAre("registration_token_removed: Partner “Ltd”"));
  EXPECT_THAT(gained(storage, [&] { block_on(tokens.remove_initial_access_token({4}, kNow)); }), IsEmpty());
}

void check_ends_by_removal(Storage& storage) {
  furnish(storage);
  give_grant(storage, 5, 1, "notes");
  give_grant(storage, 6, 1, "todo-helper");
  give_grant(storage, 7, 2, "todo-helper");
  EXPECT_THAT(gained(storage, [&] { block_on(storage.clients().remove_client(oauth::ClientId("notes"), kNow)); }),
              ElementsAre("grant_ended user 1 client notes grant 5: client_removed", "client_removed client notes"));
  EXPECT_THAT(gained(storage, [&] { block_on(storage.users().remove_user({1}, kNow)); }),
              ElementsAre("grant_ended user 1 client todo-helper grant 6: user_removed", "user_removed user 1"));
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
  const auto details = [&](const LedgerFilter& filter) {
    std::string joined;
    for (const LedgerEntry& entry : block_on(storage.ledger().list_entries(filter))) joined += entry.detail;
    return joined;
  };
  EXPECT_EQ(details({.part = calls}), "abc");
  EXPECT_EQ(details({.part = calls, .order = newest_first}), "cba");
  EXPECT_EQ(details({.part = calls, .user_id = oauth::UserId{1}}), "ac");
  EXPECT_EQ(details({.part = calls, .order = newest_first, .user_id = oauth::UserId{1}, .most = 1}), "c");
  EXPECT_EQ(details({.part = calls, .client_id = oauth::ClientId("notes")}), "");
  const oauth::ClientId helper("todo-helper");
  EXPECT_EQ(details({.part = calls, .user_id = oauth::UserId{1}, .client_id = helper}), "ac");
  EXPECT_EQ(details({.part = calls, .order = newest_first, .user_id = oauth::UserId{1}, .client_id = helper}), "ca");
  EXPECT_EQ(details({.part = calls, .user_id = oauth::UserId{2}, .client_id = oauth::ClientId("notes")}), "");
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
    {"users whose consent a changed registration takes away are recorded", check_lapses},
    {"a changed client document is recorded, with the consents that it takes away", check_documents},
    {"an invitation or reset link is recorded when it is made and when it is used", check_one_time_links},
    {"the life of a registration token is recorded", check_registration_tokens},
    {"grants that go with their client or user are recorded as ended", check_ends_by_removal},
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
