#include "accounts/password_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "base/block_on.hpp"
#include "base/unavailable.hpp"

namespace chatelaine::accounts {
namespace {

crypto::Password password(std::string_view text) { return crypto::Password(text); }

TEST(PasswordPool, HashesAndChecks) {
  PasswordPool pool(1, 4);
  const auto hash = block_on(pool.hash(password("correct horse")));
  EXPECT_TRUE(block_on(pool.check(password("correct horse"), hash)));
  EXPECT_FALSE(block_on(pool.check(password("wrong"), hash)));
  EXPECT_FALSE(block_on(pool.check(password("correct horse"), std::nullopt)));
}

Task<void> count_refusal(PasswordPool& pool, std::atomic<int>& refused, std::atomic<int>& done) {
  try {
    const crypto::Password typed("x");
    const bool is_right = co_await pool.check(typed, std::nullopt);
    EXPECT_FALSE(is_right);
  } catch (const Unavailable&) {
    ++refused;
  }
  ++done;
}

TEST(PasswordPool, AFullQueueIsRefusedAndTheRestIsDone) {
  PasswordPool pool(1, 2);
  BlockingExecutor executor;
  std::atomic<int> refused = 0;
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i) spawn(executor, count_refusal(pool, refused, done));
  while (done < 20) executor.run_one();
  EXPECT_GE(refused, 1);
  EXPECT_LE(refused, 18) << "the queue's two places are used";
}

}  // namespace
}  // namespace chatelaine::accounts
