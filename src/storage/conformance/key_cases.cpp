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

StoredKey rsa_key(std::int64_t id, const std::string& name) {
  StoredKey key = some_key(id, KeyPurpose::sign_tokens, name);
  key.algorithm = crypto::SignatureAlgorithm::RS256;
  return key;
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
       EXPECT_EQ(keys[0].algorithm, crypto::SignatureAlgorithm::ES256);
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
    {"first keys are added only where there is none of their purpose",
     [](Storage& storage) {
       const StoredKey several[] = {some_key(5, KeyPurpose::sign_tokens, "a"), rsa_key(6, "b")};
       const StoredKey later = some_key(7, KeyPurpose::sign_tokens, "c");
       const StoredKey other = some_key(8, KeyPurpose::refresh_tokens, "1");
       EXPECT_TRUE(block_on(storage.keys().add_first_keys(several)));
       EXPECT_FALSE(block_on(storage.keys().add_first_keys({&later, 1})));
       EXPECT_TRUE(block_on(storage.keys().add_first_keys({&other, 1})));
       EXPECT_FALSE(block_on(storage.keys().add_first_keys({})));
       const auto keys = list(storage);
       ASSERT_EQ(keys.size(), 2U);
       EXPECT_EQ(keys[1].algorithm, crypto::SignatureAlgorithm::RS256);
       const auto refresh_keys = list(storage, KeyPurpose::refresh_tokens);
       ASSERT_EQ(refresh_keys.size(), 1U);
       EXPECT_EQ(refresh_keys[0].algorithm, std::nullopt);
     }},
    {"of first keys that cannot all be added none is",
     [](Storage& storage) {
       const StoredKey same[] = {some_key(5, KeyPurpose::sign_tokens, "a"), some_key(6, KeyPurpose::sign_tokens, "a")};
       EXPECT_THROW(block_on(storage.keys().add_first_keys(same)), StorageFault);
       EXPECT_TRUE(list(storage).empty());
     }},
    {"of 32 first keys added at once one is kept",
     [](Storage& storage) {
       const auto won = race([&](int i) {
         const StoredKey key = some_key(100 + i, KeyPurpose::sign_tokens, std::to_string(i));
         return block_on(storage.keys().add_first_keys({&key, 1})) ? 1 : 0;
       });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
       EXPECT_EQ(list(storage).size(), 1U);
     }},
    {"a successor is added to the newest key of its purpose and algorithm alone",
     [](Storage& storage) {
       add(storage, 5, KeyPurpose::sign_tokens, "old");
       StoredKey newest = some_key(4, KeyPurpose::sign_tokens, "newest");
       newest.active_from = kNow + seconds(600);
       block_on(storage.keys().add_key(newest));
       add(storage, 6, KeyPurpose::refresh_tokens, "1");
       const StoredKey successor = some_key(7, KeyPurpose::sign_tokens, "successor");
       EXPECT_FALSE(block_on(storage.keys().add_successor(successor, StoredKeyId{5})));
       EXPECT_FALSE(block_on(storage.keys().add_successor(successor, std::nullopt)));
       EXPECT_FALSE(block_on(storage.keys().add_successor(rsa_key(8, "rsa"), newest.id)));
       EXPECT_TRUE(block_on(storage.keys().add_successor(successor, newest.id)));
       EXPECT_EQ(list(storage).size(), 3U);
     }},
    {"where every key of an algorithm is to end, a successor follows none",
     [](Storage& storage) {
       add(storage, 5, KeyPurpose::sign_tokens, "ending");
       block_on(storage.keys().retire_key({5}, kNow + seconds(600)));
       const StoredKey first_of_rsa = rsa_key(6, "rsa");
       const StoredKey successor = some_key(7, KeyPurpose::sign_tokens, "successor");
       EXPECT_TRUE(block_on(storage.keys().add_successor(first_of_rsa, std::nullopt)));
       EXPECT_FALSE(block_on(storage.keys().add_successor(successor, StoredKeyId{5})));
       EXPECT_TRUE(block_on(storage.keys().add_successor(successor, std::nullopt)));
     }},
    {"of 32 successors of one key added at once one is kept",
     [](Storage& storage) {
       add(storage, 5, KeyPurpose::sign_tokens, "old");
       const auto won = race([&](int i) {
         StoredKey key = some_key(100 + i, KeyPurpose::sign_tokens, std::to_string(i));
         key.active_from = kNow + seconds(600);
         return block_on(storage.keys().add_successor(key, StoredKeyId{5})) ? 1 : 0;
       });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
       EXPECT_EQ(list(storage).size(), 2U);
     }},
    {"an end is only ever brought forward",
     [](Storage& storage) {
       add(storage, 5, KeyPurpose::sign_tokens, "a");
       EXPECT_TRUE(block_on(storage.keys().retire_key({5}, kNow + seconds(60))));
       EXPECT_FALSE(block_on(storage.keys().retire_key({5}, kNow + seconds(60))));
       EXPECT_FALSE(block_on(storage.keys().retire_key({5}, kNow + seconds(61))));
       EXPECT_EQ(list(storage)[0].retired_at, kNow + seconds(60));
       EXPECT_TRUE(block_on(storage.keys().retire_key({5}, kNow)));
       EXPECT_EQ(list(storage)[0].retired_at, kNow);
     }},
    {"a key that has been retired for 30 days is removed",
     [](Storage& storage) {
       add(storage, 5, KeyPurpose::sign_tokens, "a");
       add(storage, 6, KeyPurpose::sign_tokens, "b");
       block_on(storage.keys().retire_key({5}, kNow));
       block_on(storage.remove_expired(kNow + std::chrono::days(30) - milliseconds(1)));
       EXPECT_EQ(list(storage).size(), 2U);
       block_on(storage.remove_expired(kNow + std::chrono::days(30)));
       ASSERT_EQ(list(storage).size(), 1U);
       EXPECT_EQ(list(storage)[0].name, "b");
     }},
    {"an unknown key cannot be retired",
     [](Storage& storage) { EXPECT_FALSE(block_on(storage.keys().retire_key({99}, kNow))); }},
};

}  // namespace

std::span<const Case> key_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
