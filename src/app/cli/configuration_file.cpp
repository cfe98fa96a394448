#include "app/cli/configuration_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "app/config/read.hpp"

namespace chatelaine::app {
namespace {

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// So that the name itself outlives a power cut.
void sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::string choose_listen(const Arguments& arguments, std::string_view issuer) {
  if (const auto listen = arguments.find("--listen")) return *listen;
  const auto url = parse_http_url(issuer);
  if (!url || url->scheme != "http" || !url->has_port) return "127.0.0.1:8080";
  return fmt::format("{}:{}", url->host == "::1" ? "[::1]" : "127.0.0.1", url->port);
}

Configuration check_text(const std::string& text, const std::filesystem::path& file) {
  auto configuration = parse_configuration(text, file);
  if (configuration) return std::move(*configuration);
  const ConfigurationFault& fault = configuration.error().front();
  throw WrongUsage(fault.key.empty() ? fault.message : fmt::format("{} {}", fault.key, fault.message));
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) throw WrongUsage(fmt::format("{} cannot be read", file.string()));
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write_new_file(const std::filesystem::path& file, std::string_view text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) throw CommandFailed(fmt::format("{}: {}", file.string(), std::strerror(errno)));
  const bool is_written = write_all(descriptor, text) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (is_written) return sync_directory(file.parent_path());
  ::unlink(file.c_str());
  throw CommandFailed(fmt::format("{} cannot be written", file.string()));
}

void replace_file(const std::filesystem::path& file, std::string_view text) {
  // What a link names is replaced, not the link.
  std::error_code error;
  const auto target = std::filesystem::canonical(file, error);
  struct stat before{};
  if (error || ::stat(target.c_str(), &before) != 0)
    throw CommandFailed(fmt::format("{} cannot be read", file.string()));
  const std::filesystem::path fresh = fmt::format("{}.{}.new", target.string(), ::getpid());
  write_new_file(fresh, text);
  const bool keeps_mode =
      ::chown(fresh.c_str(), before.st_uid, before.st_gid) == 0 && ::chmod(fresh.c_str(), before.st_mode & 07777U) == 0;
  if (!keeps_mode || ::rename(fresh.c_str(), target.c_str()) != 0) {
    const std::string reason = std::strerror(errno);
    ::unlink(fresh.c_str());
    throw CommandFailed(fmt::format("{} cannot be replaced: {}", file.string(), reason));
  }
  sync_directory(target.parent_path());
}

}  // namespace chatelaine::app
