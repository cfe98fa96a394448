#include "tokens/key_ring.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "tokens/stored_key.hpp"

namespace chatelaine::tokens {
namespace {

using Rows = std::vector<storage::StoredKey>;

/// What can change of a key once it is stored.
bool is_same_key(const storage::StoredKey& a, const storage::StoredKey& b) {
  return a.id == b.id && a.active_from == b.active_from && a.retired_at == b.retired_at;
}

/// A key set with the rows that it was opened from.
struct Loaded {
  Rows signing_rows;
  Rows refresh_rows;
  KeySet set;
};

bool is_same(const Loaded& loaded, const Rows& signing_rows, const Rows& refresh_rows) {
  return std::ranges::equal(loaded.signing_rows, signing_rows, is_same_key) &&
         std::ranges::equal(loaded.refresh_rows, refresh_rows, is_same_key);
}

}  // namespace

struct KeyRing::State {
  storage::Storage& storage;
  const crypto::Sealer& sealer;
  const Clock& clock;
  Randomness& randomness;
  IdSequence& ids;

  std::mutex mutex;
  std::shared_ptr<const Loaded> loaded;
  std::uint64_t seen_changes = 0;

  std::shared_ptr<const Loaded> find_current(std::uint64_t changes, Instant now) {
    const std::scoped_lock lock(mutex);
    return loaded && seen_changes == changes && now < loaded->set.stands_until ? loaded : nullptr;
  }

  /// Two processes that start at once end with one key: storage lets only the first in.
  Task<Rows> list_or_make(storage::KeyPurpose purpose, Instant now) {
    auto rows = co_await storage.keys().list_keys(purpose);
    if (!rows.empty()) co_return rows;
    const auto first = purpose == storage::KeyPurpose::sign_tokens
                           ? make_signing_key_row(sealer, now, now, ids)
                           : make_refresh_token_key_row(sealer, 1, now, now, randomness, ids);
    co_await storage.keys().add_first_key(first);
    co_return co_await storage.keys().list_keys(purpose);
  }

  /// Opening a key costs far more than reading its row, and most changes that storage counts are not about keys: what
  /// stands for the same rows is kept.
  std::shared_ptr<const Loaded> keep(Rows signing_rows, Rows refresh_rows, std::uint64_t changes, Instant now) {
    const std::scoped_lock lock(mutex);
    if (!loaded || now >= loaded->set.stands_until || !is_same(*loaded, signing_rows, refresh_rows)) {
      auto set = open_keys(signing_rows, refresh_rows, sealer, now);
      loaded = std::make_shared<const Loaded>(std::move(signing_rows), std::move(refresh_rows), std::move(set));
    }
    seen_changes = changes;
    return loaded;
  }
};

KeyRing::KeyRing(storage::Storage& storage, const crypto::Sealer& sealer, const Clock& clock, Randomness& randomness,
                 IdSequence& ids)
    : state_(new State{storage, sealer, clock, randomness, ids, {}, nullptr, 0}) {}
KeyRing::~KeyRing() = default;

Task<std::shared_ptr<const KeySet>> KeyRing::current() {
  const auto now = state_->clock.now();
  // Counted before the rows are read: a change in between is seen at the next call.
  const auto changes = state_->storage.change_count();
  auto loaded = state_->find_current(changes, now);
  if (!loaded) {
    auto signing_rows = co_await state_->list_or_make(storage::KeyPurpose::sign_tokens, now);
    auto refresh_rows = co_await state_->list_or_make(storage::KeyPurpose::refresh_tokens, now);
    loaded = state_->keep(std::move(signing_rows), std::move(refresh_rows), changes, now);
  }
  const auto* set = &loaded->set;
  co_return std::shared_ptr<const KeySet>(std::move(loaded), set);
}

Task<crypto::KeyId> add_signing_key(storage::Storage& storage, const crypto::Sealer& sealer, Instant now,
                                    Instant active_from, IdSequence& ids) {
  const auto row = make_signing_key_row(sealer, now, active_from, ids);
  co_await storage.keys().add_key(row);
  co_return crypto::KeyId(row.name);
}

Task<std::string> add_refresh_token_key(storage::Storage& storage, const crypto::Sealer& sealer, Instant now,
                                        Instant active_from, Randomness& randomness, IdSequence& ids) {
  std::uint32_t last = 0;
  const auto rows = co_await storage.keys().list_keys(storage::KeyPurpose::refresh_tokens);
  for (const auto& row : rows) {
    std::uint32_t key_id = 0;
    std::from_chars(row.name.data(), row.name.data() + row.name.size(), key_id);
    last = std::max(last, key_id);
  }
  const auto row = make_refresh_token_key_row(sealer, last + 1, now, active_from, randomness, ids);
  co_await storage.keys().add_key(row);
  co_return row.name;
}

}  // namespace chatelaine::tokens
