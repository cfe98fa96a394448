#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chatelaine::oauth {

/// How the authorization endpoint's answer travels to the client: in the redirect URI's query or fragment (OAuth 2.0
/// Multiple Response Type Encoding Practices §2.1), or posted to it by the browser (OAuth 2.0 Form Post Response Mode
/// §2). For `response_type=code` the default is the query.
enum class ResponseMode : std::uint8_t { query, fragment, form_post };

/// Every one that we support, in the order in which the metadata lists them.
inline constexpr std::array kResponseModes{ResponseMode::query, ResponseMode::fragment, ResponseMode::form_post};

[[nodiscard]] std::string_view to_string(ResponseMode mode);
/// Nothing for what we do not support.
[[nodiscard]] std::optional<ResponseMode> parse_response_mode(std::string_view text);

}  // namespace chatelaine::oauth
