#include "app/wiring/master_key.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "app/config/configuration_error.hpp"
#include "app/wiring/descriptor.hpp"
#include "app/wiring/secret_file.hpp"
#include "base/base64url.hpp"

namespace chatelaine::app {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
  throw ConfigurationError(fmt::format("{}: {}", file.string(), what));
}

crypto::MasterKey parse_or_fail(std::string_view text, std::string_view source) {
  auto key = crypto::parse_master_key(text);
  if (!key) throw ConfigurationError(fmt::format("{} does not hold a master key (ctl_mk_ and 43 characters)", source));
  return std::move(*key);
}

crypto::MasterKey read_key_file(const std::filesystem::path& path, Permissions permissions) {
  constexpr std::size_t kLargest = 256;
  const auto text = read_secret_file(path, permissions, kLargest);
  if (!text) fail(path, fmt::format("the master key {}", text.error()));
  return parse_or_fail(text->reveal(), path.string());
}

void write_all(int descriptor, std::string_view text, const std::filesystem::path& path) {
  if (::write(descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    fail(path, fmt::format("the master key cannot be written: {}", std::strerror(errno)));
}

/// The key is complete in a file of its own before it gets its name, and a name is given once: whoever comes second
/// finds the first one's key.
void make_key_file(const std::filesystem::path& path, Randomness& randomness) {
  const std::filesystem::path draft = path.string() + "." + hex_encode(randomness.bytes(8));
  const Descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0)
    fail(path, fmt::format("the master key cannot be made here ({}); give it in CHATELAINE_MASTER_KEY_FILE instead",
                           std::strerror(errno)));
  const SecretBytes text = crypto::format_master_key(crypto::generate_master_key(randomness));
  write_all(file.get(), text.reveal(), draft);
  write_all(file.get(), "\n", draft);
  if (::fsync(file.get()) != 0) fail(draft, fmt::format("the master key cannot be written: {}", std::strerror(errno)));
  const bool is_linked = ::link(draft.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(draft.c_str());
  if (!is_linked && error != EEXIST) fail(path, fmt::format("the master key cannot be made: {}", std::strerror(error)));
  const Descriptor directory(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
}

}  // namespace

std::optional<std::string> read_process_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

crypto::MasterKey find_or_make_master_key(const std::filesystem::path& configuration_directory,
                                          const Environment& environment, Randomness& randomness) {
  if (auto text = environment("CHATELAINE_MASTER_KEY")) {
    const SecretBytes secret(*text);
    wipe(text->data(), text->size());
    return parse_or_fail(secret.reveal(), "CHATELAINE_MASTER_KEY");
  }
  if (const auto file = environment("CHATELAINE_MASTER_KEY_FILE")) return read_key_file(*file, Permissions::as_mounted);
  if (const auto directory = environment("CREDENTIALS_DIRECTORY")) {
    const auto file = std::filesystem::path(*directory) / "chatelaine-master-key";
    if (std::filesystem::exists(file)) return read_key_file(file, Permissions::as_mounted);
  }
  const auto file = configuration_directory / "chatelaine.key";
  if (!std::filesystem::exists(file)) make_key_file(file, randomness);
  return read_key_file(file, Permissions::ours_alone);
}

}  // namespace chatelaine::app
