#pragma once

#include <expected>
#include <string_view>

#include "base/form.hpp"

namespace chatelaine::oauth {

/// The one parameter that may come more than once (RFC 8707 §2).
inline constexpr std::string_view kResourceParameter = "resource";

/// The parameters of an OAuth request, from a query or a form body: each name once (RFC 6749 §3.1, §3.2) but
/// kResourceParameter.
[[nodiscard]] std::expected<Form, FormError> parse_parameters(std::string_view text);

}  // namespace chatelaine::oauth
