#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

constexpr Instant kLater = kNow + seconds(30);
constexpr Instant kNewExpiry = kNow + std::chrono::days(60);

bool rotate(Storage& storage, std::int64_t id, std::uint32_t from_generation, Instant now = kLater,
            const std::optional<oauth::OpaqueAccessToken>& token = kNoToken) {
  return block_on(storage.grants().rotate_refresh_token({id}, from_generation, now, kNewExpiry, token));
}

bool replay(Storage& storage, std::int64_t id, std::uint32_t generation, std::uint32_t most_uses = 20,
            Instant rotated_after = kNow, const std::optional<oauth::OpaqueAccessToken>& token = kNoToken) {
  return block_on(storage.grants().replay_successor({id}, generation, rotated_after, most_uses, token));
}

bool revoke(Storage& storage, std::int64_t id, Instant now = kLater) {
  return block_on(storage.grants().revoke_grant({id}, oauth::RevocationReason::by_client, now));
}

oauth::Grant load(Storage& storage, std::int64_t id) {
  const auto found = block_on(storage.grants().find_grant({id}));
  EXPECT_TRUE(found);
  return found.value_or(oauth::Grant{});
}

bool has_token(Storage& storage, std::int64_t id) {
  return block_on(storage.access_tokens().find_access_token({id})).has_value();
}

std::vector<std::int64_t> list(Storage& storage, const GrantFilter& filter) {
  std::vector<std::int64_t> ids;
  for (const oauth::Grant& grant : block_on(storage.grants().list_grants(filter))) ids.push_back(grant.id.value);
  return ids;
}

/// Grants 10 (user 1, todo-helper), 11 (user 1, notes), 12 (user 2, todo-helper), of growing age; 12 is revoked.
void give_three(Storage& storage) {
  furnish(storage);
  give_grant(storage, 10, 1, "todo-helper");
  give_grant(storage, 11, 1, "notes");
  give_grant(storage, 12, 2, "todo-helper");
  revoke(storage, 12);
}

using Ids = std::vector<std::int64_t>;

const Case kFindCases[] = {
    {"a grant is found as it was given",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = give_grant(storage, 10);
       const oauth::Grant found = load(storage, 10);
       EXPECT_EQ(found.id, grant.id);
       EXPECT_EQ(found.client_id, grant.client_id);
       EXPECT_EQ(found.user_id, grant.user_id);
       EXPECT_EQ(found.subject, grant.subject);
       EXPECT_EQ(found.scope, grant.scope);
       EXPECT_EQ(found.resources, grant.resources);
       EXPECT_EQ(found.authenticated_at, grant.authenticated_at);
       EXPECT_EQ(found.created_at, grant.created_at);
       EXPECT_EQ(found.expires_at, grant.expires_at);
       EXPECT_EQ(found.salt, grant.salt);
       EXPECT_EQ(found.generation, grant.generation);
       EXPECT_EQ(found.rotated_at, grant.rotated_at);
       EXPECT_EQ(found.grace_uses, grant.grace_uses);
       EXPECT_EQ(found.revoked_at, grant.revoked_at);
       EXPECT_EQ(found.revocation_reason, grant.revocation_reason);
       EXPECT_FALSE(block_on(storage.grants().find_grant({99})));
     }},
    {"a grant is active while it is there, unrevoked and its user enabled",
     [](Storage& storage) {
       furnish(storage);
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
       give_grant(storage, 10);
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
       revoke(storage, 10);
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
     }},
    {"a revocation in one thread is seen at once in another that had asked before",
     [](Storage& storage) {
       furnish(storage);
       give_grant(storage, 10);
       std::atomic<bool> was_active{false};
       std::atomic<bool> is_active{true};
       std::atomic<int> step{0};
       std::jthread other([&] {
         was_active = block_on(storage.grants().is_grant_active({10}));
         step = 1;
         step.notify_all();
         step.wait(1);
         is_active = block_on(storage.grants().is_grant_active({10}));
       });
       step.wait(0);
       revoke(storage, 10);
       step = 2;
       step.notify_all();
       other.join();
       EXPECT_TRUE(was_active);
       EXPECT_FALSE(is_active);
     }},
    {"grants are listed newest first, revoked ones included, all that match every member that is set",
     [](Storage& storage) {
       give_three(storage);
       EXPECT_EQ(list(storage, {}), (Ids{12, 11, 10}));
       EXPECT_EQ(list(storage, {.user_id = oauth::UserId{1}}), (Ids{11, 10}));
       EXPECT_EQ(list(storage, {.client_id = oauth::ClientId("todo-helper")}), (Ids{12, 10}));
       EXPECT_EQ(list(storage, {.user_id = oauth::UserId{1}, .client_id = oauth::ClientId("todo-helper")}), (Ids{10}));
       EXPECT_EQ(list(storage, {.user_id = oauth::UserId{99}}), (Ids{}));
     }},
    {"revoking ends a grant once, and the first reason and time stay",
     [](Storage& storage) {
       furnish(storage);
       give_grant(storage, 10);
       EXPECT_TRUE(revoke(storage, 10));
       EXPECT_FALSE(
           block_on(storage.grants().revoke_grant({10}, oauth::RevocationReason::by_operator, kLater + seconds(5))));
       EXPECT_EQ(load(storage, 10).revoked_at, kLater);
       EXPECT_EQ(load(storage, 10).revocation_reason, oauth::RevocationReason::by_client);
       EXPECT_FALSE(revoke(storage, 99));
     }},
    {"every reason is read back as it was given",
     [](Storage& storage) {
       using Reason = oauth::RevocationReason;
       furnish(storage);
       std::int64_t id = 10;
       for (const Reason reason : {Reason::by_client, Reason::by_user, Reason::by_operator, Reason::code_replayed,
                                   Reason::refresh_token_stolen, Reason::user_disabled}) {
         give_grant(storage, ++id);
         EXPECT_TRUE(block_on(storage.grants().revoke_grant({id}, reason, kLater)));
         EXPECT_EQ(load(storage, id).revocation_reason, reason);
       }
     }},
};

const Case kRotationCases[] = {
    {"a rotation moves the counter, the times and the grace, and keeps the access token",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = give_grant(storage, 10);
       const std::optional token = some_token_of_grant(200, grant);
       EXPECT_TRUE(rotate(storage, 10, 0, kLater, token));
       const oauth::Grant found = load(storage, 10);
       EXPECT_EQ(found.generation, 1U);
       EXPECT_EQ(found.rotated_at, kLater);
       EXPECT_EQ(found.expires_at, kNewExpiry);
       EXPECT_EQ(found.grace_uses, 0U);
       EXPECT_TRUE(has_token(storage, 200));
       EXPECT_TRUE(replay(storage, 10, 1));
       EXPECT_TRUE(rotate(storage, 10, 1));
       EXPECT_EQ(load(storage, 10).grace_uses, 0U) << "a new generation has its grace to itself";
     }},
    {"a rotation from a generation that has passed, or is yet to come, changes nothing",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = give_grant(storage, 10);
       const std::optional token = some_token_of_grant(200, grant);
       rotate(storage, 10, 0);
       EXPECT_FALSE(rotate(storage, 10, 0, kLater, token));
       EXPECT_FALSE(rotate(storage, 10, 2, kLater, token));
       EXPECT_FALSE(rotate(storage, 99, 0, kLater, token));
       EXPECT_EQ(load(storage, 10).generation, 1U);
       EXPECT_FALSE(has_token(storage, 200));
     }},
    {"a revoked, expired or disabled user's grant does not rotate",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant expired = give_grant(storage, 10);
       give_grant(storage, 11);
       give_grant(storage, 12, 2);
       revoke(storage, 11);
       block_on(storage.users().set_enabled({2}, false, kNow));
       EXPECT_FALSE(rotate(storage, 10, 0, expired.expires_at));
       EXPECT_FALSE(rotate(storage, 11, 0));
       EXPECT_FALSE(rotate(storage, 12, 0));
       EXPECT_TRUE(rotate(storage, 10, 0, expired.expires_at - milliseconds(1)));
     }},
    {"of 32 who rotate one grant at once one wins, and only the winner's access token is kept",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = give_grant(storage, 10);
       const auto won = race([&](int i) {
         const std::optional token = some_token_of_grant(200 + i, grant);
         return rotate(storage, 10, 0, kLater, token) ? 1 : 0;
       });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
       EXPECT_EQ(load(storage, 10).generation, 1U);
       for (std::size_t i = 0; i < won.size(); ++i) {
         EXPECT_EQ(has_token(storage, 200 + static_cast<std::int64_t>(i)), won[i] == 1);
       }
     }},
};

const Case kReplayCases[] = {
    {"a replay in time is counted and keeps its access token",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = give_grant(storage, 10);
       rotate(storage, 10, 0);
       const std::optional token = some_token_of_grant(200, grant);
       EXPECT_TRUE(replay(storage, 10, 1, 20, kNow, token));
       EXPECT_EQ(load(storage, 10).grace_uses, 1U);
       EXPECT_EQ(load(storage, 10).generation, 1U);
       EXPECT_TRUE(has_token(storage, 200));
     }},
    {"no more replays than allowed succeed, however many come at once",
     [](Storage& storage) {
       furnish(storage);
       give_grant(storage, 10);
       rotate(storage, 10, 0);
       const auto allowed = race([&](int) { return replay(storage, 10, 1, 20) ? 1 : 0; });
       EXPECT_EQ(std::ranges::count(allowed, 1), 20);
       EXPECT_EQ(load(storage, 10).grace_uses, 20U);
     }},
    {"a replay that comes too late, for another generation, or after the end changes nothing",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = give_grant(storage, 10);
       rotate(storage, 10, 0);
       const std::optional token = some_token_of_grant(200, grant);
       EXPECT_FALSE(replay(storage, 10, 1, 20, kLater, token)) << "it must have been reached after that moment";
       EXPECT_FALSE(replay(storage, 10, 0, 20, kNow, token));
       EXPECT_FALSE(replay(storage, 10, 2, 20, kNow, token));
       EXPECT_FALSE(replay(storage, 10, 1, 0, kNow, token));
       EXPECT_FALSE(replay(storage, 99, 1, 20, kNow, token));
       revoke(storage, 10);
       EXPECT_FALSE(replay(storage, 10, 1, 20, kNow, token));
       EXPECT_EQ(load(storage, 10).grace_uses, 0U);
       EXPECT_FALSE(has_token(storage, 200));
     }},
};

}  // namespace

std::span<const Case> grant_cases() { return kFindCases; }
std::span<const Case> rotation_cases() { return kRotationCases; }
std::span<const Case> replay_cases() { return kReplayCases; }

}  // namespace chatelaine::storage::conformance
