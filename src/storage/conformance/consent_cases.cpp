#include <gtest/gtest.h>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

const Case kCases[] = {
    {"a consent is found for its user, client and resource alone",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Consent consent = some_consent(1, "todo-helper");
       allow(storage, consent);
       const auto find = [&](std::int64_t user_id, const char* client_id, const oauth::Resource& resource) {
         return block_on(storage.consents().find_consent({user_id}, oauth::ClientId(client_id), resource));
       };
       const auto found = find(1, "todo-helper", consent.resource);
       ASSERT_TRUE(found);
       EXPECT_EQ(found->user_id, consent.user_id);
       EXPECT_EQ(found->client_id, consent.client_id);
       EXPECT_EQ(found->resource, consent.resource);
       EXPECT_EQ(found->scope, consent.scope);
       EXPECT_EQ(found->given_at, consent.given_at);
       EXPECT_EQ(found->seen_at, consent.seen_at);
       EXPECT_FALSE(find(2, "todo-helper", consent.resource));
       EXPECT_FALSE(find(1, "notes", consent.resource));
       EXPECT_FALSE(find(1, "todo-helper", oauth::Resource("https://other.example")));
     }},
    {"remembering again adds the scope to what was allowed before",
     [](Storage& storage) {
       furnish(storage);
       oauth::Consent consent = some_consent(1, "todo-helper");
       consent.scope = oauth::Scope({"b", "a"});
       consent.seen_at = {{"a", kNow}, {"b", kNow}};
       allow(storage, consent);
       consent.scope = oauth::Scope({"c", "b"});
       consent.given_at = kNow + seconds(5);
       consent.seen_at = {{"b", kNow + seconds(5)}, {"c", kNow + seconds(5)}};
       allow(storage, consent);
       const auto found = block_on(storage.consents().find_consent({1}, consent.client_id, consent.resource));
       ASSERT_TRUE(found);
       EXPECT_EQ(found->scope, oauth::Scope({"a", "b", "c"}));
       EXPECT_EQ(found->given_at, kNow + seconds(5));
       EXPECT_EQ(found->seen_at,
                 (std::map<std::string, Instant>{{"a", kNow}, {"b", kNow + seconds(5)}, {"c", kNow + seconds(5)}}));
       EXPECT_EQ(block_on(storage.consents().list_consents({1})).size(), 1U);
     }},
    {"an empty scope is remembered too",
     [](Storage& storage) {
       furnish(storage);
       oauth::Consent consent = some_consent(1, "todo-helper");
       consent.scope = oauth::Scope();
       allow(storage, consent);
       allow(storage, consent);
       const auto found = block_on(storage.consents().find_consent({1}, consent.client_id, consent.resource));
       ASSERT_TRUE(found);
       EXPECT_TRUE(found->scope.empty());
     }},
    {"nothing is remembered of a user who is gone or disabled, or for a client that is gone",
     [](Storage& storage) {
       furnish(storage);
       block_on(storage.users().set_enabled({2}, false, kNow));
       for (const auto& [user_id, client_id] :
            {std::pair(2, "todo-helper"), std::pair(99, "todo-helper"), std::pair(1, "gone")}) {
         const oauth::Consent consent = some_consent(user_id, client_id);
         allow(storage, consent);
         EXPECT_TRUE(block_on(storage.consents().list_consents({user_id})).empty());
       }
     }},
    {"nothing is remembered where the session in which it was allowed has ended or is somebody else's",
     [](Storage& storage) {
       furnish(storage);
       const Session ended = some_session(7, 1);
       const Session of_other = some_session(8, 2);
       sign_in(storage, ended);
       sign_in(storage, of_other);
       block_on(storage.sessions().end_session(ended.id));
       const oauth::Consent consent = some_consent(1, "todo-helper");
       for (const SessionId id : {ended.id, of_other.id, SessionId{99}}) {
         block_on(storage.consents().remember_consents({consent}, id));
         EXPECT_TRUE(block_on(storage.consents().list_consents({1})).empty()) << id.value;
       }
     }},
    {"a user's consents are listed",
     [](Storage& storage) {
       furnish(storage);
       for (const auto& [user_id, client_id] :
            {std::pair(1, "todo-helper"), std::pair(1, "notes"), std::pair(2, "notes")}) {
         const oauth::Consent consent = some_consent(user_id, client_id);
         allow(storage, consent);
       }
       EXPECT_EQ(block_on(storage.consents().list_consents({1})).size(), 2U);
       EXPECT_EQ(block_on(storage.consents().list_consents({2})).size(), 1U);
     }},
    {"withdrawing forgets what the user allowed the client and ends the grants that came of it",
     [](Storage& storage) {
       furnish(storage);
       oauth::Consent consent = some_consent(1, "todo-helper");
       allow(storage, consent);
       consent.resource = oauth::Resource("https://second.example");
       allow(storage, consent);
       const oauth::Consent other = some_consent(1, "notes");
       allow(storage, other);
       const auto code = some_code(20, 1, "todo-helper");
       allow(storage, code);
       give_grant(storage, 10);
       give_grant(storage, 11, 1, "notes");
       give_grant(storage, 12, 2);
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({10})));

       block_on(storage.consents().withdraw_consent({1}, oauth::ClientId("todo-helper"), kNow));

       const auto left = block_on(storage.consents().list_consents({1}));
       ASSERT_EQ(left.size(), 1U);
       EXPECT_EQ(left[0].client_id.value(), "notes");
       EXPECT_FALSE(block_on(storage.grants().is_grant_active({10})));
       EXPECT_EQ(block_on(storage.grants().find_grant({10}))->revoked_at, kNow);
       EXPECT_EQ(block_on(storage.grants().find_grant({10}))->revocation_reason, oauth::RevocationReason::by_user);
       EXPECT_FALSE(block_on(storage.authorization_codes().find_authorization_code(code.id)))
           << "an unused code would still become a grant";
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({11})));
       EXPECT_TRUE(block_on(storage.grants().is_grant_active({12})));
     }},
};

}  // namespace

std::span<const Case> consent_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
