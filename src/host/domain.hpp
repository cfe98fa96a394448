#pragma once

#include <string>
#include <string_view>

#include "base/uri.hpp"
#include "host/host_error.hpp"
#include "host/settings.hpp"

namespace chatelaine::host {

/// Where a plugin lives: `host[:port]`, lower case, and where its manifest is.
struct PluginDomain {
  std::string name;
  /// `https://DOMAIN/.well-known/ai-plugin.json`; http on loopback where the host allows that.
  HttpUrl manifest_url;
};

/// Reads a domain as a person types it. Localhost, private and reserved addresses, and names that only a local network
/// resolves are refused by spelling, with a sentence; the fetch checks the resolved address as well.
[[nodiscard]] Outcome<PluginDomain> parse_plugin_domain(std::string_view text, const HostSettings& settings);

}  // namespace chatelaine::host
