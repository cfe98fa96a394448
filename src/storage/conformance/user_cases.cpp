#include <gtest/gtest.h>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

void expect_equal(const User& a, const User& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.email, b.email);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.subject, b.subject);
  EXPECT_EQ(a.password_hash, b.password_hash);
  EXPECT_EQ(a.role, b.role);
  EXPECT_EQ(a.enabled, b.enabled);
  EXPECT_EQ(a.created_at, b.created_at);
}

/// Sessions 1 and 2, the unused code 50 and the grant 10 of user 1; session 3 and the grant 11 of user 2.
void sign_in_everywhere(Storage& storage) {
  furnish(storage);
  for (const auto& [id, user_id] : {std::pair(1, 1), std::pair(2, 1), std::pair(3, 2)}) {
    const Session session = some_session(id, user_id);
    block_on(storage.sessions().begin_session(session));
  }
  const auto code = some_code(50, 1, "todo-helper");
  block_on(storage.authorization_codes().add_authorization_code(code));
  give_grant(storage, 10, 1);
  give_grant(storage, 11, 2);
}

void expect_second_user_untouched(Storage& storage) {
  EXPECT_TRUE(block_on(storage.sessions().find_session({3})));
  EXPECT_TRUE(block_on(storage.grants().is_grant_active({11})));
}

const Case kCases[] = {
    {"a user is found by id and by email as they were added",
     [](Storage& storage) {
       const User user = some_user(1);
       EXPECT_EQ(block_on(storage.users().add_user(user)), AddUserOutcome::added);
       const auto by_id = block_on(storage.users().find_user(user.id));
       const auto by_email = block_on(storage.users().find_user_by_email(user.email));
       ASSERT_TRUE(by_id && by_email);
       expect_equal(*by_id, user);
       expect_equal(*by_email, user);
     }},
    {"an invited user has no password yet",
     [](Storage& storage) {
       User user = some_user(1);
       user.password_hash.reset();
       user.role = Role::administrator;
       block_on(storage.users().add_user(user));
       expect_equal(*block_on(storage.users().find_user(user.id)), user);
     }},
    {"an unknown user is not found",
     [](Storage& storage) {
       furnish(storage);
       EXPECT_FALSE(block_on(storage.users().find_user({99})));
       EXPECT_FALSE(block_on(storage.users().find_user_by_email("nobody@example.com")));
       EXPECT_FALSE(block_on(storage.users().find_user_by_email("")));
     }},
    {"an email is unique without regard to ASCII case, and kept as it was written",
     [](Storage& storage) {
       User user = some_user(1);
       user.email = "Ada@Example.com";
       block_on(storage.users().add_user(user));
       User twin = some_user(2);
       twin.email = "aDA@exaMPLE.COM";
       EXPECT_EQ(block_on(storage.users().add_user(twin)), AddUserOutcome::email_taken);
       const auto found = block_on(storage.users().find_user_by_email("ADA@EXAMPLE.COM"));
       ASSERT_TRUE(found);
       EXPECT_EQ(found->email, "Ada@Example.com");
       EXPECT_FALSE(block_on(storage.users().find_user({2})));
     }},
    {"a subject is unique",
     [](Storage& storage) {
       const User user = some_user(1);
       User twin = some_user(2);
       twin.subject = user.subject;
       block_on(storage.users().add_user(user));
       EXPECT_EQ(block_on(storage.users().add_user(twin)), AddUserOutcome::subject_taken);
       EXPECT_FALSE(block_on(storage.users().find_user({2})));
     }},
    {"users are listed oldest first",
     [](Storage& storage) {
       for (const auto& [id, age] : {std::pair(1, 2), std::pair(2, 3), std::pair(3, 1)}) {
         User user = some_user(id);
         user.created_at = kNow - seconds(age);
         block_on(storage.users().add_user(user));
       }
       const auto users = block_on(storage.users().list_users());
       ASSERT_EQ(users.size(), 3U);
       EXPECT_EQ(users[0].id.value, 2);
       EXPECT_EQ(users[1].id.value, 1);
       EXPECT_EQ(users[2].id.value, 3);
     }},
    {"a new password ends the user's sessions but the kept one, unused codes and grants",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_TRUE(block_on(storage.users().set_password({1}, crypto::PasswordHash("new"), 2, kNow)));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, crypto::PasswordHash("new"));
       EXPECT_FALSE(block_on(storage.sessions().find_session({1})));
       EXPECT_TRUE(block_on(storage.sessions().find_session({2})));
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({50})));
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_EQ(block_on(storage.grants().find_grant({10}))->revoked_at, kNow);
       expect_second_user_untouched(storage);
     }},
    {"a new password with no session to keep ends them all",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.users().set_password({1}, crypto::PasswordHash("new"), 0, kNow)));
       EXPECT_FALSE(block_on(storage.sessions().find_session({1})));
       EXPECT_FALSE(block_on(storage.sessions().find_session({2})));
     }},
    {"an unknown user gets no password",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_FALSE(block_on(storage.users().set_password({99}, crypto::PasswordHash("new"), 0, kNow)));
       EXPECT_TRUE(block_on(storage.sessions().find_session({1})));
     }},
    {"a rehash replaces the hash that it was made for, and sessions stay",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       const crypto::PasswordHash old_hash = *some_user(1).password_hash;
       block_on(storage.users().rehash_password({1}, old_hash, crypto::PasswordHash("rehashed")));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, crypto::PasswordHash("rehashed"));
       EXPECT_TRUE(block_on(storage.sessions().find_session({1})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
     }},
    {"a rehash of a password that has changed meanwhile does nothing",
     [](Storage& storage) {
       furnish(storage);
       block_on(storage.users().rehash_password({1}, crypto::PasswordHash("other"), crypto::PasswordHash("rehashed")));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, some_user(1).password_hash);
     }},
    {"disabling ends the user's sessions, unused codes and grants",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_TRUE(block_on(storage.users().set_enabled({1}, false, kNow)));
       EXPECT_FALSE(block_on(storage.users().find_user({1}))->enabled);
       EXPECT_FALSE(block_on(storage.sessions().find_session({1})));
       EXPECT_FALSE(block_on(storage.sessions().find_session({2})));
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({50})));
       EXPECT_TRUE(block_on(storage.authorization_codes().find_authorization_code({10}))) << "a used code stays";
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
       expect_second_user_untouched(storage);
     }},
    {"enabling again brings back the user and nothing that ended",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       block_on(storage.users().set_enabled({1}, false, kNow));
       EXPECT_TRUE(block_on(storage.users().set_enabled({1}, true, kNow)));
       EXPECT_TRUE(block_on(storage.users().find_user({1}))->enabled);
       EXPECT_FALSE(block_on(storage.sessions().find_session({1})));
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
     }},
    {"enabling an enabled user ends nothing",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.users().set_enabled({1}, true, kNow)));
       EXPECT_TRUE(block_on(storage.sessions().find_session({1})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
     }},
    {"an unknown user can be neither disabled nor removed",
     [](Storage& storage) {
       EXPECT_FALSE(block_on(storage.users().set_enabled({99}, false, kNow)));
       EXPECT_FALSE(block_on(storage.users().remove_user({99})));
     }},
    {"a user is removed with everything that is theirs, and nobody else's",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       const auto link = some_link(60, 1);
       const auto consent = some_consent(1, "todo-helper");
       const auto connection = some_connection(70, "plugin-1", 1);
       const auto attempt = some_attempt(80, "plugin-1", 1);
       block_on(storage.one_time_links().add_one_time_link(link));
       block_on(storage.consents().remember_consent(consent));
       block_on(storage.connections().put_connection(connection));
       block_on(storage.connections().add_connection_attempt(attempt));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));

       EXPECT_TRUE(block_on(storage.users().remove_user({1})));

       EXPECT_FALSE(block_on(storage.users().find_user({1})));
       EXPECT_FALSE(block_on(storage.users().find_user_by_email("ada@example.com")));
       EXPECT_FALSE(block_on(storage.sessions().find_session({1})));
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({50})));
       EXPECT_FALSE(block_on(storage.grants().find_grant({10})));
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_FALSE(block_on(storage.one_time_links().find_one_time_link(link.id)));
       EXPECT_TRUE(block_on(storage.consents().list_consents({1})).empty());
       EXPECT_TRUE(block_on(storage.connections().list_connections({1})).empty());
       EXPECT_FALSE(block_on(storage.connections().take_connection_attempt(attempt.id, attempt.state_hash)));
       expect_second_user_untouched(storage);
     }},
};

}  // namespace

std::span<const Case> user_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
