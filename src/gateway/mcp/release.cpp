#include "gateway/mcp/release.hpp"

#include <algorithm>

namespace chatelaine::gateway::mcp {

std::string_view to_string(Release release) {
  switch (release) {
    case Release::r2025_06_18:
      return "2025-06-18";
    case Release::r2025_11_25:
      return "2025-11-25";
    case Release::r2026_07_28:
      return "2026-07-28";
  }
  return "";
}

std::optional<Release> parse_release(std::string_view text) {
  const auto found = std::ranges::find(kReleases, text, to_string);
  return found == kReleases.end() ? std::nullopt : std::optional(*found);
}

Release negotiate(std::string_view asked) {
  const auto release = parse_release(asked);
  return release && !is_stateless(*release) ? *release : Release::r2025_11_25;
}

}  // namespace chatelaine::gateway::mcp
