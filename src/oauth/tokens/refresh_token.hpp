#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// A key of the server for refresh tokens' MACs, 32 bytes; `id` travels in the token.
struct RefreshTokenKey {
  std::uint32_t id = 0;
  Secret<struct RefreshTokenKeyTag> key;
  /// From when it makes new tokens, until the next one does.
  Instant active_from{};
};

/// What a refresh token's text holds: `key id (4) ‖ grant id (8) ‖ generation (4) ‖ outer tag (16) ‖ MAC (32)`. The
/// outer tag is HMAC(key, head), so that guesses fail before storage is asked; the MAC is HMAC(key, salt of the grant's
/// row ‖ head), so that a leaked database or a leaked key, alone, forges nothing.
struct RefreshToken {
  std::uint32_t key_id = 0;
  GrantId grant_id;
  std::uint32_t generation = 0;
  std::string outer_tag;
  std::string mac;
};

/// Nothing unless the text has a refresh token's prefix, shape and checksum.
[[nodiscard]] std::optional<RefreshToken> parse_refresh_token(std::string_view text);
/// Whether a server with this key made it; no storage needed.
[[nodiscard]] bool is_outer_tag_valid(const RefreshToken& token, const RefreshTokenKey& key);
/// Whether it was made for this grant's row.
[[nodiscard]] bool is_mac_valid(const RefreshToken& token, const Grant& grant, const RefreshTokenKey& key);
/// The token of a grant's generation: the same inputs always give the same text.
[[nodiscard]] RefreshTokenSecret make_refresh_token(GrantId grant_id, std::string_view salt, std::uint32_t generation,
                                                    const RefreshTokenKey& key);

}  // namespace chatelaine::oauth
