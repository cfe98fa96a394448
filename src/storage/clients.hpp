#pragma once

#include <memory>
#include <vector>

#include "base/task.hpp"
#include "oauth/clients/client.hpp"

namespace chatelaine::storage {

class Clients {
 public:
  virtual ~Clients() = default;
  /// Null where there is none. Cached; see Storage::change_count.
  virtual Task<std::shared_ptr<const oauth::Client>> find_client(oauth::ClientId id) = 0;
  /// Oldest first.
  virtual Task<std::vector<oauth::Client>> list_clients() = 0;
  /// False where the id is taken; nothing is changed then.
  virtual Task<bool> add_client(const oauth::Client& client) = 0;
  /// Replaces everything but `id` and `created_at`. False where there is none.
  virtual Task<bool> update_client(const oauth::Client& client) = 0;
  /// Removes the client with its codes, consents, grants and access tokens. False where there is none.
  virtual Task<bool> remove_client(oauth::ClientId id) = 0;
};

}  // namespace chatelaine::storage
