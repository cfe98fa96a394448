#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "app/config/read.hpp"

/// A configuration's text as the tests read it.
namespace chatelaine::app {

inline const std::filesystem::path kFile = "/etc/chatelaine/c.toml";

/// A line each; empty where there is none.
inline std::string faults_of(std::string_view text) {
  const auto read = parse_configuration(text, kFile);
  if (read) return "";
  std::string faults;
  for (const ConfigurationFault& fault : read.error()) faults += (faults.empty() ? "" : "\n") + fault.to_string();
  return faults;
}

}  // namespace chatelaine::app
