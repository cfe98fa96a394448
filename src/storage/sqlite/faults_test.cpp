// A disk that fails at any one moment: SQLite works through a file system that refuses its n-th write or sync.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "storage/conformance/backend.hpp"
#include "storage/conformance/samples.hpp"
#include "storage/fault.hpp"
#include "storage/sqlite/sqlite_storage.hpp"

namespace chatelaine::storage {
namespace {

using namespace conformance;

enum class Failure { full, short_write, sync };

/// What fails, and after how many more calls. Off: a plain file system.
struct Plan {
  std::atomic<bool> is_armed{false};
  std::atomic<Failure> failure{Failure::full};
  std::atomic<int> calls_left{0};

  void arm(Failure kind, int nth) {
    failure = kind;
    calls_left = nth;
    is_armed = true;
  }
  /// Whether this call is the one.
  bool strikes(bool is_sync) {
    if (!is_armed || (failure == Failure::sync) != is_sync) return false;
    if (--calls_left > 0) return false;
    is_armed = false;
    return true;
  }
};
Plan plan;

/// SQLite allocates it, with room for the file system's own file behind it.
struct File : sqlite3_file {
  sqlite3_file* own() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* own(sqlite3_file* file) { return static_cast<File*>(file)->own(); }
sqlite3_vfs* own(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  if (plan.strikes(false)) {
    if (plan.failure == Failure::full) return SQLITE_FULL;
    own(file)->pMethods->xWrite(own(file), bytes, count / 2, offset);
    return SQLITE_IOERR_WRITE;
  }
  return own(file)->pMethods->xWrite(own(file), bytes, count, offset);
}
int sync(sqlite3_file* file, int flags) {
  if (plan.strikes(true)) return SQLITE_IOERR_FSYNC;
  return own(file)->pMethods->xSync(own(file), flags);
}

// The rest is passed on as it comes.
const sqlite3_io_methods kMethods = {
    .iVersion = 2,  // with shared memory, without memory-mapped pages
    .xClose = [](sqlite3_file* f) { return own(f)->pMethods->xClose(own(f)); },
    .xRead = [](sqlite3_file* f, void* to, int count,
                sqlite3_int64 offset) { return own(f)->pMethods->xRead(own(f), to, count, offset); },
    .xWrite = write,
    .xTruncate = [](sqlite3_file* f, sqlite3_int64 size) { return own(f)->pMethods->xTruncate(own(f), size); },
    .xSync = sync,
    .xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return own(f)->pMethods->xFileSize(own(f), size); },
    .xLock = [](sqlite3_file* f, int lock) { return own(f)->pMethods->xLock(own(f), lock); },
    .xUnlock = [](sqlite3_file* f, int lock) { return own(f)->pMethods->xUnlock(own(f), lock); },
    .xCheckReservedLock = [](sqlite3_file* f, int* is) { return own(f)->pMethods->xCheckReservedLock(own(f), is); },
    .xFileControl = [](sqlite3_file* f, int op, void* arg) { return own(f)->pMethods->xFileControl(own(f), op, arg); },
    .xSectorSize = [](sqlite3_file* f) { return own(f)->pMethods->xSectorSize(own(f)); },
    .xDeviceCharacteristics = [](sqlite3_file* f) { return own(f)->pMethods->xDeviceCharacteristics(own(f)); },
    .xShmMap = [](sqlite3_file* f, int page, int size, int extend,
                  void volatile** to) { return own(f)->pMethods->xShmMap(own(f), page, size, extend, to); },
    .xShmLock = [](sqlite3_file* f, int offset, int n,
                   int flags) { return own(f)->pMethods->xShmLock(own(f), offset, n, flags); },
    .xShmBarrier = [](sqlite3_file* f) { own(f)->pMethods->xShmBarrier(own(f)); },
    .xShmUnmap = [](sqlite3_file* f, int remove) { return own(f)->pMethods->xShmUnmap(own(f), remove); },
    .xFetch = nullptr,
    .xUnfetch = nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  const int result = own(vfs)->xOpen(own(vfs), name, own(file), flags, out_flags);
  if (own(file)->pMethods != nullptr) file->pMethods = &kMethods;
  return result;
}

/// The failing file system in place of the real one, for as long as it lives.
class FailingFileSystem {
 public:
  FailingFileSystem() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    vfs_.zName = "failing";
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.pAppData = real_;
    vfs_.pNext = nullptr;
    vfs_.xOpen = open_file;
    sqlite3_vfs_register(&vfs_, 1);
  }
  FailingFileSystem(const FailingFileSystem&) = delete;
  FailingFileSystem& operator=(const FailingFileSystem&) = delete;
  ~FailingFileSystem() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
  }

 private:
  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
};

std::string check_integrity(const std::filesystem::path& file) {
  sqlite3* connection = nullptr;
  EXPECT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
  std::string answer;
  const auto keep = [](void* to, int, char** values, char**) {
    *static_cast<std::string*>(to) += values[0];
    return 0;
  };
  sqlite3_exec(connection, "PRAGMA integrity_check", keep, &answer, nullptr);
  sqlite3_close(connection);
  return answer;
}

struct Trial {
  std::vector<std::string> acknowledged;
  std::vector<std::string> refused;
};

/// Adds three clients while the n-th call fails: what was acknowledged and what was not.
Trial add_clients(Storage& storage) {
  Trial trial;
  for (const char* name : {"first", "second", "third"}) {
    const oauth::Client client = some_client(name);
    try {
      if (block_on(storage.clients().add_client(client))) trial.acknowledged.emplace_back(name);
    } catch (const StorageFault&) {
      trial.refused.emplace_back(name);
    }
  }
  return trial;
}

bool has(Storage& storage, const std::string& client_id) {
  const auto clients = block_on(storage.clients().list_clients());
  return std::ranges::find(clients, oauth::ClientId(client_id), &oauth::Client::id) != clients.end();
}

/// The clients that are there, and those of whose adding the ledger knows: each commits together with the other.
void expect_recorded(Storage& storage) {
  std::set<std::string> present;
  for (const auto& client : block_on(storage.clients().list_clients())) present.insert(client.id.value());
  std::set<std::string> recorded;
  for (const auto& entry : block_on(storage.ledger().list_entries({.part = LedgerFilter::Part::events})))
    if (entry.kind == LedgerKind::client_added) recorded.insert(entry.client_id.value().value());
  EXPECT_EQ(recorded, present);
}

/// Whether the n-th call was reached.
bool check_nth(Failure failure, int nth) {
  const FailingFileSystem file_system;
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "chatelaine.sqlite";
  const std::filesystem::path crashed = directory.path() / "crashed";
  SystemClock clock;
  SilentLog log;
  Trial trial;
  {
    const auto storage = open_sqlite(file, clock, log);
    furnish(*storage);
    plan.arm(failure, nth);
    trial = add_clients(*storage);
    const bool was_reached = !plan.is_armed.exchange(false);
    if (!was_reached) return false;
    EXPECT_EQ(trial.refused.size(), 1U) << nth;
    // As a machine leaves it that stops here.
    std::filesystem::create_directory(crashed);
    for (const char* suffix : {"", "-wal"}) {
      std::filesystem::copy_file(file.string() + suffix, crashed / (file.filename().string() + suffix));
    }
    for (const auto& name : trial.acknowledged) EXPECT_TRUE(has(*storage, name)) << nth << " " << name;
    for (const auto& name : trial.refused) EXPECT_FALSE(has(*storage, name)) << nth << " " << name;
    const oauth::Client after = some_client("after");
    EXPECT_TRUE(block_on(storage->clients().add_client(after))) << nth << ": it writes again";
    expect_recorded(*storage);
  }
  for (const auto& path : {file, crashed / file.filename()}) {
    EXPECT_EQ(check_integrity(path), "ok") << nth << " " << path;
    const auto storage = open_sqlite(path, clock, log);
    for (const auto& name : trial.acknowledged) EXPECT_TRUE(has(*storage, name)) << nth << " " << name << " " << path;
    expect_recorded(*storage);
  }
  EXPECT_TRUE(has(*open_sqlite(file, clock, log), "after")) << nth;
  EXPECT_FALSE(has(*open_sqlite(file, clock, log), trial.refused.front())) << nth;
  return true;
}

struct Row {
  const char* sentence;
  Failure failure;
  int least_calls;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.sentence; }

class FailingDisk : public testing::TestWithParam<Row> {};
TEST_P(FailingDisk, AtAnyMomentLosesNothingThatWasAcknowledgedAndIsUsedAgain) {
  int nth = 1;
  while (check_nth(GetParam().failure, nth) && !HasFailure()) ++nth;
  EXPECT_GT(nth, GetParam().least_calls) << "the failures reach into the writes";
}
INSTANTIATE_TEST_SUITE_P(EachWay, FailingDisk,
                         testing::Values(Row{"a write finds no space", Failure::full, 10},
                                         Row{"a write stops half way", Failure::short_write, 10},
                                         Row{"a sync fails", Failure::sync, 3}),
                         [](const auto& row) {
                           std::string name = row.param.sentence;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

}  // namespace
}  // namespace chatelaine::storage
