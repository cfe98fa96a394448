#include "app/wiring/housekeeping.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "storage/conformance/backend.hpp"
#include "storage/memory/memory_storage.hpp"
#include "storage/sqlite/sqlite_storage.hpp"

namespace chatelaine::app {
namespace {

constexpr std::int64_t kExpired = 2'500;

class ManyExpired : public testing::Test {
 protected:
  ManyExpired() {
    for (std::int64_t id = 1; id <= kExpired; ++id) {
      block_on(storage_->access_tokens().revoke_access_token({id}, clock_.now() - storage::kSpentIsKept));
    }
  }
  /// Asked in a thread of its own, which has remembered nothing.
  bool is_there(std::int64_t id) {
    bool is_revoked = false;
    std::jthread([&] { is_revoked = block_on(storage_->access_tokens().is_access_token_revoked({id})); }).join();
    return is_revoked;
  }

  storage::conformance::TemporaryDirectory directory_;
  SystemClock clock_;
  SilentLog log_;
  std::unique_ptr<storage::Storage> storage_ =
      storage::open_sqlite(directory_.path() / "chatelaine.sqlite", clock_, log_);
};

TEST_F(ManyExpired, AreAllRemovedInOneRound) {
  remove_all_expired(*storage_, clock_.now(), [] { return false; });
  EXPECT_FALSE(is_there(1));
  EXPECT_FALSE(is_there(kExpired));
}

TEST_F(ManyExpired, DoNotKeepAServerFromStopping) {
  remove_all_expired(*storage_, clock_.now(), [] { return true; });
  EXPECT_FALSE(is_there(1));
  EXPECT_TRUE(is_there(kExpired));
}

TEST(LedgerChore, RemovesEachKindByItsOwnAgeHoweverManyThereAre) {
  const auto storage = storage::make_memory_storage();
  const SystemClock clock;
  const Instant now = clock.now();
  const auto record = [](Instant at) {
    return storage::CallRecord{.at = at, .client_id = oauth::ClientId("notes"), .operation = "list", .status = 200};
  };
  block_on(storage->ledger().add_calls(std::vector{record(now - std::chrono::hours{3}), record(now)}, 0, now));
  Live<LedgerKeep> keep(make_ledger_keep({.calls = std::chrono::hours{4}, .events = std::chrono::days{1}}));
  const Chore chore = remove_ledger_chore(*storage, keep);
  const auto count = [&] { return block_on(storage->ledger().list_entries({})).size(); };
  chore.run(now, [] { return false; });
  EXPECT_EQ(count(), 2U);
  keep.set(make_ledger_keep({.calls = std::chrono::hours{2}, .events = std::chrono::days{1}}));
  chore.run(now, [] { return false; });
  EXPECT_EQ(count(), 1U) << "what SIGHUP changed counts";
  keep.set(make_ledger_keep({.calls = std::nullopt, .events = std::chrono::days{1}}));
  chore.run(now + seconds{1}, [] { return false; });
  EXPECT_EQ(count(), 0U) << "where none are recorded, none are kept";
}

}  // namespace
}  // namespace chatelaine::app
