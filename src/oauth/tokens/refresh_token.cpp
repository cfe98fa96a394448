#include "oauth/tokens/refresh_token.hpp"

#include "base/bytes.hpp"
#include "crypto/digest.hpp"
#include "oauth/handle.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kHeadSize = 4 + 8 + 4;
constexpr std::size_t kOuterTagSize = 16;
constexpr std::size_t kMacSize = 32;

std::string make_head(std::uint32_t key_id, GrantId grant_id, std::uint32_t generation) {
  return big_endian(key_id, 4) + big_endian(static_cast<std::uint64_t>(grant_id.value)) + big_endian(generation, 4);
}

std::string head_of(const RefreshToken& token) { return make_head(token.key_id, token.grant_id, token.generation); }

std::string compute_outer_tag(std::string_view head, const RefreshTokenKey& key) {
  return std::string(crypto::hmac_sha256(key.key.reveal(), head).view().substr(0, kOuterTagSize));
}

/// Never the outer tag's input: that is as long as the head, this is longer by the salt.
std::string compute_mac(std::string_view head, std::string_view salt, const RefreshTokenKey& key) {
  return std::string(crypto::hmac_sha256(key.key.reveal(), std::string(salt) + std::string(head)).view());
}

}  // namespace

std::optional<RefreshToken> parse_refresh_token(std::string_view text) {
  const auto payload = parse_checked(prefix::kRefreshToken, text);
  if (!payload || payload->size() != kHeadSize + kOuterTagSize + kMacSize) return std::nullopt;
  const std::string_view view = *payload;
  RefreshToken token{.key_id = static_cast<std::uint32_t>(read_big_endian(view.substr(0, 4))),
                     .grant_id = {static_cast<std::int64_t>(read_big_endian(view.substr(4, 8)))},
                     .generation = static_cast<std::uint32_t>(read_big_endian(view.substr(12, 4))),
                     .outer_tag = std::string(view.substr(kHeadSize, kOuterTagSize)),
                     .mac = std::string(view.substr(kHeadSize + kOuterTagSize))};
  return token;
}

bool is_outer_tag_valid(const RefreshToken& token, const RefreshTokenKey& key) {
  return token.key_id == key.id && equal_in_constant_time(token.outer_tag, compute_outer_tag(head_of(token), key));
}

bool is_mac_valid(const RefreshToken& token, const Grant& grant, const RefreshTokenKey& key) {
  return token.key_id == key.id && token.grant_id == grant.id &&
         equal_in_constant_time(token.mac, compute_mac(head_of(token), grant.salt, key));
}

RefreshTokenSecret make_refresh_token(GrantId grant_id, std::string_view salt, std::uint32_t generation,
                                      const RefreshTokenKey& key) {
  const std::string head = make_head(key.id, grant_id, generation);
  return RefreshTokenSecret(
      format_checked(prefix::kRefreshToken, head + compute_outer_tag(head, key) + compute_mac(head, salt, key)));
}

}  // namespace chatelaine::oauth
