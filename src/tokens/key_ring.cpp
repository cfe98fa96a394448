#include "tokens/key_ring.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "base/bounded_pool.hpp"
#include "tokens/key_schedule.hpp"
#include "tokens/stored_key.hpp"

namespace chatelaine::tokens {
namespace {

using Rows = std::vector<storage::StoredKey>;

/// An RSA signature takes a millisecond: two threads give two thousand a second, and who comes last of a full queue
/// waits for an eighth of one.
constexpr unsigned kSigningThreads = 2;
constexpr std::size_t kSigningQueue = 256;

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

bool is_quick(crypto::SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case crypto::SignatureAlgorithm::ES256:
    case crypto::SignatureAlgorithm::EdDSA:
      return true;
    case crypto::SignatureAlgorithm::RS256:
    case crypto::SignatureAlgorithm::PS256:
      return false;
  }
  std::unreachable();
}

}  // namespace

struct KeyRing::State {
  storage::Storage& storage;
  const crypto::Sealer& sealer;
  const Clock& clock;
  Randomness& randomness;
  IdSequence& ids;
  std::vector<crypto::SignatureAlgorithm> algorithms;

  std::mutex mutex;
  std::shared_ptr<const Loaded> loaded;
  std::uint64_t seen_changes = 0;

  BoundedPool pool{kSigningThreads, kSigningQueue, "The queue for RSA signatures is full."};

  std::shared_ptr<const Loaded> find_current(std::uint64_t changes, Instant now) {
    const std::scoped_lock lock(mutex);
    return loaded && seen_changes == changes && now < loaded->set.stands_until ? loaded : nullptr;
  }

  /// On the pool: an RSA key takes a tenth of a second to make.
  Task<storage::StoredKey> make_signing_row(PublishKey wanted, Instant now) {
    std::move_only_function<storage::StoredKey()> work = [this, wanted, now] {
      const auto key = crypto::SigningKey::generate(wanted.algorithm);
      return seal_signing_key(key, sealer, now, wanted.active_from, ids);
    };
    co_return co_await pool.run(std::move(work));
  }

  /// Of two processes that come here at once storage lets one in.
  Task<Rows> list_or_make_signing_keys(Instant now) {
    auto rows = co_await storage.keys().list_keys(storage::KeyPurpose::sign_tokens);
    const auto missing = find_missing_keys(rows, algorithms, now);
    if (missing.empty()) co_return rows;
    Rows made;
    for (const auto& wanted : missing) {
      auto row = co_await make_signing_row(wanted, now);
      made.push_back(std::move(row));
    }
    if (rows.empty()) {
      co_await storage.keys().add_first_keys(made);
    } else {
      for (std::size_t i = 0; i < made.size(); ++i)
        co_await storage.keys().add_successor(made[i], missing[i].predecessor);
    }
    co_return co_await storage.keys().list_keys(storage::KeyPurpose::sign_tokens);
  }

  Task<Rows> list_or_make_refresh_keys(Instant now) {
    auto rows = co_await storage.keys().list_keys(storage::KeyPurpose::refresh_tokens);
    if (!rows.empty()) co_return rows;
    const auto first = make_refresh_token_key_row(sealer, 1, now, now, randomness, ids);
    co_await storage.keys().add_first_keys({&first, 1});
    co_return co_await storage.keys().list_keys(storage::KeyPurpose::refresh_tokens);
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
                 IdSequence& ids, std::vector<crypto::SignatureAlgorithm> algorithms)
    : state_(new State{storage, sealer, clock, randomness, ids, std::move(algorithms), {}, nullptr, 0}) {}
KeyRing::~KeyRing() = default;

Task<std::shared_ptr<const KeySet>> KeyRing::current() {
  const auto now = state_->clock.now();
  // Counted before the rows are read: a change in between is seen at the next call.
  const auto changes = state_->storage.change_count();
  auto loaded = state_->find_current(changes, now);
  if (!loaded) {
    auto signing_rows = co_await state_->list_or_make_signing_keys(now);
    auto refresh_rows = co_await state_->list_or_make_refresh_keys(now);
    loaded = state_->keep(std::move(signing_rows), std::move(refresh_rows), changes, now);
  }
  const auto* set = &loaded->set;
  co_return std::shared_ptr<const KeySet>(std::move(loaded), set);
}

Task<std::string> KeyRing::sign(crypto::SigningKey key, MakeSigned make) {
  if (is_quick(key.algorithm())) co_return make(key);
  std::move_only_function<std::string()> work = [&key, &make] { return make(key); };
  co_return co_await state_->pool.run(std::move(work));
}

Task<void> add_signing_key(storage::Storage& storage, const crypto::Sealer& sealer, crypto::SigningKey key, Instant now,
                           Instant active_from, IdSequence& ids) {
  const auto row = seal_signing_key(key, sealer, now, active_from, ids);
  co_await storage.keys().add_key(row);
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
