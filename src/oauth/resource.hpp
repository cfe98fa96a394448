#pragma once

#include <optional>
#include <string_view>

#include "oauth/oauth_error.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// RFC 8707 §2: a `resource` that is asked for must be ours, with or without a trailing slash; else invalid_target.
[[nodiscard]] Result<void> check_resource(std::optional<std::string_view> requested, const Resource& own);

}  // namespace chatelaine::oauth
