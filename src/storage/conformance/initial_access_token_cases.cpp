#include <gtest/gtest.h>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

void add(Storage& storage, const oauth::InitialAccessToken& token) {
  block_on(storage.initial_access_tokens().add_initial_access_token(token));
}
auto find(Storage& storage, std::int64_t id) {
  return block_on(storage.initial_access_tokens().find_initial_access_token({id}));
}

const Case kCases[] = {
    {"an initial access token is found as it was added",
     [](Storage& storage) {
       const auto token = some_initial_token(5);
       add(storage, token);
       const auto found = find(storage, 5);
       ASSERT_TRUE(found);
       EXPECT_EQ(found->id, token.id);
       EXPECT_EQ(found->secret_hash, token.secret_hash);
       EXPECT_EQ(found->name, token.name);
       EXPECT_EQ(found->uses_left, token.uses_left);
       EXPECT_EQ(found->created_at, token.created_at);
       EXPECT_EQ(found->expires_at, token.expires_at);
       EXPECT_FALSE(find(storage, 6));
     }},
    {"initial access tokens are listed oldest first",
     [](Storage& storage) {
       auto older = some_initial_token(7);
       older.created_at = kNow - seconds(1);
       add(storage, some_initial_token(5));
       add(storage, some_initial_token(6));
       add(storage, older);
       const auto listed = block_on(storage.initial_access_tokens().list_initial_access_tokens());
       ASSERT_EQ(listed.size(), 3U);
       EXPECT_EQ(listed[0].id.value, 7);
       EXPECT_EQ(listed[1].id.value, 5);
       EXPECT_EQ(listed[2].id.value, 6);
     }},
    {"an initial access token is removed once",
     [](Storage& storage) {
       add(storage, some_initial_token(5));
       EXPECT_TRUE(block_on(storage.initial_access_tokens().remove_initial_access_token({5}, kNow)));
       EXPECT_FALSE(find(storage, 5));
       EXPECT_FALSE(block_on(storage.initial_access_tokens().remove_initial_access_token({5}, kNow)));
     }},
};

}  // namespace

std::span<const Case> initial_access_token_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
