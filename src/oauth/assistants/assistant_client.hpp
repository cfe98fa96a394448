#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/assistants/assistant_profile.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"

/// A client that an operator registers for an assistant, out of what is known of that.
namespace chatelaine::oauth {

/// Gives the client what the assistant uses: grants, authentication methods, PKCE, which is optional only where the
/// assistant cannot do it, and redirect_uri in its token request, which may be left out only where the assistant leaves
/// it out. Of the grants and methods that the client has already those stay that the assistant can use,
/// a secret by every way in which it sends one. A client of which no method stays gets those of one that is added.
void apply_profile(const AssistantProfile& profile, Client& client);

/// The client takes its secret by every way in which the assistant sends one: which it takes of them is for the
/// assistant to choose, by the server's metadata. Without a secret that the assistant sends nothing changes.
void take_secret_by_every_way(const AssistantProfile& profile, Client& client);

/// The redirect URIs of such a client: those that need nothing more to be known, and those with an open part that
/// `given` show, or `values` fill, on every host of the assistant that has such a one; a port of `given` is of its own
/// URI alone. The error, invalid_request, lists the templates: for a URI that fits none, and for a value that fills
/// none.
[[nodiscard]] Result<std::vector<RedirectUri>> list_redirect_uris(const AssistantProfile& profile,
                                                                  const std::vector<RedirectUri>& given,
                                                                  std::vector<std::string> values);

/// What stands in the open part of the assistant's redirect URIs where `typed` is that, or a whole URI that fits one of
/// them, or of an assistant that has a host of its own the URL of that. The error, invalid_request, lists the
/// templates: for what can stand in none, and for what repeats what a template has before its open part (`g-abc` for
/// `g-{id}`), with what to type instead.
[[nodiscard]] Result<std::string> read_redirect_value(const AssistantProfile& profile, std::string_view typed);

/// Whether the assistant can be this client: invalid_request with what does not go together.
[[nodiscard]] Result<void> check_client_for(const AssistantProfile& profile, const Client& client);

}  // namespace chatelaine::oauth
