#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "crypto/digest.hpp"

namespace chatelaine::host {

struct PluginDocuments;

/// Keeps readings of stored documents, found by the digest of their bytes, so that a call does not parse a large
/// OpenAPI description again. Bounded by number and by the bytes of the documents; whatever was not asked for the
/// longest goes first. Thread-safe.
class DocumentCache {
 public:
  using Entry = std::shared_ptr<const PluginDocuments>;

  [[nodiscard]] Entry find(const crypto::Sha256& digest) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_digest_.find(digest);
    if (found == by_digest_.end()) return nullptr;
    newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
    return found->second->entry;
  }
  /// `bytes`: how long the documents are.
  void keep(const crypto::Sha256& digest, Entry entry, std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    if (by_digest_.contains(digest)) return;
    newest_first_.push_front({digest, std::move(entry), bytes});
    by_digest_.emplace(digest, newest_first_.begin());
    bytes_ += bytes;
    while (newest_first_.size() > 1 && (newest_first_.size() > kMostEntries || bytes_ > kMostBytes)) drop_oldest();
  }

  static constexpr std::size_t kMostEntries = 64;
  /// Read, a document takes a few times its own length.
  static constexpr std::size_t kMostBytes = std::size_t{16} * 1024 * 1024;

 private:
  struct Kept {
    crypto::Sha256 digest;
    Entry entry;
    std::size_t bytes = 0;
  };

  void drop_oldest() {
    bytes_ -= newest_first_.back().bytes;
    by_digest_.erase(newest_first_.back().digest);
    newest_first_.pop_back();
  }

  std::mutex mutex_;
  std::list<Kept> newest_first_;
  std::unordered_map<crypto::Sha256, std::list<Kept>::iterator> by_digest_;
  std::size_t bytes_ = 0;
};

}  // namespace chatelaine::host
