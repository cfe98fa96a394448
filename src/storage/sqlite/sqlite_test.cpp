#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "storage/conformance/backend.hpp"
#include "storage/conformance/samples.hpp"
#include "storage/fault.hpp"
#include "storage/sqlite/sqlite_storage.hpp"

namespace chatelaine::storage {
namespace {

using namespace conformance;

class Sqlite : public testing::Test {
 protected:
  std::unique_ptr<Storage> open() { return open_sqlite(file_, clock_, log_); }
  /// Runs a statement on a connection of its own, as another program would.
  void execute(const std::string& sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(connection);
    sqlite3_close(connection);
  }
  /// What SQLite itself finds wrong with the file: "ok" where nothing is.
  std::string check_integrity() {
    sqlite3* connection = nullptr;
    EXPECT_EQ(sqlite3_open(file_.c_str(), &connection), SQLITE_OK);
    std::string answer;
    const auto keep = [](void* to, int, char** values, char**) {
      *static_cast<std::string*>(to) += values[0];
      return 0;
    };
    sqlite3_exec(connection, "PRAGMA integrity_check", keep, &answer, nullptr);
    sqlite3_close(connection);
    return answer;
  }
  /// The sentence with which opening is refused.
  std::string refusal() {
    try {
      open();
    } catch (const StorageFault& fault) {
      return fault.what();
    }
    return "";
  }
  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "chatelaine.sqlite";
  SystemClock clock_;
  SilentLog log_;
};

/// Counts what an operator should look at.
class KeptLog final : public Log {
 public:
  void write(Level level, std::string_view, std::initializer_list<Field>) override {
    if (level == Level::warning) ++warnings;
  }
  int warnings = 0;
};

/// A umask for as long as it lives.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

TEST_F(Sqlite, ItsFilesAndTheDirectoryThatItMakesAreTheOwnersAloneWhateverTheUmask) {
  const Umask open_to_all(0);
  file_ = directory_.path() / "made" / "deeper" / "chatelaine.sqlite";
  const auto storage = open();
  furnish(*storage);
  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_EQ(mode_of(file_.string() + "-wal"), 0600U);
  EXPECT_EQ(mode_of(file_.string() + "-shm"), 0600U);
  EXPECT_EQ(mode_of(file_.parent_path()), 0700U);
  EXPECT_EQ(mode_of(file_.parent_path().parent_path()), 0700U);
}

TEST_F(Sqlite, AFileThatOthersCouldReadIsClosedToThem) {
  {
    std::ofstream(file_).flush();
  }
  ASSERT_EQ(::chmod(file_.c_str(), 0644), 0);
  const auto storage = open();
  furnish(*storage);
  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_EQ(mode_of(file_.string() + "-wal"), 0600U);
}

TEST_F(Sqlite, WhatStandsBesideTheFileIsClosedToOthersToo) {
  const auto other_process = open();
  furnish(*other_process);
  const std::string siblings[] = {file_.string() + "-wal", file_.string() + "-shm", file_.string() + "-journal"};
  // Only a database without WAL has one; SQLite takes an empty one for none.
  std::ofstream(siblings[2]).flush();
  for (const std::string& sibling : siblings) ASSERT_EQ(::chmod(sibling.c_str(), 0666), 0) << sibling;
  const auto storage = open();
  for (const std::string& sibling : siblings) EXPECT_EQ(mode_of(sibling), 0600U) << sibling;
}

TEST_F(Sqlite, ADirectoryThatOthersMayWriteToIsSaidToTheLog) {
  KeptLog log;
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
  EXPECT_TRUE(open_sqlite(file_, clock_, log));
  EXPECT_EQ(log.warnings, 0);
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0777), 0);
  EXPECT_TRUE(open_sqlite(file_, clock_, log));
  EXPECT_EQ(log.warnings, 1);
  ASSERT_EQ(::chmod(directory_.path().c_str(), 01777), 0);
  EXPECT_TRUE(open_sqlite(file_, clock_, log));
  EXPECT_EQ(log.warnings, 1) << "sticky";
}

TEST_F(Sqlite, WhatWasKeptIsThereAfterReopening) {
  std::uint64_t count = 0;
  {
    const auto storage = open();
    furnish(*storage);
    give_grant(*storage, 10);
    block_on(storage->access_tokens().revoke_access_token({9}, kNow));
    count = storage->change_count();
  }
  const auto storage = open();
  EXPECT_EQ(block_on(storage->users().list_users()).size(), 2U);
  EXPECT_EQ(block_on(storage->clients().list_clients()).size(), 2U);
  EXPECT_TRUE(block_on(storage->grants().is_grant_active({10})));
  EXPECT_TRUE(block_on(storage->access_tokens().is_access_token_revoked({9})));
  EXPECT_GE(storage->change_count(), count);
}

TEST_F(Sqlite, ClosingLeavesOneFile) {
  {
    furnish(*open());
  }
  EXPECT_TRUE(std::filesystem::exists(file_));
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-wal"));
}

TEST_F(Sqlite, ClosingFinishesWhatIsQueued) {
  BlockingExecutor executor;
  std::vector<oauth::Client> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(some_client("client-" + std::to_string(i)));
  int added = 0;
  {
    const auto storage = open();
    const auto add = [](Storage& to, const oauth::Client& client, int& count) -> Task<void> {
      const bool is_added = co_await to.clients().add_client(client);
      if (is_added) ++count;
    };
    for (const auto& client : clients) spawn(executor, add(*storage, client, added));
  }
  while (added < 100) executor.run_one();
  EXPECT_EQ(block_on(open()->clients().list_clients()).size(), 100U);
}

TEST_F(Sqlite, WhatComesTogetherSharesACommit) {
  const auto storage = open();
  furnish(*storage);
  for (int id = 10; id < 30; ++id) give_grant(*storage, id);
  const std::uint64_t before = storage->change_count();
  BlockingExecutor executor;
  int revoked = 0;
  const auto revoke = [](Storage& from, oauth::GrantId id, int& count) -> Task<void> {
    const bool is_revoked = co_await from.grants().revoke_grant(id, oauth::RevocationReason::by_operator, kNow);
    if (is_revoked) ++count;
  };
  for (int id = 10; id < 30; ++id) spawn(executor, revoke(*storage, {id}, revoked));
  while (revoked < 20) executor.run_one();
  EXPECT_EQ(storage->change_count(), before + 1);
}

TEST_F(Sqlite, AChangeOfAnotherProcessCountsWithinASecond) {
  const auto server = open();
  furnish(*server);
  give_grant(*server, 10);
  EXPECT_TRUE(block_on(server->grants().is_grant_active({10})));
  const std::uint64_t before = server->change_count();
  const auto command = open();
  block_on(command->grants().revoke_grant({10}, oauth::RevocationReason::by_operator, kNow));
  const auto deadline = std::chrono::steady_clock::now() + seconds(1);
  while (server->change_count() == before && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_GT(server->change_count(), before);
  EXPECT_FALSE(block_on(server->grants().is_grant_active({10})));
}

TEST_F(Sqlite, TwoWritersOfOneFileWaitForEachOther) {
  const auto one = open();
  const auto two = open();
  const auto added = race([&](int i) {
    const oauth::Client client = some_client("client-" + std::to_string(i));
    return block_on((i % 2 == 0 ? one : two)->clients().add_client(client)) ? 1 : 0;
  });
  EXPECT_EQ(std::ranges::count(added, 1), 32);
  EXPECT_EQ(block_on(one->clients().list_clients()).size(), 32U);
}

TEST_F(Sqlite, ManyThatStartAtOnceMakeOneSchema) {
  const auto opened = race([&](int) { return open() != nullptr ? 1 : 0; });
  EXPECT_EQ(std::ranges::count(opened, 1), 32);
}

TEST_F(Sqlite, ADatabaseOfANewerVersionIsRefused) {
  open();
  execute("PRAGMA user_version = 4711");
  const std::string sentence = refusal();
  EXPECT_NE(sentence.find("newer version of Chatelaine (schema 4711"), std::string::npos) << sentence;
}

TEST_F(Sqlite, ADatabaseOfAnotherProgramIsRefused) {
  execute("CREATE TABLE recipes (name TEXT)");
  const std::string sentence = refusal();
  EXPECT_NE(sentence.find("belongs to another program"), std::string::npos) << sentence;
}

TEST_F(Sqlite, AFileThatIsNoDatabaseIsRefused) {
  std::ofstream(file_) << std::string(4096, 'x');
  EXPECT_NE(refusal(), "");
}

TEST_F(Sqlite, APathThatCannotBeMadeIsRefusedWithASentence) {
  file_ = "/dev/null/chatelaine.sqlite";
  EXPECT_NE(refusal().find("cannot make"), std::string::npos);
}

/// No file of this process may grow beyond `bytes` for as long as it lives: to SQLite, a failing disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }

 private:
  void (*signal_)(int);
  rlimit before_{};
};

TEST_F(Sqlite, WithoutSpaceWritesFaultAndReadsGoOnAndSpaceIsUsedAgainWithoutRestart) {
  const auto storage = open();
  furnish(*storage);
  int kept = 0;
  const auto add_clients = [&](int first, int last) {
    int faults = 0;
    for (int i = first; i < last; ++i) {
      oauth::Client client = some_client("client-" + std::to_string(i));
      client.name = std::string(10'000, 'n');
      try {
        kept += block_on(storage->clients().add_client(client)) ? 1 : 0;
      } catch (const StorageFault&) {
        ++faults;
      }
    }
    return faults;
  };
  {
    const FileSizeLimit limit(std::filesystem::file_size(file_.string() + "-wal") + 100'000);
    EXPECT_GT(add_clients(0, 30), 0);
    EXPECT_GT(kept, 0);
    EXPECT_EQ(block_on(storage->clients().list_clients()).size(), static_cast<std::size_t>(2 + kept));
    EXPECT_TRUE(block_on(storage->users().find_user({1})));
  }
  EXPECT_EQ(add_clients(100, 110), 0);
  EXPECT_EQ(block_on(storage->clients().list_clients()).size(), static_cast<std::size_t>(2 + kept));
  EXPECT_EQ(check_integrity(), "ok");
}

TEST_F(Sqlite, AVerbThatFailsFailsAlone) {
  const auto storage = open();
  const auto faults = race([&](int i) {
    // All have one name: the first is kept, the others break the constraint, and the clients beside them do not mind.
    const StoredKey key = some_key(100 + i, KeyPurpose::sign_tokens, "kid");
    const oauth::Client client = some_client("client-" + std::to_string(i));
    int faulted = 0;
    try {
      block_on(storage->keys().add_key(key));
    } catch (const StorageFault&) {
      faulted = 1;
    }
    block_on(storage->clients().add_client(client));
    return faulted;
  });
  EXPECT_EQ(std::ranges::count(faults, 1), 31);
  EXPECT_EQ(block_on(storage->clients().list_clients()).size(), 32U);
}

TEST_F(Sqlite, RemovingWhatExpiredIsBoundedAndGoesOnWithTheNextCall) {
  const auto storage = open();
  for (int i = 0; i < 2500; ++i) block_on(storage->access_tokens().revoke_access_token({i + 1}, kNow));
  const Instant then = kNow + kSpentIsKept;
  EXPECT_TRUE(block_on(storage->remove_expired(then)));
  EXPECT_TRUE(block_on(storage->access_tokens().is_access_token_revoked({2500})));
  EXPECT_TRUE(block_on(storage->remove_expired(then)));
  EXPECT_FALSE(block_on(storage->remove_expired(then)));
  const oauth::Client client = some_client("changes-the-count");
  block_on(storage->clients().add_client(client));
  EXPECT_FALSE(block_on(storage->access_tokens().is_access_token_revoked({2500})));
}

}  // namespace
}  // namespace chatelaine::storage
