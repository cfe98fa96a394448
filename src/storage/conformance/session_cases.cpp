#include <gtest/gtest.h>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

const Case kCases[] = {
    {"a session is found with its user",
     [](Storage& storage) {
       furnish(storage);
       const Session session = some_session(7, 1);
       EXPECT_TRUE(sign_in(storage, session));
       const auto found = block_on(storage.sessions().find_session(session.id));
       ASSERT_TRUE(found);
       EXPECT_EQ(found->session.id, session.id);
       EXPECT_EQ(found->session.secret_hash, session.secret_hash);
       EXPECT_EQ(found->session.user_id, session.user_id);
       EXPECT_EQ(found->session.authenticated_at, session.authenticated_at);
       EXPECT_EQ(found->session.last_seen_at, session.last_seen_at);
       EXPECT_EQ(found->session.expires_at, session.expires_at);
       EXPECT_EQ(found->user.email, "ada@example.com");
     }},
    {"a user who is gone or disabled begins no session",
     [](Storage& storage) {
       furnish(storage);
       block_on(storage.users().set_enabled({1}, false, kNow));
       const Session of_disabled = some_session(7, 1);
       const Session of_nobody = some_session(8, 99);
       EXPECT_FALSE(sign_in(storage, of_disabled));
       EXPECT_FALSE(sign_in(storage, of_nobody));
       block_on(storage.users().set_enabled({1}, true, kNow));
       EXPECT_FALSE(block_on(storage.sessions().find_session({7})));
       EXPECT_FALSE(block_on(storage.sessions().find_session({8})));
     }},
    {"a session begins with the password that was proven, and with no other",
     [](Storage& storage) {
       furnish(storage);
       User invited = some_user(3);
       invited.password_hash.reset();
       block_on(storage.users().add_user(invited));
       const auto begin = [&](std::int64_t id, std::int64_t user_id,
                              const std::optional<crypto::PasswordHash>& proven) {
         const Session session = some_session(id, user_id);
         const bool begun = block_on(storage.sessions().begin_session(session, proven));
         EXPECT_EQ(block_on(storage.sessions().find_session(session.id)).has_value(), begun);
         return begun;
       };
       EXPECT_FALSE(begin(7, 1, crypto::PasswordHash("the one before")));
       EXPECT_FALSE(begin(8, 1, std::nullopt));
       EXPECT_FALSE(begin(9, 3, some_password_hash()));
       EXPECT_TRUE(begin(10, 1, some_password_hash()));
       EXPECT_TRUE(begin(11, 3, std::nullopt)) << "proven otherwise than by a password";
       block_on(storage.users().set_password({1}, crypto::PasswordHash("new"), kNow));
       EXPECT_FALSE(begin(12, 1, some_password_hash())) << "a check that waited while the password changed";
     }},
    {"last_seen_at moves forward only",
     [](Storage& storage) {
       furnish(storage);
       const Session session = some_session(7, 1);
       sign_in(storage, session);
       block_on(storage.sessions().touch_session(session.id, kNow + seconds(9)));
       EXPECT_EQ(block_on(storage.sessions().find_session(session.id))->session.last_seen_at, kNow + seconds(9));
       block_on(storage.sessions().touch_session(session.id, kNow + seconds(4)));
       EXPECT_EQ(block_on(storage.sessions().find_session(session.id))->session.last_seen_at, kNow + seconds(9));
     }},
    {"a session that ended is not found, and ending or touching it again does nothing",
     [](Storage& storage) {
       furnish(storage);
       const Session session = some_session(7, 1);
       const Session other = some_session(8, 1);
       sign_in(storage, session);
       sign_in(storage, other);
       block_on(storage.sessions().end_session(session.id));
       block_on(storage.sessions().end_session(session.id));
       block_on(storage.sessions().touch_session(session.id, kNow + seconds(9)));
       EXPECT_FALSE(block_on(storage.sessions().find_session(session.id)));
       EXPECT_TRUE(block_on(storage.sessions().find_session(other.id)));
     }},
};

}  // namespace

std::span<const Case> session_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
