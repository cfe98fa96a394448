#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "crypto/digest.hpp"
#include "oauth/tokens/access_token.hpp"
#include "tokens/key_ring.hpp"

namespace chatelaine::tokens {

/// A token that was found good, and under what.
struct VerifiedToken {
  std::shared_ptr<const oauth::AccessToken> token;
  /// The keys whose signature it bears; null for an opaque token.
  std::shared_ptr<const KeySet> keys;
  /// Storage::change_count as it stood before its facts were read.
  std::uint64_t changes = 0;
};

/// Verified tokens by SHA-256 of their text. A stranger cannot fill it, since only good tokens enter; it is bounded all
/// the same: each shard holds two generations, and when the younger is full the older is dropped. Finding a token
/// allocates nothing. Thread-safe.
class VerifiedCache {
 public:
  [[nodiscard]] std::optional<VerifiedToken> find(const crypto::Sha256& digest);
  void put(const crypto::Sha256& digest, VerifiedToken verified);
  void erase(const crypto::Sha256& digest);

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kMostInGeneration = 1024;

  using Generation = std::unordered_map<crypto::Sha256, VerifiedToken>;
  struct Shard {
    std::mutex mutex;
    Generation young;
    Generation old;
  };
  /// The map's hash takes a digest's first bytes, so the shard is told by its last.
  Shard& shard_of(const crypto::Sha256& digest) {
    return shards_[static_cast<unsigned char>(digest.bytes.back()) % kShards];
  }
  static void make_room(Shard& shard);

  std::array<Shard, kShards> shards_;
};

}  // namespace chatelaine::tokens
