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
    const auto is_same = [&](const StoredKey& other) {
      return other.id == key.id || (other.purpose == key.purpose && other.name == key.name);
    };
    if (std::ranges::any_of(std::views::values(tables_.keys), is_same)) {
      throw StorageFault("there is a key of that id or name already");
    }
    keep(key);
    co_return;
  }

  Task<bool> add_first_key(const StoredKey& key) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto is_of_purpose = [&](const StoredKey& other) { return other.purpose == key.purpose; };
    if (std::ranges::any_of(std::views::values(tables_.keys), is_of_purpose)) co_return false;
    keep(key);
    co_return true;
  }

  Task<bool> retire_key(StoredKeyId id, Instant at) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.keys.find(id);
    if (found == tables_.keys.end()) co_return false;
    found->second.retired_at = at;
    ++tables_.change_count;
    co_return true;
  }

 private:
  void keep(const StoredKey& key) {
    tables_.keys.emplace(key.id, key);
    ++tables_.change_count;
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<Keys> make_keys(Tables& tables) { return std::make_unique<MemoryKeys>(tables); }

}  // namespace chatelaine::storage::memory
