#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

void add_link(Storage& storage, std::int64_t id, std::int64_t user_id) {
  const OneTimeLink link = some_link(id, user_id);
  block_on(storage.one_time_links().add_one_time_link(link, kNow));
}

bool redeem(Storage& storage, std::int64_t id, Instant now = kNow) {
  return block_on(storage.one_time_links().redeem_one_time_link({id}, crypto::PasswordHash("chosen"), now));
}

void expect_password_unchanged(Storage& storage, std::int64_t user_id) {
  EXPECT_EQ(block_on(storage.users().find_user({user_id}))->password_hash, some_user(user_id).password_hash);
}

const Case kCases[] = {
    {"a link is found as it was added",
     [](Storage& storage) {
       furnish(storage);
       add_link(storage, 5, 1);
       const auto found = block_on(storage.one_time_links().find_one_time_link({5}));
       ASSERT_TRUE(found);
       EXPECT_EQ(found->id.value, 5);
       EXPECT_EQ(found->secret_hash, some_hash('l'));
       EXPECT_EQ(found->user_id.value, 1);
       EXPECT_EQ(found->expires_at, some_link(5, 1).expires_at);
       EXPECT_FALSE(block_on(storage.one_time_links().find_one_time_link({6})));
     }},
    {"a new link drops the earlier one of the same user alone",
     [](Storage& storage) {
       furnish(storage);
       add_link(storage, 5, 1);
       add_link(storage, 6, 2);
       add_link(storage, 7, 1);
       EXPECT_FALSE(block_on(storage.one_time_links().find_one_time_link({5})));
       EXPECT_TRUE(block_on(storage.one_time_links().find_one_time_link({6})));
       EXPECT_TRUE(block_on(storage.one_time_links().find_one_time_link({7})));
       EXPECT_FALSE(redeem(storage, 5));
     }},
    {"redeeming sets the password, ends sessions, unused codes and grants, and works once",
     [](Storage& storage) {
       furnish(storage);
       add_link(storage, 5, 1);
       const Session session = some_session(7, 1);
       const auto code = some_code(8, 1, "notes");
       sign_in(storage, session);
       allow(storage, code);
       allow(storage, some_device_code(8, "notes"), 1);
       allow(storage, some_device_code(9, "notes"), 2);
       give_grant(storage, 10, 1);
       give_grant(storage, 11, 2);
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));

       EXPECT_TRUE(redeem(storage, 5));

       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, crypto::PasswordHash("chosen"));
       expect_password_unchanged(storage, 2);
       EXPECT_FALSE(block_on(storage.sessions().find_session({7})));
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({8})));
       EXPECT_FALSE(block_on(storage.device_codes().find_device_code({8})));
       EXPECT_TRUE(block_on(storage.device_codes().find_device_code({9})));
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({11})));
       EXPECT_FALSE(block_on(storage.one_time_links().find_one_time_link({5})));
       EXPECT_FALSE(redeem(storage, 5));
     }},
    {"of 32 at once one redeems the link",
     [](Storage& storage) {
       furnish(storage);
       add_link(storage, 5, 1);
       const auto won = race([&](int) { return redeem(storage, 5) ? 1 : 0; });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
     }},
    {"a link that has expired changes nothing",
     [](Storage& storage) {
       furnish(storage);
       add_link(storage, 5, 1);
       EXPECT_FALSE(redeem(storage, 5, some_link(5, 1).expires_at));
       expect_password_unchanged(storage, 1);
     }},
    {"a link of a disabled user changes nothing, also when they are enabled again",
     [](Storage& storage) {
       furnish(storage);
       add_link(storage, 5, 1);
       block_on(storage.users().set_enabled({1}, false, kNow));
       EXPECT_FALSE(redeem(storage, 5));
       block_on(storage.users().set_enabled({1}, true, kNow));
       EXPECT_FALSE(redeem(storage, 5));
       expect_password_unchanged(storage, 1);
     }},
    {"a link of a user who is gone is gone, and none is kept for nobody",
     [](Storage& storage) {
       furnish(storage);
       add_link(storage, 5, 1);
       block_on(storage.users().remove_user({1}, kNow));
       EXPECT_FALSE(redeem(storage, 5));
       add_link(storage, 6, 99);
       EXPECT_FALSE(block_on(storage.one_time_links().find_one_time_link({6})));
     }},
};

}  // namespace

std::span<const Case> one_time_link_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
