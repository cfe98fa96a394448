#include "app/wiring/housekeeping.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "storage/conformance/backend.hpp"
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

}  // namespace
}  // namespace chatelaine::app
