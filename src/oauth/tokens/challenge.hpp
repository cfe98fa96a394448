#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "oauth/oauth_error.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::oauth {

/// What a challenge asks for beside a token, and where to read more; what is empty is left out.
struct ChallengeHints {
  Scope scope = {};
  /// RFC 9728 §5.1.
  std::string resource_metadata = {};
  /// RFC 9470 §3: how old the sign-in may be.
  std::optional<std::chrono::seconds> max_age = std::nullopt;
};

/// The value of `WWW-Authenticate` (RFC 6750 §3): `Bearer realm="…", error="…", error_description="…", max_age="…",
/// scope="…", resource_metadata="…"`. `error` is nothing where the request had no token (RFC 6750 §3.1: then no code is
/// told). Whatever the arguments hold, the value stays one line and its quotes stay closed.
[[nodiscard]] std::string make_bearer_challenge(std::string_view realm, const std::optional<OAuthError>& error,
                                                const ChallengeHints& hints);

}  // namespace chatelaine::oauth
