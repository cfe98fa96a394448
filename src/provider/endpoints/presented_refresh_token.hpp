#pragma once

#include <optional>
#include <string_view>

#include "base/task.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/tokens/refresh_token.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// A refresh token of ours that somebody presented, of whatever generation, and the grant that it was made for.
struct PresentedRefreshToken {
  oauth::RefreshToken token;
  oauth::Grant grant;
};

/// Nothing where the text is no refresh token of this server or its grant is gone. A forgery fails on the outer tag,
/// before storage is asked. `keys` and `text` outlive the task.
[[nodiscard]] Task<std::optional<PresentedRefreshToken>> find_presented(const Context& context,
                                                                        const tokens::KeySet& keys,
                                                                        std::string_view text);

}  // namespace chatelaine::provider::endpoints
