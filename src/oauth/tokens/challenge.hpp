#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oauth/oauth_error.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::oauth {

/// The value of `WWW-Authenticate` (RFC 6750 §3, RFC 9728 §5.1): `Bearer realm="…", error="…", error_description="…",
/// scope="…", resource_metadata="…"`. `error` is nothing where the request had no token (RFC 6750 §3.1: then no code is
/// told); an empty `needed` or `resource_metadata` is left out. Whatever the arguments hold, the value stays one line
/// and its quotes stay closed.
[[nodiscard]] std::string make_bearer_challenge(std::string_view realm, const std::optional<OAuthError>& error,
                                                const Scope& needed, std::string_view resource_metadata = {});

}  // namespace chatelaine::oauth
