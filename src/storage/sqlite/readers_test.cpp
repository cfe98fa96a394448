#include "storage/sqlite/readers.hpp"

#include <gtest/gtest.h>

#include "oauth/grants/grant.hpp"

namespace chatelaine::storage::sqlite {
namespace {

/// THREATS §1: whoever makes up ids must not fill the memory with them.
TEST(BoundedCache, StartsAgainWhenItIsFull) {
  BoundedCache<oauth::GrantId, bool> cache;
  const auto count = [&] {
    std::int64_t kept = 0;
    for (std::int64_t id = 1; id <= 8'193; ++id) kept += cache.find({id}) != nullptr ? 1 : 0;
    return kept;
  };
  for (std::int64_t id = 1; id <= 8'192; ++id) cache.put({id}, true);
  EXPECT_EQ(count(), 8'192);
  cache.put({8'193}, false);
  EXPECT_EQ(count(), 1);
  ASSERT_NE(cache.find({8'193}), nullptr);
  EXPECT_FALSE(*cache.find({8'193}));
}

TEST(BoundedCache, KeepsWhatWasSaidLast) {
  BoundedCache<oauth::GrantId, bool> cache;
  cache.put({1}, true);
  cache.put({1}, false);
  EXPECT_FALSE(*cache.find({1}));
  cache.clear();
  EXPECT_EQ(cache.find({1}), nullptr);
}

}  // namespace
}  // namespace chatelaine::storage::sqlite
