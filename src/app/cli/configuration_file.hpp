#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "app/cli/command.hpp"
#include "app/config/configuration.hpp"

/// What `init` and `expose` share: the file that they write.
namespace chatelaine::app {

/// `--listen`; without it a loopback issuer names the port that it means, and behind a proxy anything serves.
[[nodiscard]] std::string choose_listen(const Arguments& arguments, std::string_view issuer);

/// A new file's text as it would be read, so that what is written always starts. Throws WrongUsage with the first
/// fault.
[[nodiscard]] Configuration check_text(const std::string& text, const std::filesystem::path& file);

/// Throws WrongUsage where it cannot be read.
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

/// Writes a file that was not there, durably, for its owner alone. Throws CommandFailed where there is one.
void write_new_file(const std::filesystem::path& file, std::string_view text);

/// Puts a new text in the place of a file's, durably and at once: who reads it finds the old one or the new one. Its
/// owner and mode stay. Throws CommandFailed, and leaves the old text.
void replace_file(const std::filesystem::path& file, std::string_view text);

}  // namespace chatelaine::app
