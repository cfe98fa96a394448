#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "storage/fault.hpp"
#include "storage/sqlite/schema.hpp"

namespace chatelaine::storage::sqlite {
namespace {

constexpr mode_t kOwnerReadsAndWrites = 0600;
constexpr mode_t kOwnerEnters = 0700;

[[noreturn]] void throw_errno(const std::string& what, const std::filesystem::path& path) {
  throw StorageFault(what + " " + path.string() + ": " + std::generic_category().message(errno));
}

void make_directories(const std::filesystem::path& directory) {
  if (directory.empty() || std::filesystem::exists(directory)) return;
  make_directories(directory.parent_path());
  // mkdir with a mode of its own: the umask can only take rights away.
  if (::mkdir(directory.c_str(), kOwnerEnters) != 0 && errno != EEXIST) throw_errno("cannot make", directory);
}

/// So that a power cut cannot take the name of a new file away.
void sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw_errno("cannot open", directory);
  const int result = ::fsync(descriptor);
  ::close(descriptor);
  if (result != 0) throw_errno("cannot write", directory);
}

/// A sticky directory (/tmp) lets nobody take another's file away.
void warn_of_open_directory(const std::filesystem::path& directory, Log& log) {
  struct stat status{};
  if (::stat(directory.c_str(), &status) != 0) throw_errno("cannot read the directory", directory);
  if ((status.st_mode & 0022) == 0 || (status.st_mode & S_ISVTX) != 0) return;
  log.warning("Others may write to the directory of the database; run: chmod go-w",
              {{"directory", directory.string()}});
}

/// Nothing where the file is not there.
void take_rights_of_others(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    throw_errno("cannot read", file);
  }
  if ((status.st_mode & 0077) == 0) return;
  if (::chmod(file.c_str(), kOwnerReadsAndWrites) != 0 && errno != ENOENT) {
    throw_errno("cannot take the rights of others off", file);
  }
}

}  // namespace

void prepare_file(const std::filesystem::path& file, Log& log) {
  const std::filesystem::path directory = std::filesystem::absolute(file).parent_path();
  make_directories(directory);
  warn_of_open_directory(directory, log);
  // Exclusive, so that a file that is there is never opened here: closing a descriptor of it would end the locks that
  // this process holds on it elsewhere (POSIX).
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerReadsAndWrites);
  if (descriptor >= 0) {
    ::close(descriptor);
    sync_directory(directory);
    return;
  }
  if (errno != EEXIST) throw_errno("cannot make the database", file);
  // SQLite gives the files that it makes beside it the mode of the database itself; those that are there keep theirs.
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) take_rights_of_others(file.string() + suffix);
}

}  // namespace chatelaine::storage::sqlite
