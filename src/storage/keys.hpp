#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/task.hpp"
#include "base/time.hpp"

namespace chatelaine::storage {

using StoredKeyId = Id<struct StoredKeyTag>;

enum class KeyPurpose : std::uint8_t { sign_tokens, refresh_tokens };

/// A key of the server, its private half sealed (associated data "keys/<id>").
struct StoredKey {
  StoredKeyId id;
  KeyPurpose purpose = KeyPurpose::sign_tokens;
  /// The `kid` of a signing key, the decimal key id of a refresh key; unique with the purpose.
  std::string name;
  std::string sealed;
  /// The public JWK as JSON text; empty for symmetric keys.
  std::string public_jwk;
  Instant created_at;
  /// From when it makes new tokens: the newest active, unretired key does.
  Instant active_from;
  /// From when it verifies nothing any more.
  std::optional<Instant> retired_at;
};

class Keys {
 public:
  virtual ~Keys() = default;
  /// Oldest first, retired ones included.
  virtual Task<std::vector<StoredKey>> list_keys(KeyPurpose purpose) = 0;
  /// Throws StorageFault where the name is taken.
  virtual Task<void> add_key(const StoredKey& key) = 0;
  /// Adds the key only where no key of that purpose exists: two processes that start at once end with one key.
  virtual Task<bool> add_first_key(const StoredKey& key) = 0;
  /// Sets when it stops to verify. False where there is none.
  virtual Task<bool> retire_key(StoredKeyId id, Instant at) = 0;
};

}  // namespace chatelaine::storage
