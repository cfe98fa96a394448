#include <algorithm>
#include <ranges>

#include "storage/fault.hpp"
#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryKeys final : public Keys {
 public:
  explicit MemoryKeys(Tables& tables) : tables_(tables) {}

  Task<std::vector<StoredKey>> list_keys(KeyPurpose purpose) override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<StoredKey> keys;
    for (const auto& [id, key] : tables_.keys) {
      if (key.purpose == purpose) keys.push_back(key);
    }
    std::ranges::stable_sort(keys, {}, &StoredKey::created_at);
    co_return keys;
  }

  Task<void> add_key(const StoredKey& key) override {
    const std::scoped_lock lock(tables_.mutex);
    keep(key);
    co_return;
  }

  Task<bool> add_first_keys(std::span<const StoredKey> keys) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto is_of_purpose = [&](const StoredKey& other) { return other.purpose == keys.front().purpose; };
    if (keys.empty() || std::ranges::any_of(std::views::values(tables_.keys), is_of_purpose)) co_return false;
    const auto before = tables_.keys;
    try {
      for (const StoredKey& key : keys) keep(key);
    } catch (...) {
      tables_.keys = before;
      throw;
    }
    co_return true;
  }

  Task<bool> add_successor(const StoredKey& key, std::optional<StoredKeyId> predecessor) override {
    const std::scoped_lock lock(tables_.mutex);
    const StoredKey* newest = nullptr;
    for (const auto& [id, other] : tables_.keys) {
      if (other.purpose != key.purpose || other.algorithm != key.algorithm || other.retired_at) continue;
      if (newest == nullptr || std::pair(newest->active_from, newest->id) < std::pair(other.active_from, id)) {
        newest = &other;
      }
    }
    if ((newest == nullptr ? std::nullopt : std::optional(newest->id)) != predecessor) co_return false;
    keep(key);
    co_return true;
  }

  Task<bool> retire_key(StoredKeyId id, Instant at) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.keys.find(id);
    if (found == tables_.keys.end() || found->second.retired_at.value_or(Instant::max()) <= at) co_return false;
    found->second.retired_at = at;
    record(LedgerKind::key_retired, found->second, at);
    ++tables_.change_count;
    co_return true;
  }

 private:
  void record(LedgerKind kind, const StoredKey& key, Instant at) {
    tables_.record(
        {.at = at, .kind = kind, .detail = std::string(to_string(key.purpose)).append(" ").append(key.name)});
  }

  /// Throws where the id or the name is taken.
  void keep(const StoredKey& key) {
    const auto is_same = [&](const StoredKey& other) {
      return other.id == key.id || (other.purpose == key.purpose && other.name == key.name);
    };
    if (std::ranges::any_of(std::views::values(tables_.keys), is_same)) {
      throw StorageFault("there is a key of that id or name already");
    }
    tables_.keys.emplace(key.id, key);
    record(LedgerKind::key_added, key, key.created_at);
    ++tables_.change_count;
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<Keys> make_keys(Tables& tables) { return std::make_unique<MemoryKeys>(tables); }

}  // namespace chatelaine::storage::memory
