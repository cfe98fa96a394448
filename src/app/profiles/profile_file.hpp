#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/read.hpp"
#include "oauth/assistants/assistant_profile.hpp"

namespace chatelaine::app {

/// A profile as a file has it.
struct ProfileFile {
  oauth::AssistantProfile profile;
  /// Of the top's keys, for what only shows beside other profiles.
  std::map<std::string, std::uint32_t, std::less<>> lines;
};

/// Reads the text of a profile; every fault is named, not only the first. The profile's name is that of `file`, without
/// its `.toml`; `file` stands in the faults.
[[nodiscard]] std::expected<ProfileFile, std::vector<ConfigurationFault>> parse_profile(
    std::string_view text, const std::filesystem::path& file);

/// docs/operators/profiles.md.
[[nodiscard]] std::string render_profile_reference();

}  // namespace chatelaine::app
