#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/configuration.hpp"

namespace chatelaine::app {

/// One thing that is wrong with the file.
struct ConfigurationFault {
  std::filesystem::path file;
  /// From 1; 0 where the whole file is meant.
  std::uint32_t line = 0;
  /// `api.timeout`; empty where the whole file is meant.
  std::string key;
  std::string message;

  /// `chatelaine.toml:7: api.timeout: must be …`.
  [[nodiscard]] std::string to_string() const;
};

using ConfigurationResult = std::expected<Configuration, std::vector<ConfigurationFault>>;

/// Reads the text of a configuration; every fault is named, not only the first. `file` says whose directory relative
/// files are seen from, and stands in the faults.
[[nodiscard]] ConfigurationResult parse_configuration(std::string_view text, const std::filesystem::path& file);
[[nodiscard]] ConfigurationResult read_configuration(const std::filesystem::path& file);

/// The file that was named, else ./chatelaine.toml, else /etc/chatelaine/chatelaine.toml; nothing where none is there.
[[nodiscard]] std::optional<std::filesystem::path> find_configuration_file(const std::optional<std::string>& named);

}  // namespace chatelaine::app
