#include "tokens/key_schedule.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/block_on.hpp"
#include "storage/memory/memory_storage.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/stored_key.hpp"

namespace chatelaine::tokens {
namespace {

using enum crypto::SignatureAlgorithm;
using std::chrono::days;
using std::chrono::hours;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}};

class MovableClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return time; }
  Instant time = kStart;
};

storage::StoredKey row(std::int64_t id, crypto::SignatureAlgorithm algorithm, Instant active_from,
                       std::optional<Instant> retired_at = std::nullopt) {
  storage::StoredKey key;
  key.id = {id};
  key.algorithm = algorithm;
  key.name = "key-" + std::to_string(id);
  key.created_at = active_from - kPublishedBeforeSigning;
  key.active_from = active_from;
  key.retired_at = retired_at;
  return key;
}

const KeyPolicy kPolicy{.algorithms = {ES256, RS256}, .rotate_every = days{90}, .longest_token_lifetime = hours{1}};
constexpr auto kRetention = hours{1} + kPublishedBeforeSigning;

/// `publish RS256 after 7 in 70 s`, `end 5 in 3670 s`: what a test expects, in its words.
std::vector<std::string> describe(const std::vector<KeyStep>& steps, Instant now) {
  std::vector<std::string> words;
  const auto in = [now](Instant at) {
    return " in " + std::to_string(std::chrono::duration_cast<seconds>(at - now).count()) + " s";
  };
  for (const auto& step : steps) {
    if (const auto* key = std::get_if<PublishKey>(&step))
      words.push_back("publish " + std::string(to_string(key->algorithm)) + " after " +
                      std::to_string(key->predecessor.value_or(storage::StoredKeyId{}).value) + in(key->active_from));
    if (const auto* end = std::get_if<EndKey>(&step))
      words.push_back("end " + std::to_string(end->id.value) + in(end->at));
  }
  return words;
}

struct Row {
  std::string_view sentence;
  std::vector<storage::StoredKey> keys;
  milliseconds since_start;
  std::vector<std::string> steps;
};

TEST(KeySchedule, DoesWhatIsDue) {
  const auto first = row(1, ES256, kStart);
  const auto rsa = row(2, RS256, kStart);
  const auto due = days{90} - kPublishedBeforeSigning;
  const auto second = row(3, ES256, kStart + days{90});
  const Row rows[] = {
      {"nothing before its time", {first, rsa}, due - milliseconds{1}, {}},
      {"a successor is published a cache lifetime before it signs",
       {first, rsa},
       due,
       {"publish ES256 after 1 in 70 s", "publish RS256 after 2 in 70 s"}},
      {"a key whose time passed while nothing ran gets its successor, published first all the same",
       {first},
       days{400},
       {"publish ES256 after 1 in 70 s"}},
      {"a successor that is published is enough", {first, second}, due, {}},
      {"a key ends when its last token has ended, and a cache lifetime later",
       {first, second},
       days{90},
       {"end 1 in 3670 s"}},
      {"of a key that was replaced long ago its last token has ended too",
       {first, second},
       days{91},
       {"end 1 in " + std::to_string(std::chrono::duration_cast<seconds>(kRetention - days{1}).count()) + " s"}},
      {"an end that is set stays", {row(1, ES256, kStart, kStart + days{90} + kRetention), second}, days{90}, {}},
      {"a successor that is retired itself replaces nothing",
       {first, row(3, ES256, kStart + hours{1}, kStart + hours{2})},
       hours{3},
       {}},
      {"of three the older two end",
       {first, row(3, ES256, kStart + hours{1}), row(4, ES256, kStart + hours{2})},
       hours{2},
       {"end 1 in 70 s", "end 3 in 3670 s"}},
      {"a key of an algorithm that was switched off ends",
       {first, row(5, EdDSA, kStart)},
       hours{1},
       {"end 5 in 3670 s"}},
      {"a key of another algorithm replaces nothing", {first, row(6, RS256, kStart + hours{1})}, hours{2}, {}},
  };
  for (const auto& expected : rows) {
    const auto now = kStart + expected.since_start;
    EXPECT_EQ(describe(decide_key_steps(expected.keys, kPolicy, now), now), expected.steps) << expected.sentence;
  }
}

TEST(KeySchedule, WithoutRotationKeysEndAllTheSame) {
  KeyPolicy policy = kPolicy;
  policy.rotate_every = std::nullopt;
  const std::vector keys{row(1, ES256, kStart), row(2, ES256, kStart + hours{1})};
  const auto now = kStart + days{1000};
  const auto steps = decide_key_steps(keys, policy, now);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(std::get<EndKey>(steps.front()).id.value, 1);
}

std::vector<crypto::MasterKey> master_key() {
  std::vector<crypto::MasterKey> keys;
  keys.emplace_back(std::string(32, 'a'));
  return keys;
}

/// OpenID Connect Core §10.1.1: two processes on one storage, each with a key ring of its own: whoever verifies with a
/// JWKS that is as old as it may be finds every token's key, from when it is signed until it ends, and there are never
/// more keys than needed.
TEST(KeySchedule, TwoProcessesRotateWithoutOneFailedVerification) {
  MovableClock clock;
  SystemRandomness randomness;
  SilentLog log;
  IdSequence ids{clock, randomness};
  const auto storage = storage::make_memory_storage();
  crypto::Sealer sealer{master_key(), randomness};
  KeyRing one{*storage, sealer, clock, randomness, ids, {ES256, EdDSA}};
  KeyRing two{*storage, sealer, clock, randomness, ids, {ES256, EdDSA}};
  const KeyPolicy policy{.algorithms = {ES256, EdDSA}, .rotate_every = hours{6}, .longest_token_lifetime = hours{1}};

  struct Signed {
    std::string kid;
    Instant expires_at;
  };
  std::vector<Signed> tokens;
  std::set<std::string> kids;
  std::string cached_jwks = block_on(two.current())->jwks;
  for (; clock.time < kStart + days{2}; clock.time += kJwksCacheLifetime) {
    block_on(keep_key_schedule(*storage, sealer, policy, clock.time, ids, log));
    block_on(keep_key_schedule(*storage, sealer, policy, clock.time, ids, log));
    for (const auto algorithm : {ES256, EdDSA}) {
      const auto kid = block_on(one.current())->signing_key(algorithm).id().value();
      tokens.push_back({kid, clock.time + hours{1}});
      kids.insert(kid);
    }
    std::erase_if(tokens, [&](const Signed& token) { return token.expires_at <= clock.time; });
    for (const auto& token : tokens) ASSERT_NE(cached_jwks.find(token.kid), std::string::npos);
    cached_jwks = block_on(two.current())->jwks;
    EXPECT_LE(block_on(one.current())->verification_keys.size(), 4U);
  }
  EXPECT_EQ(kids.size(), 16U) << "eight of each";
}

}  // namespace
}  // namespace chatelaine::tokens
