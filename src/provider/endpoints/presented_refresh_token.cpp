#include "provider/endpoints/presented_refresh_token.hpp"

namespace chatelaine::provider::endpoints {

Task<std::optional<PresentedRefreshToken>> find_presented(const Context& context, const tokens::KeySet& keys,
                                                          std::string_view text) {
  auto token = oauth::parse_refresh_token(text);
  if (!token) co_return std::nullopt;
  const auto* const key = keys.find_refresh_token_key(token->key_id);
  if (key == nullptr || !oauth::is_outer_tag_valid(*token, *key)) co_return std::nullopt;

  auto grant = co_await context.storage.grants().find_grant(token->grant_id);
  if (!grant || !oauth::is_mac_valid(*token, *grant, *key)) co_return std::nullopt;
  co_return PresentedRefreshToken{std::move(*token), std::move(*grant)};
}

}  // namespace chatelaine::provider::endpoints
