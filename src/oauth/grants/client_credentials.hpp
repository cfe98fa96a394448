#pragma once

#include "base/form.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// RFC 6749 §4.4: only for confidential clients registered for it. Gives the scope of the token: what was asked for,
/// else the client's own; never a refresh token (§4.4.3).
[[nodiscard]] Result<Scope> decide_client_credentials(const Client& client, const Form& request);

/// Narrows `requested` (absent or empty: all of `allowed`) to a scope, or invalid_scope (RFC 6749 §3.3).
[[nodiscard]] Result<Scope> narrow_scope(std::optional<std::string_view> requested, const Scope& allowed);

/// RFC 8707 §2: every `resource` must be ours, with or without a trailing slash; else invalid_target.
[[nodiscard]] Result<void> check_resource(std::optional<std::string_view> requested, const Resource& own);

}  // namespace chatelaine::oauth
