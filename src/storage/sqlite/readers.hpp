#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "storage/sqlite/connection.hpp"

namespace chatelaine::storage::sqlite {

/// At most so many values by their keys; starts again when it is full.
template <class Key, class Value>
class BoundedCache {
 public:
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
  }
  void put(const Key& key, Value value) {
    if (values_.size() >= kMost) values_.clear();
    values_.insert_or_assign(key, std::move(value));
  }
  void clear() { values_.clear(); }

 private:
  static constexpr std::size_t kMost = 8'192;
  std::unordered_map<Key, Value> values_;
};

/// What nearly every request asks, as it stood at one value of Storage::change_count. What does not exist is not kept:
/// ordinary issuing brings it about without a change of the count.
struct HotFacts {
  std::uint64_t change_count = 0;
  BoundedCache<oauth::ClientId, std::shared_ptr<const oauth::Client>> clients;
  BoundedCache<oauth::GrantId, bool> active_grants;
  BoundedCache<oauth::AccessTokenId, bool> revoked_access_tokens;
};

/// One thread's read connection and cache.
struct Reader {
  Connection connection;
  HotFacts facts;
};

/// A Reader for each thread that reads, made when it first does.
class Readers {
 public:
  explicit Readers(std::filesystem::path file);
  /// The calling thread's own; throws StorageFault where it cannot be opened.
  [[nodiscard]] Reader& of_this_thread();

 private:
  std::filesystem::path file_;
  std::uint64_t serial_;
  std::mutex mutex_;
  std::unordered_map<std::thread::id, std::unique_ptr<Reader>> readers_;
};

}  // namespace chatelaine::storage::sqlite
