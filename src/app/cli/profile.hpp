#pragma once

#include <filesystem>
#include <string_view>

#include "app/cli/command.hpp"
#include "app/profiles/known_profiles.hpp"

namespace chatelaine::app {

/// The directory of the configuration, where there is one: what is known of assistants needs none.
[[nodiscard]] std::filesystem::path find_profiles_directory(const Arguments& arguments);

/// The profile of that name or alias, out of what is built in and the directory of the configuration. Throws WrongUsage
/// with every fault of the files, and where there is no such profile with the names that there are.
[[nodiscard]] KnownProfile find_profile(const std::filesystem::path& directory, std::string_view name);

}  // namespace chatelaine::app
