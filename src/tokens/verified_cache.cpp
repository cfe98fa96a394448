#include "tokens/verified_cache.hpp"

namespace chatelaine::tokens {

void VerifiedCache::make_room(Shard& shard) {
  if (shard.young.size() < kMostInGeneration) return;
  shard.old = std::move(shard.young);
  shard.young = {};
}

std::optional<VerifiedToken> VerifiedCache::find(const crypto::Sha256& digest) {
  auto& shard = shard_of(digest);
  const std::scoped_lock lock(shard.mutex);
  if (const auto found = shard.young.find(digest); found != shard.young.end()) return found->second;
  auto node = shard.old.extract(digest);
  if (node.empty()) return std::nullopt;
  // Used again: it moves to the younger generation, in the node that it has.
  make_room(shard);
  return shard.young.insert(std::move(node)).position->second;
}

void VerifiedCache::put(const crypto::Sha256& digest, VerifiedToken verified) {
  auto& shard = shard_of(digest);
  const std::scoped_lock lock(shard.mutex);
  shard.old.erase(digest);
  make_room(shard);
  shard.young.insert_or_assign(digest, std::move(verified));
}

void VerifiedCache::erase(const crypto::Sha256& digest) {
  auto& shard = shard_of(digest);
  const std::scoped_lock lock(shard.mutex);
  shard.young.erase(digest);
  shard.old.erase(digest);
}

}  // namespace chatelaine::tokens
