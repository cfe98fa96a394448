#pragma once

#include <optional>
#include <vector>

#include "base/task.hpp"
#include "oauth/clients/initial_access_token.hpp"

namespace chatelaine::storage {

/// What Clients::register_client_with_token uses up.
class InitialAccessTokens {
 public:
  virtual ~InitialAccessTokens() = default;
  /// Keeps it until it expires, also when it is used up.
  virtual Task<void> add_initial_access_token(const oauth::InitialAccessToken& token) = 0;
  virtual Task<std::optional<oauth::InitialAccessToken>> find_initial_access_token(oauth::InitialAccessTokenId id) = 0;
  /// Oldest first.
  virtual Task<std::vector<oauth::InitialAccessToken>> list_initial_access_tokens() = 0;
  /// The clients that came by it stay. False where there is none.
  virtual Task<bool> remove_initial_access_token(oauth::InitialAccessTokenId id, Instant now) = 0;
};

}  // namespace chatelaine::storage
