#include "app/wiring/secret_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/wiring/descriptor.hpp"

namespace chatelaine::app {
namespace {

std::unexpected<std::string> unreadable(int error) {
  return std::unexpected(fmt::format("cannot be read: {}", std::strerror(error)));
}

/// Up to `size` bytes; negative where reading failed.
ssize_t read_all(int descriptor, char* buffer, std::size_t size) {
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t count = ::read(descriptor, buffer + filled, size - filled);
    if (count < 0) return count;
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  return static_cast<ssize_t>(filled);
}

}  // namespace

std::expected<SecretBytes, std::string> read_secret_file(const std::filesystem::path& path, Permissions permissions,
                                                         std::size_t most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return unreadable(errno);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return unreadable(errno);
  if (permissions == Permissions::ours_alone && (status.st_mode & 077) != 0)
    return std::unexpected(fmt::format("may be read by others than its owner; run: chmod 600 {}", path.string()));
  std::string buffer(most + 1, '\0');
  const ssize_t count = read_all(file.get(), buffer.data(), buffer.size());
  const int error = errno;
  SecretBytes secret(std::string_view(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0));
  wipe(buffer.data(), buffer.size());
  if (count < 0) return unreadable(error);
  if (secret.reveal().size() > most) return std::unexpected(fmt::format("is larger than {} bytes", most));
  return secret;
}

}  // namespace chatelaine::app
