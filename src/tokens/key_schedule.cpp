#include "tokens/key_schedule.hpp"

#include <algorithm>

#include "crypto/jwk.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/stored_key.hpp"

namespace chatelaine::tokens {
namespace {

using storage::StoredKey;

/// How long a key verifies after it has signed for the last time.
milliseconds retention(const KeyPolicy& policy) { return policy.longest_token_lifetime + kPublishedBeforeSigning; }

/// Whether the row is a key of the algorithm whose end is not set.
bool is_endless(const StoredKey& row, crypto::SignatureAlgorithm algorithm) {
  return row.algorithm == algorithm && !row.retired_at;
}

bool is_newer(const StoredKey& a, const StoredKey& b) {
  return std::pair(a.active_from, a.id) > std::pair(b.active_from, b.id);
}

/// Null where there is none.
const StoredKey* find_newest(std::span<const StoredKey> rows, crypto::SignatureAlgorithm algorithm) {
  const StoredKey* newest = nullptr;
  for (const auto& row : rows) {
    if (is_endless(row, algorithm) && (newest == nullptr || is_newer(row, *newest))) newest = &row;
  }
  return newest;
}

/// When the key signed for the last time: its successor is active. Nothing while it may sign still.
std::optional<Instant> find_replacement(std::span<const StoredKey> rows, const StoredKey& key, Instant now) {
  std::optional<Instant> replaced_at;
  for (const auto& row : rows) {
    if (!is_endless(row, *key.algorithm) || !is_newer(row, key) || row.active_from > now) continue;
    replaced_at = std::min(replaced_at.value_or(Instant::max()), row.active_from);
  }
  return replaced_at;
}

Task<void> carry_out(const PublishKey& step, storage::Storage& storage, const crypto::Sealer& sealer, Instant now,
                     IdSequence& ids, Log& log) {
  const auto key = crypto::SigningKey::generate(step.algorithm);
  const auto row = seal_signing_key(key, sealer, now, step.active_from, ids);
  const bool added = co_await storage.keys().add_successor(row, step.predecessor);
  // Another process may have been first.
  if (!added) co_return;
  log.info("A new signing key is published", {{"kid", row.name},
                                              {"algorithm", std::string(to_string(step.algorithm))},
                                              {"active_from", format_rfc3339(step.active_from)}});
}

Task<void> carry_out(const EndKey& step, storage::Storage& storage, Log& log) {
  const bool ended = co_await storage.keys().retire_key(step.id, step.at);
  if (ended)
    log.info("A signing key that signs no longer will be retired",
             {{"kid", step.name}, {"retired_at", format_rfc3339(step.at)}});
}

}  // namespace

std::vector<PublishKey> find_missing_keys(std::span<const StoredKey> rows,
                                          std::span<const crypto::SignatureAlgorithm> algorithms, Instant now) {
  std::vector<PublishKey> missing;
  for (const auto algorithm : algorithms) {
    const auto* newest = find_newest(rows, algorithm);
    const bool is_needed_now = rows.empty() || (algorithm == crypto::SignatureAlgorithm::ES256 &&
                                                find_active(rows, algorithm, now) == nullptr);
    if (newest != nullptr && !is_needed_now) continue;
    missing.push_back({.algorithm = algorithm,
                       .predecessor = newest != nullptr ? std::optional(newest->id) : std::nullopt,
                       .active_from = is_needed_now ? now : now + kPublishedBeforeSigning});
  }
  return missing;
}

std::vector<KeyStep> decide_key_steps(std::span<const StoredKey> rows, const KeyPolicy& policy, Instant now) {
  std::vector<KeyStep> steps;
  for (const auto algorithm : policy.algorithms) {
    const auto* newest = find_newest(rows, algorithm);
    if (newest == nullptr || !policy.rotate_every) continue;
    if (newest->active_from + *policy.rotate_every <= now + kPublishedBeforeSigning)
      steps.emplace_back(PublishKey{algorithm, newest->id, now + kPublishedBeforeSigning});
  }
  for (const auto& row : rows) {
    if (!row.algorithm || row.retired_at) continue;
    const bool is_in_use = std::ranges::find(policy.algorithms, *row.algorithm) != policy.algorithms.end();
    const auto replaced_at = is_in_use ? find_replacement(rows, row, now) : now;
    if (replaced_at) steps.emplace_back(EndKey{row.id, row.name, *replaced_at + retention(policy)});
  }
  return steps;
}

Task<void> keep_key_schedule(storage::Storage& storage, const crypto::Sealer& sealer, KeyPolicy policy, Instant now,
                             IdSequence& ids, Log& log) {
  const auto rows = co_await storage.keys().list_keys(storage::KeyPurpose::sign_tokens);
  const auto steps = decide_key_steps(rows, policy, now);
  for (const auto& step : steps) {
    if (const auto* key = std::get_if<PublishKey>(&step)) co_await carry_out(*key, storage, sealer, now, ids, log);
    if (const auto* end = std::get_if<EndKey>(&step)) co_await carry_out(*end, storage, log);
  }
}

}  // namespace chatelaine::tokens
