#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/wiring/api_changes.hpp"

/// What was open when `chatelaine expose` last wrote, kept beside the configuration: what the description's own
/// `security` opens leaves no trace in that, so that nothing else could tell what it opens more.
namespace chatelaine::app {

/// `chatelaine.exposed.json`, for `chatelaine.toml`.
[[nodiscard]] std::filesystem::path kept_calls_file(const std::filesystem::path& configuration);

/// Nothing where there is no such file. Throws WrongUsage where it cannot be read.
[[nodiscard]] std::optional<std::vector<OpenCall>> read_kept_calls(const std::filesystem::path& configuration);

/// Writes what `write_open_calls` gave, where it is another text. Throws CommandFailed.
void keep_open_calls(const std::filesystem::path& configuration, const std::string& text);

}  // namespace chatelaine::app
