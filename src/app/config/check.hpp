#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/config/configuration.hpp"
#include "app/config/read.hpp"
#include "app/config/schema.hpp"

namespace chatelaine::app {

/// Which keys and tables the file has, with their lines.
struct GivenKeys {
  std::map<std::string, std::uint32_t, std::less<>> keys;
  std::map<std::string, std::uint32_t, std::less<>> tables;
};

/// What is wrong between keys rather than in one: something missing, something without its other half.
[[nodiscard]] std::vector<ConfigurationFault> check_whole(const ConfigurationDraft& draft, const GivenKeys& given);

/// Fills the defaults that depend on other keys, and keeps the sides that the file asks for.
[[nodiscard]] Configuration finish_draft(ConfigurationDraft draft, const GivenKeys& given,
                                         const std::filesystem::path& file);

}  // namespace chatelaine::app
