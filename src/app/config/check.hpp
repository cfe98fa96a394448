#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/config/configuration.hpp"
#include "app/config/read.hpp"
#include "app/config/schema.hpp"

namespace chatelaine::app {

/// The line of each key or table.
using Lines = std::map<std::string, std::uint32_t, std::less<>>;

/// Which keys and tables the file has, with their lines.
struct GivenKeys {
  /// By path, as `api.timeout`. In a table that stands several times: the line of the first.
  Lines keys;
  Lines tables;
  /// The keys of each `[[resource]]`, by path: as many, and in the same order, as ProviderConfiguration has.
  std::vector<Lines> resources;
  /// The same of each `[[user_source]]`, and by `user_source` where it begins.
  std::vector<Lines> user_sources;
};

/// What is wrong between keys rather than in one: something missing, something without its other half.
[[nodiscard]] std::vector<ConfigurationFault> check_whole(const ConfigurationDraft& draft, const GivenKeys& given);

/// Fills the defaults that depend on other keys, and keeps the sides that the file asks for.
[[nodiscard]] Configuration finish_draft(ConfigurationDraft draft, const GivenKeys& given,
                                         const std::filesystem::path& file);

}  // namespace chatelaine::app
