#pragma once

#include <string_view>

#include "app/cli/session.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/protected_resource.hpp"

/// What a client has to do with the resources that tokens are for.
namespace chatelaine::app {

inline constexpr Argument kAccessTokenFormat{
    ArgumentKind::value, "--access-token-format", "jwt|opaque|default",
    "How its access tokens are written; default, as without it: as the resource has it, else [tokens] access_format"};
inline constexpr Argument kIntrospects{
    ArgumentKind::values, "--introspects", "RESOURCE",
    "A resource that it is the server of: it may ask about every token for it; may stand several times; none: nothing "
    "but its own tokens, as without it"};

/// Lays the two options over a client; the rest of it stays. Resources are kept by their identifiers. Throws WrongUsage
/// where a format or a resource is unknown.
void apply_resource_options(oauth::Client& client, const Arguments& arguments,
                            const oauth::ProtectedResources& resources);

/// "jwt", "opaque" or "default".
[[nodiscard]] std::string_view access_token_format_name(const oauth::Client& client);
/// Identifiers; null of a client that was registered before this could be said, which means `[api] resource`.
[[nodiscard]] json::value list_introspected(const oauth::Client& client);

}  // namespace chatelaine::app
