#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"
#include "storage/fault.hpp"

namespace chatelaine::storage::conformance {
namespace {

std::vector<StoredKey> list(Storage& storage, KeyPurpose purpose = KeyPurpose::sign_tokens) {
  return block_on(storage.keys().list_keys(purpose));
}

void add(Storage& storage, std::int64_t id, KeyPurpose purpose, const std::string& name) {
  const StoredKey key = some_key(id, purpose, name);
  block_on(storage.keys().add_key(key));
}

const Case kCases[] = {
    {"a key is listed as it was added",
     [](Storage& storage) {
       add(storage, 5, KeyPurpose::sign_tokens, "kid");
       const auto keys = list(storage);
       ASSERT_EQ(keys.size(), 1U);
       const StoredKey key = some_key(5, KeyPurpose::sign_tokens, "kid");
       EXPECT_EQ(keys[0].id, key.id);
       EXPECT_EQ(keys[0].purpose, key.purpose);
       EXPECT_EQ(keys[0].name, key.name);
       EXPECT_EQ(keys[0].sealed, key.sealed);
       EXPECT_EQ(keys[0].public_jwk, key.public_jwk);
       EXPECT_EQ(keys[0].created_at, key.created_at);
       EXPECT_EQ(keys[0].active_from, key.active_from);
       EXPECT_EQ(keys[0].retired_at, key.retired_at);
     }},
    {"the keys of one purpose are listed oldest first, retired ones included",
     [](Storage& storage) {
       add(storage, 6, KeyPurpose::sign_tokens, "b");
       add(storage, 5, KeyPurpose::sign_tokens, "a");
       add(storage, 7, KeyPurpose::refresh_tokens, "1");
       EXPECT_TRUE(block_on(storage.keys().retire_key({5}, kNow)));
       const auto keys = list(storage);
       ASSERT_EQ(keys.size(), 2U);
       EXPECT_EQ(keys[0].name, "a");
       EXPECT_EQ(keys[0].retired_at, kNow);
       EXPECT_EQ(keys[1].name, "b");
       EXPECT_EQ(list(storage, KeyPurpose::refresh_tokens).size(), 1U);
     }},
    {"a name is unique with its purpose",
     [](Storage& storage) {
       add(storage, 5, KeyPurpose::sign_tokens, "1");
       add(storage, 6, KeyPurpose::refresh_tokens, "1");
       EXPECT_THROW(add(storage, 7, KeyPurpose::sign_tokens, "1"), StorageFault);
       EXPECT_EQ(list(storage).size(), 1U);
     }},
    {"a first key is added only where there is none of its purpose",
     [](Storage& storage) {
       add(storage, 5, KeyPurpose::sign_tokens, "a");
       const StoredKey second = some_key(6, KeyPurpose::sign_tokens, "b");
       const StoredKey first = some_key(7, KeyPurpose::refresh_tokens, "1");
       EXPECT_FALSE(block_on(storage.keys().add_first_key(second)));
       EXPECT_TRUE(block_on(storage.keys().add_first_key(first)));
       EXPECT_EQ(list(storage).size(), 1U);
       EXPECT_EQ(list(storage, KeyPurpose::refresh_tokens).size(), 1U);
     }},
    {"of 32 first keys added at once one is kept",
     [](Storage& storage) {
       const auto won = race([&](int i) {
         const StoredKey key = some_key(100 + i, KeyPurpose::sign_tokens, std::to_string(i));
         return block_on(storage.keys().add_first_key(key)) ? 1 : 0;
       });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
       EXPECT_EQ(list(storage).size(), 1U);
     }},
    {"an unknown key cannot be retired",
     [](Storage& storage) { EXPECT_FALSE(block_on(storage.keys().retire_key({99}, kNow))); }},
};

}  // namespace

std::span<const Case> key_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
