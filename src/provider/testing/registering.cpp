#include "provider/testing/registering.hpp"

#include "base/block_on.hpp"
#include "oauth/clients/initial_access_token.hpp"

namespace chatelaine::provider::testing {

std::string add_initial_access_token(World& world, std::uint32_t uses) {
  static SystemRandomness randomness;
  static std::int64_t next_id = 0;
  const oauth::Handle handle = oauth::make_handle(++next_id, randomness);
  const oauth::InitialAccessToken token{.id = {handle.id},
                                        .secret_hash = handle.hash(),
                                        .name = "Partner Ltd",
                                        .uses_left = uses,
                                        .created_at = world.now(),
                                        .expires_at = world.now() + std::chrono::days(7)};
  block_on(world.storage().initial_access_tokens().add_initial_access_token(token));
  return oauth::format_handle(oauth::prefix::kInitialAccessToken, handle);
}

}  // namespace chatelaine::provider::testing
