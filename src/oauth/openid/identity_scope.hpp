#pragma once

#include <array>
#include <string_view>

#include "oauth/clients/client.hpp"
#include "oauth/flows.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::oauth {

/// A scope that asks about the person and not for the API (OpenID Connect Core §5.4, §11).
struct IdentityScope {
  std::string_view name;
  /// As the consent page says it, unless the operator has a sentence: "The client wants to …".
  std::string_view sentence;
};

/// Every one, in the order in which the metadata lists them. They are no part of a client's own scope: `Client::openid`
/// says whether it may ask for them, and it gets none unless it does. Plugins that leave `scope` empty mean the API.
inline constexpr std::array kIdentityScopes{IdentityScope{"openid", "know who you are here"},
                                            IdentityScope{"profile", "see your name"},
                                            IdentityScope{"email", "see your e-mail address"},
                                            IdentityScope{"offline_access", "stay connected while you are away"}};

/// All of their names.
[[nodiscard]] Scope identity_scope();

/// Those that a client may ask for here: none where it may not, or OpenID Connect is off.
[[nodiscard]] Scope identity_scope_of(const Client& client, const Flows& flows);

/// As `narrow_scope`, where what `identity` holds may be asked for as well but does not come unasked. With
/// `openid`, a scope that nobody here knows is left out rather than refused (OpenID Connect Core §3.1.2.1).
[[nodiscard]] Result<Scope> narrow_requested_scope(std::optional<std::string_view> requested, const Scope& allowed,
                                                   const Scope& identity);

}  // namespace chatelaine::oauth
