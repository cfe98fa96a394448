#include "tokens/stored_key.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/json.hpp"
#include "base/unavailable.hpp"

namespace chatelaine::tokens {
namespace {

std::string associated_data(storage::StoredKeyId id) { return "keys/" + format_id(id.value); }

SecretBytes open_sealed(const storage::StoredKey& row, const crypto::Sealer& sealer) {
  auto opened = sealer.open(row.sealed, associated_data(row.id));
  if (!opened) {
    throw std::runtime_error("The key " + row.name +
                             " does not open: it was sealed with another master key than the one that is configured.");
  }
  return std::move(*opened);
}

const storage::StoredKey& active_or_throw(std::span<const storage::StoredKey> rows, Instant now) {
  const auto* row = find_active(rows, std::nullopt, now);
  if (row == nullptr)
    throw std::runtime_error(
        "Every key for refresh tokens is retired: run `chatelaine key rotate --now --purpose "
        "refresh_tokens`.");
  return *row;
}

crypto::SignatureAlgorithm algorithm_of(const storage::StoredKey& row) {
  if (!row.algorithm) throw std::runtime_error("The signing key " + row.name + " has no algorithm.");
  return *row.algorithm;
}

crypto::SigningKey open_signing_key(const storage::StoredKey& row, const crypto::Sealer& sealer) {
  const auto opened = open_sealed(row, sealer);
  auto key = crypto::SigningKey::from_der(crypto::PrivateKeyDer(opened.reveal()), algorithm_of(row));
  if (!key) throw std::runtime_error("The signing key " + row.name + " cannot be used: " + key.error() + '.');
  return std::move(*key);
}

std::vector<crypto::SigningKey> open_signing_keys(std::span<const storage::StoredKey> rows,
                                                  const crypto::Sealer& sealer, Instant now) {
  std::vector<crypto::SigningKey> keys;
  for (const auto algorithm : crypto::kSignatureAlgorithms) {
    if (const auto* row = find_active(rows, algorithm, now)) keys.push_back(open_signing_key(*row, sealer));
  }
  if (keys.empty() || keys.front().algorithm() != crypto::SignatureAlgorithm::ES256)
    throw std::runtime_error("Every signing key of ES256 is retired: run `chatelaine key rotate --now`.");
  return keys;
}

crypto::VerificationKey open_verification_key(const storage::StoredKey& row) {
  const auto jwk = parse_json(row.public_jwk);
  const auto* object = jwk ? jwk->if_object() : nullptr;
  if (object == nullptr) throw std::runtime_error("The public half of the signing key " + row.name + " is no JWK.");
  auto key = crypto::VerificationKey::from_jwk(*object);
  if (!key) throw std::runtime_error("The public half of the signing key " + row.name + ": " + key.error());
  return std::move(*key);
}

oauth::RefreshTokenKey open_refresh_token_key(const storage::StoredKey& row, const crypto::Sealer& sealer) {
  oauth::RefreshTokenKey key;
  const char* const end = row.name.data() + row.name.size();
  if (std::from_chars(row.name.data(), end, key.id).ptr != end) {
    throw std::runtime_error("The refresh token key " + row.name + " has no number for a name.");
  }
  const auto opened = open_sealed(row, sealer);
  key.key = Secret<struct oauth::RefreshTokenKeyTag>(opened.reveal());
  key.active_from = row.active_from;
  return key;
}

/// The first moment after `now` at which a key becomes active or retires.
Instant next_change(std::span<const storage::StoredKey> rows, Instant now, Instant soonest) {
  for (const auto& row : rows) {
    if (row.active_from > now) soonest = std::min(soonest, row.active_from);
    if (row.retired_at && *row.retired_at > now) soonest = std::min(soonest, *row.retired_at);
  }
  return soonest;
}

std::string join_jwks(std::span<const storage::StoredKey> rows, Instant now) {
  std::string jwks = R"({"keys":[)";
  for (const auto& row : rows) {
    if (is_retired(row, now)) continue;
    if (jwks.back() == '}') jwks += ',';
    jwks += row.public_jwk;
  }
  return jwks + "]}";
}

}  // namespace

bool is_retired(const storage::StoredKey& row, Instant now) { return row.retired_at && *row.retired_at <= now; }

const storage::StoredKey* find_active(std::span<const storage::StoredKey> rows,
                                      std::optional<crypto::SignatureAlgorithm> algorithm, Instant now) {
  const storage::StoredKey* active = nullptr;
  const storage::StoredKey* of_later = nullptr;
  for (const auto& row : rows) {
    if (row.algorithm != algorithm || is_retired(row, now)) continue;
    if (row.active_from <= now) {
      if (active == nullptr || row.active_from >= active->active_from) active = &row;
    } else if (row.created_at > now && (of_later == nullptr || row.active_from < of_later->active_from)) {
      of_later = &row;
    }
  }
  return active != nullptr ? active : of_later;
}

storage::StoredKey seal_signing_key(const crypto::SigningKey& key, const crypto::Sealer& sealer, Instant now,
                                    Instant active_from, IdSequence& ids) {
  storage::StoredKey row;
  row.id = ids.next<storage::StoredKeyTag>();
  row.purpose = storage::KeyPurpose::sign_tokens;
  row.algorithm = key.algorithm();
  row.name = key.id().value();
  row.sealed = sealer.seal(key.to_der().reveal(), associated_data(row.id));
  row.public_jwk = json::serialize(key.public_jwk());
  row.created_at = now;
  row.active_from = active_from;
  return row;
}

storage::StoredKey make_refresh_token_key_row(const crypto::Sealer& sealer, std::uint32_t key_id, Instant now,
                                              Instant active_from, Randomness& randomness, IdSequence& ids) {
  std::string bytes = randomness.bytes(32);
  storage::StoredKey row;
  row.id = ids.next<storage::StoredKeyTag>();
  row.purpose = storage::KeyPurpose::refresh_tokens;
  row.name = std::to_string(key_id);
  row.sealed = sealer.seal(bytes, associated_data(row.id));
  row.created_at = now;
  row.active_from = active_from;
  wipe(bytes.data(), bytes.size());
  return row;
}

KeySet open_keys(std::span<const storage::StoredKey> signing_rows, std::span<const storage::StoredKey> refresh_rows,
                 const crypto::Sealer& sealer, Instant now) {
  KeySet set{.signing_keys = open_signing_keys(signing_rows, sealer, now),
             .verification_keys = {},
             .jwks = join_jwks(signing_rows, now),
             .refresh_token_keys = {},
             .stands_until = next_change(refresh_rows, now, next_change(signing_rows, now, Instant::max()))};
  for (const auto& row : signing_rows) {
    if (!is_retired(row, now)) set.verification_keys.push_back(open_verification_key(row));
  }
  const auto& first = active_or_throw(refresh_rows, now);
  set.refresh_token_keys.push_back(open_refresh_token_key(first, sealer));
  for (const auto& row : refresh_rows) {
    if (&row != &first && !is_retired(row, now)) set.refresh_token_keys.push_back(open_refresh_token_key(row, sealer));
  }
  return set;
}

const crypto::SigningKey& KeySet::signing_key(crypto::SignatureAlgorithm algorithm) const {
  const auto found = std::ranges::find(signing_keys, algorithm, &crypto::SigningKey::algorithm);
  if (found == signing_keys.end())
    throw Unavailable("No key signs with " + std::string(to_string(algorithm)) +
                      " yet: one is published for a while first.");
  return *found;
}

const oauth::RefreshTokenKey* KeySet::find_refresh_token_key(std::uint32_t id) const {
  const auto found = std::ranges::find(refresh_token_keys, id, &oauth::RefreshTokenKey::id);
  return found == refresh_token_keys.end() ? nullptr : &*found;
}

const oauth::RefreshTokenKey& KeySet::refresh_token_key_at(Instant moment) const {
  const oauth::RefreshTokenKey* active = nullptr;
  for (const auto& key : refresh_token_keys) {
    if (key.active_from > moment) continue;
    // Of two that began in the same millisecond, the one that was added last.
    if (active == nullptr || std::pair(key.active_from, key.id) > std::pair(active->active_from, active->id)) {
      active = &key;
    }
  }
  return active == nullptr ? refresh_token_keys.front() : *active;
}

}  // namespace chatelaine::tokens
