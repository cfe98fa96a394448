#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// The successful answer of the token endpoint (RFC 6749 §5.1).
struct TokenResponse {
  AccessTokenSecret access_token;
  seconds expires_in{};
  std::optional<RefreshTokenSecret> refresh_token;
  Scope scope;
  /// Where the scope holds `openid` (OpenID Connect Core §3.1.3.3); empty otherwise.
  std::string id_token;
};

/// `{"access_token":…,"token_type":"bearer","expires_in":…,"refresh_token":…,"id_token":…,"scope":…}`; token_type in
/// lower case, as the plugin document has it (RFC 6749 §5.1: case-insensitive). An empty scope is left out, since RFC
/// 6749 §3.3 has no spelling for it.
[[nodiscard]] std::string to_json(const TokenResponse& response);

}  // namespace chatelaine::oauth
