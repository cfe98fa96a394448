#include <gtest/gtest.h>

#include <algorithm>

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

/// Sessions 1 and 2, the unused code 50, the allowed device code 51, the link 60 and the grant 10 of user 1; session 3,
/// the device code 52 and the grant 11 of user 2.
void sign_in_everywhere(Storage& storage) {
  furnish(storage);
  for (const auto& [id, user_id] : {std::pair(1, 1), std::pair(2, 1), std::pair(3, 2)}) {
    const Session session = some_session(id, user_id);
    sign_in(storage, session);
  }
  const auto code = some_code(50, 1, "todo-helper");
  allow(storage, code);
  allow(storage, some_device_code(51, "todo-helper"), 1);
  allow(storage, some_device_code(52, "todo-helper"), 2);
  const OneTimeLink link = some_link(60, 1);
  block_on(storage.one_time_links().add_one_time_link(link, kNow));
  give_grant(storage, 10, 1);
  give_grant(storage, 11, 2);
}

/// Nothing is left of what sign_in_everywhere gave user 1.
void expect_signed_out(Storage& storage, oauth::RevocationReason reason) {
  for (const std::int64_t id : {1, 2}) EXPECT_FALSE(block_on(storage.sessions().find_session({id}))) << id;
  EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({50})));
  EXPECT_TRUE(block_on(storage.authorization_codes().find_authorization_code({10}))) << "a used code stays";
  EXPECT_FALSE(block_on(storage.device_codes().find_device_code({51})));
  EXPECT_FALSE(block_on(storage.one_time_links().find_one_time_link({60})));
  EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
  const auto grant = block_on(storage.grants().find_grant({10}));
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->revoked_at, kNow);
  EXPECT_EQ(grant->revocation_reason, reason);
}

/// User 1's, from session `asking` to session 4.
bool change_password(Storage& storage, std::int64_t asking, const crypto::PasswordHash& proven) {
  const PasswordChange change{
      .asking_session = {asking}, .proven_hash = proven, .new_hash = crypto::PasswordHash("changed")};
  const Session next = some_session(4, 1);
  return block_on(storage.users().change_password(change, next, kNow));
}

void expect_second_user_untouched(Storage& storage) {
  EXPECT_TRUE(block_on(storage.sessions().find_session({3})));
  EXPECT_TRUE(block_on(storage.device_codes().find_device_code({52})));
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
    {"a password that the operator sets ends the user's sessions, link, unused codes and grants",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_TRUE(block_on(storage.users().set_password({1}, crypto::PasswordHash("new"), kNow)));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, crypto::PasswordHash("new"));
       expect_signed_out(storage, oauth::RevocationReason::by_operator);
       expect_second_user_untouched(storage);
     }},
    {"a person who changes their password goes on in a new session, and all that was before ends",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_TRUE(change_password(storage, 1, some_password_hash()));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, crypto::PasswordHash("changed"));
       expect_signed_out(storage, oauth::RevocationReason::by_user);
       const auto next = block_on(storage.sessions().find_session({4}));
       ASSERT_TRUE(next);
       EXPECT_EQ(next->user.email, "ada@example.com");
       EXPECT_EQ(next->session.secret_hash, some_hash('s'));
       expect_second_user_untouched(storage);
     }},
    {"a change of password that rests on another password, another's session or one that ended changes nothing",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_FALSE(change_password(storage, 1, crypto::PasswordHash("the one before")));
       EXPECT_FALSE(change_password(storage, 3, some_password_hash())) << "of user 2";
       EXPECT_FALSE(change_password(storage, 99, some_password_hash()));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, some_password_hash());
       for (const std::int64_t id : {1, 2}) EXPECT_TRUE(block_on(storage.sessions().find_session({id}))) << id;
       EXPECT_FALSE(block_on(storage.sessions().find_session({4})));
       EXPECT_TRUE(block_on(storage.authorization_codes().find_authorization_code({50})));
       EXPECT_TRUE(block_on(storage.one_time_links().find_one_time_link({60})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
       block_on(storage.users().set_enabled({1}, false, kNow));
       EXPECT_FALSE(change_password(storage, 1, some_password_hash())) << "disabled";
     }},
    {"of 32 who change one password at once one wins, and only the winner goes on",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       const auto won = race([&](int i) {
         const PasswordChange change{.asking_session = {1 + i % 2},
                                     .proven_hash = some_password_hash(),
                                     .new_hash = crypto::PasswordHash("by " + std::to_string(i))};
         const Session next = some_session(100 + i, 1);
         return block_on(storage.users().change_password(change, next, kNow)) ? 1 : 0;
       });
       ASSERT_EQ(std::ranges::count(won, 1), 1);
       const auto winner = std::ranges::find(won, 1) - won.begin();
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash->value(), "by " + std::to_string(winner));
       for (std::int64_t i = 0; i < std::ssize(won); ++i) {
         EXPECT_EQ(block_on(storage.sessions().find_session({100 + i})).has_value(), i == winner);
       }
     }},
    {"an unknown user gets no password",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_FALSE(block_on(storage.users().set_password({99}, crypto::PasswordHash("new"), kNow)));
       EXPECT_TRUE(block_on(storage.sessions().find_session({1})));
     }},
    {"a rehash replaces the hash that it was made for, and sessions stay",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       const crypto::PasswordHash old_hash = *some_user(1).password_hash;
       EXPECT_TRUE(block_on(storage.users().rehash_password({1}, old_hash, crypto::PasswordHash("rehashed"))));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, crypto::PasswordHash("rehashed"));
       EXPECT_TRUE(block_on(storage.sessions().find_session({1})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
     }},
    {"a rehash of a password that has changed meanwhile does nothing",
     [](Storage& storage) {
       furnish(storage);
       const crypto::PasswordHash other("other");
       EXPECT_FALSE(block_on(storage.users().rehash_password({1}, other, crypto::PasswordHash("rehashed"))));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->password_hash, some_user(1).password_hash);
     }},
    {"disabling ends the user's sessions, link, unused codes and grants",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_TRUE(block_on(storage.users().set_enabled({1}, false, kNow)));
       EXPECT_FALSE(block_on(storage.users().find_user({1}))->enabled);
       expect_signed_out(storage, oauth::RevocationReason::user_disabled);
       expect_second_user_untouched(storage);
     }},
    {"enabling again brings back the user and nothing that ended",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       block_on(storage.users().set_enabled({1}, false, kNow));
       EXPECT_TRUE(block_on(storage.users().set_enabled({1}, true, kNow)));
       EXPECT_TRUE(block_on(storage.users().find_user({1}))->enabled);
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({50})));
       EXPECT_FALSE(block_on(storage.sessions().find_session({1})));
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
     }},
    {"enabling an enabled user ends nothing",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.users().set_enabled({1}, true, kNow)));
       EXPECT_TRUE(block_on(storage.sessions().find_session({1})));
       EXPECT_TRUE(block_on(storage.one_time_links().find_one_time_link({60})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
     }},
    {"another role ends nothing",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       EXPECT_TRUE(block_on(storage.users().set_role({1}, Role::administrator, kNow)));
       EXPECT_EQ(block_on(storage.users().find_user({1}))->role, Role::administrator);
       EXPECT_EQ(block_on(storage.users().find_user({2}))->role, some_user(2).role);
       EXPECT_TRUE(block_on(storage.sessions().find_session({1})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));
     }},
    {"an unknown user can be neither disabled nor removed nor given a role",
     [](Storage& storage) {
       EXPECT_FALSE(block_on(storage.users().set_role({99}, Role::user, kNow)));
       EXPECT_FALSE(block_on(storage.users().set_enabled({99}, false, kNow)));
       EXPECT_FALSE(block_on(storage.users().remove_user({99}, kNow)));
     }},
    {"a user is removed with everything that is theirs, and nobody else's",
     [](Storage& storage) {
       sign_in_everywhere(storage);
       const auto consent = some_consent(1, "todo-helper");
       const auto connection = some_connection(70, "plugin-1", 1);
       const auto attempt = some_attempt(80, "plugin-1", 1);
       allow(storage, consent);
       block_on(storage.connections().put_connection(connection));
       block_on(storage.connections().add_connection_attempt(attempt));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));

       EXPECT_TRUE(block_on(storage.users().remove_user({1}, kNow)));

       EXPECT_FALSE(block_on(storage.users().find_user({1})));
       EXPECT_FALSE(block_on(storage.users().find_user_by_email("ada@example.com")));
       EXPECT_FALSE(block_on(storage.sessions().find_session({1})));
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code({50})));
       EXPECT_FALSE(block_on(storage.grants().find_grant({10})));
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_FALSE(block_on(storage.one_time_links().find_one_time_link({60})));
       EXPECT_TRUE(block_on(storage.consents().list_consents({1})).empty());
       EXPECT_TRUE(block_on(storage.connections().list_connections({1})).empty());
       EXPECT_FALSE(block_on(storage.connections().take_connection_attempt(attempt.id, attempt.state_hash)));
       expect_second_user_untouched(storage);
     }},
};

}  // namespace

std::span<const Case> user_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
