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
       EXPECT_TRUE(block_on(storage.sessions().begin_session(session)));
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
       EXPECT_FALSE(block_on(storage.sessions().begin_session(of_disabled)));
       EXPECT_FALSE(block_on(storage.sessions().begin_session(of_nobody)));
       block_on(storage.users().set_enabled({1}, true, kNow));
       EXPECT_FALSE(block_on(storage.sessions().find_session({7})));
       EXPECT_FALSE(block_on(storage.sessions().find_session({8})));
     }},
    {"last_seen_at moves forward only",
     [](Storage& storage) {
       furnish(storage);
       const Session session = some_session(7, 1);
       block_on(storage.sessions().begin_session(session));
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
       block_on(storage.sessions().begin_session(session));
       block_on(storage.sessions().begin_session(other));
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
