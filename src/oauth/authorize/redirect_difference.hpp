#pragma once

#include <span>
#include <string>
#include <string_view>

#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// Why two redirect URIs that should be one are two, in a sentence for whoever looks into it: the slash at the end, the
/// scheme, the port, an assistant that comes from two hosts, a GPT that was saved again and has another id since. Empty
/// where they are equal, or differ in too much for it to be a slip.
[[nodiscard]] std::string explain_redirect_difference(std::string_view came, std::string_view expected);

/// The same for a redirect URI that none of the client's equals: what came, what is registered, and how it differs from
/// the nearest of those.
[[nodiscard]] std::string explain_unregistered(std::string_view came, std::span<const RedirectUri> registered);

}  // namespace chatelaine::oauth
