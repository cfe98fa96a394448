#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chatelaine::gateway::mcp {

/// A release of the Model Context Protocol that is spoken here: the newest and the two before it.
enum class Release : std::uint8_t { r2025_06_18, r2025_11_25, r2026_07_28 };

/// Newest first, as `server/discover` and errors list them.
inline constexpr std::array kReleases{Release::r2026_07_28, Release::r2025_11_25, Release::r2025_06_18};

[[nodiscard]] std::string_view to_string(Release release);
[[nodiscard]] std::optional<Release> parse_release(std::string_view text);

/// From 2026-07-28 on each request says all that it needs; before, an `initialize` came first.
[[nodiscard]] constexpr bool is_stateless(Release release) { return release == Release::r2026_07_28; }
/// What `initialize` is answered with: the release asked for where it has that handshake, else the newest that has.
[[nodiscard]] Release negotiate(std::string_view asked);

}  // namespace chatelaine::gateway::mcp
