#pragma once

#include <optional>
#include <string_view>

namespace chatelaine::oauth {

/// The token of an `Authorization: Bearer …` header (RFC 6750 §2.1), as a view into the header's value. Nothing where
/// the scheme (in any case) is another one or what follows is no b64token.
[[nodiscard]] std::optional<std::string_view> parse_bearer_header(std::string_view header);

}  // namespace chatelaine::oauth
