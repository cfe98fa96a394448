#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "crypto/digest.hpp"

namespace chatelaine::host {

struct PluginDocuments;

/// Keeps readings of stored documents, found by the digest of their bytes, so that a call does not parse a large
/// OpenAPI description again. Thread-safe.
class DocumentCache {
 public:
  using Entry = std::shared_ptr<const PluginDocuments>;

  [[nodiscard]] Entry find(const crypto::Sha256& digest) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(digest);
    return found == entries_.end() ? nullptr : found->second;
  }
  void keep(const crypto::Sha256& digest, Entry entry) {
    const std::scoped_lock lock(mutex_);
    if (entries_.size() >= kMostEntries) entries_.clear();
    entries_.insert_or_assign(digest, std::move(entry));
  }

 private:
  static constexpr std::size_t kMostEntries = 64;

  mutable std::mutex mutex_;
  std::unordered_map<crypto::Sha256, Entry> entries_;
};

}  // namespace chatelaine::host
