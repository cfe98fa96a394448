#include <gtest/gtest.h>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

const Case kCases[] = {
    {"an opaque access token is found as it was added",
     [](Storage& storage) {
       furnish(storage);
       const oauth::OpaqueAccessToken token = some_token(5, "todo-helper");
       block_on(storage.access_tokens().add_access_token(token));
       const auto found = block_on(storage.access_tokens().find_access_token({5}));
       ASSERT_TRUE(found);
       EXPECT_EQ(found->secret_hash, token.secret_hash);
       EXPECT_EQ(found->token.id, token.token.id);
       EXPECT_EQ(found->token.issuer, token.token.issuer);
       EXPECT_EQ(found->token.subject, token.token.subject);
       EXPECT_EQ(found->token.client_id, token.token.client_id);
       EXPECT_EQ(found->token.audience, token.token.audience);
       EXPECT_EQ(found->token.scope, token.token.scope);
       EXPECT_EQ(found->token.grant_id, token.token.grant_id);
       EXPECT_EQ(found->token.issued_at, token.token.issued_at);
       EXPECT_EQ(found->token.expires_at, token.token.expires_at);
       EXPECT_FALSE(block_on(storage.access_tokens().find_access_token({6})));
     }},
    {"a token that came with a grant names it",
     [](Storage& storage) {
       furnish(storage);
       const oauth::Grant grant = give_grant(storage, 10);
       const std::optional token = some_token_of_grant(5, grant);
       block_on(storage.grants().rotate_refresh_token(grant.id, 0, kNow, kNow + seconds(60), token));
       const auto found = block_on(storage.access_tokens().find_access_token({5}));
       ASSERT_TRUE(found);
       EXPECT_EQ(found->token.grant_id, grant.id);
     }},
    {"no token is kept for a client that is gone",
     [](Storage& storage) {
       const oauth::OpaqueAccessToken token = some_token(5, "gone");
       block_on(storage.access_tokens().add_access_token(token));
       EXPECT_FALSE(block_on(storage.access_tokens().find_access_token({5})));
     }},
    {"RFC 7009 §2: a revoked opaque token is found no more and known as revoked",
     [](Storage& storage) {
       furnish(storage);
       const oauth::OpaqueAccessToken token = some_token(5, "todo-helper");
       block_on(storage.access_tokens().add_access_token(token));
       EXPECT_FALSE(block_on(storage.access_tokens().is_access_token_revoked({5})));
       block_on(storage.access_tokens().revoke_access_token({5}, token.token.expires_at));
       EXPECT_TRUE(block_on(storage.access_tokens().is_access_token_revoked({5})));
       EXPECT_FALSE(block_on(storage.access_tokens().find_access_token({5})));
       EXPECT_FALSE(block_on(storage.access_tokens().is_access_token_revoked({6})));
     }},
    {"a JWT, which has no row, is revoked all the same, and revoking twice does nothing more",
     [](Storage& storage) {
       EXPECT_FALSE(block_on(storage.access_tokens().is_access_token_revoked({7})));
       block_on(storage.access_tokens().revoke_access_token({7}, kNow + seconds(59)));
       block_on(storage.access_tokens().revoke_access_token({7}, kNow + seconds(59)));
       EXPECT_TRUE(block_on(storage.access_tokens().is_access_token_revoked({7})));
     }},
};

}  // namespace

std::span<const Case> access_token_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
