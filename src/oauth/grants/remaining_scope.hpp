#pragma once

#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::oauth {

/// What of the scope that a user allowed a client may still have (RFC 6749 §3.3): the operator may have narrowed the
/// client since. invalid_scope where nothing is left of something: a token without a scope opens what needs none.
[[nodiscard]] Result<Scope> find_remaining_scope(const Scope& allowed, const Client& client);

}  // namespace chatelaine::oauth
