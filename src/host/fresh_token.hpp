#pragma once

#include <cstdint>
#include <optional>

#include "base/task.hpp"
#include "host/context.hpp"
#include "host/host_error.hpp"
#include "host/plugins.hpp"

namespace chatelaine::host {

/// An access token that may be sent now.
struct FreshToken {
  oauth::AccessTokenSecret access_token;
  storage::ConnectionId connection_id;
  /// The connection's version that it belongs to.
  std::uint32_t version = 0;
  /// Whether the API may still be asked for a newer one.
  bool is_refreshable = false;
};

/// How long a caller may hold the right to refresh; longer than the token request may take.
inline constexpr milliseconds kRefreshLease{15'000};

/// How long before its end a token is refreshed: ten seconds, or a fifth of its life if that is less, so that a
/// 59-second token works.
[[nodiscard]] milliseconds refresh_margin(std::optional<seconds> lifetime);

/// The user's access token, refreshed first where it is about to end or where `refused_version` (the version that the
/// API answered with 401) still is the newest. However many callers, loops and processes ask at once, one of them
/// refreshes and the others wait for it.
[[nodiscard]] Task<Outcome<FreshToken>> find_fresh_token(const HostContext& host, const UsablePlugin& plugin,
                                                         oauth::UserId user_id,
                                                         std::optional<std::uint32_t> refused_version);

}  // namespace chatelaine::host
