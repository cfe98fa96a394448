#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>

#include "base/secret.hpp"

namespace chatelaine::app {

/// Whether group and others may read a file with a secret: a mounted one is its platform's business, our own ours.
enum class Permissions : std::uint8_t { ours_alone, as_mounted };

/// The file's bytes, at most `most`; no copy of them stays. The error is the rest of a sentence that begins with what
/// the file holds: "cannot be read: …", "may be read by others than its owner; run: chmod 600 …".
[[nodiscard]] std::expected<SecretBytes, std::string> read_secret_file(const std::filesystem::path& path,
                                                                       Permissions permissions, std::size_t most);

}  // namespace chatelaine::app
