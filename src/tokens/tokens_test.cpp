#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "oauth/handle.hpp"
#include "storage/memory/memory_storage.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/verified_cache.hpp"
#include "tokens/verifier.hpp"

namespace chatelaine::tokens {
namespace {

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}};

class MovableClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return time; }
  Instant time = kStart;
};

std::vector<crypto::MasterKey> master_key(char byte) {
  std::vector<crypto::MasterKey> keys;
  keys.emplace_back(std::string(32, byte));
  return keys;
}

struct Server {
  MovableClock clock;
  SystemRandomness randomness;
  IdSequence ids{clock, randomness};
  std::unique_ptr<storage::Storage> storage = storage::make_memory_storage();
  crypto::Sealer sealer{master_key('a'), randomness};
  KeyRing keys{*storage, sealer, clock, randomness, ids};
  oauth::Issuer issuer{"https://issuer.example"};
  oauth::Resource resource{"https://issuer.example"};
  Verifier verifier{*storage, keys, issuer, resource, clock};

  std::shared_ptr<const KeySet> current() { return block_on(keys.current()); }
  std::expected<std::shared_ptr<const oauth::AccessToken>, TokenFault> verify(const std::string& token) {
    return block_on(verifier.verify(token));
  }
  oauth::AccessToken token_of_client(const char* client_id) {
    oauth::Client client;
    client.id = oauth::ClientId(client_id);
    block_on(storage->clients().add_client(client));
    return {.id = ids.next<oauth::AccessTokenTag>(),
            .issuer = issuer,
            .subject = oauth::Subject(client_id),
            .client_id = client.id,
            .audience = resource,
            .scope = {},
            .grant_id = std::nullopt,
            .issued_at = clock.time,
            .expires_at = clock.time + std::chrono::minutes{10}};
  }
};

TEST(KeyRing, MakesTheFirstKeysOnce) {
  Server server;
  const auto set = server.current();
  EXPECT_EQ(set->verification_keys.size(), 1U);
  EXPECT_EQ(set->refresh_token_keys.size(), 1U);
  EXPECT_EQ(set->signing_key.id(), set->verification_keys.front().id());
  KeyRing second{*server.storage, server.sealer, server.clock, server.randomness, server.ids};
  EXPECT_EQ(block_on(second.current())->jwks, set->jwks);
}

/// DESIGN §3: publish, wait a cache lifetime, sign, retire.
TEST(KeyRing, ANewKeyIsPublishedBeforeItSigns) {
  Server server;
  const auto old_key = server.current()->signing_key.id();
  const auto new_key = block_on(add_signing_key(*server.storage, server.sealer, server.clock.time,
                                                server.clock.time + kPublishedBeforeSigning, server.ids));
  EXPECT_EQ(server.current()->verification_keys.size(), 2U);
  EXPECT_NE(server.current()->jwks.find(new_key.value()), std::string::npos);
  EXPECT_EQ(server.current()->signing_key.id(), old_key);
  // Who fetched the JWKS just before the key was added has fetched it again before it signs.
  server.clock.time += kJwksCacheLifetime;
  EXPECT_EQ(server.current()->signing_key.id(), old_key);
  server.clock.time += kKeyChangeMargin;
  EXPECT_EQ(server.current()->signing_key.id(), new_key);
}

TEST(KeyRing, ANewRefreshTokenKeyMakesAndTheOldStillVerifies) {
  Server server;
  const auto old_id = server.current()->refresh_token_keys.front().id;
  const auto before = server.clock.time;
  block_on(add_refresh_token_key(*server.storage, server.sealer, before, before + kKeyChangeMargin, server.randomness,
                                 server.ids));
  EXPECT_EQ(server.current()->refresh_token_keys.front().id, old_id);
  EXPECT_NE(server.current()->find_refresh_token_key(old_id + 1), nullptr) << "known before it makes";
  server.clock.time += kKeyChangeMargin;
  EXPECT_EQ(server.current()->refresh_token_keys.front().id, old_id + 1);
  EXPECT_NE(server.current()->find_refresh_token_key(old_id), nullptr);
  EXPECT_EQ(server.current()->find_refresh_token_key(99), nullptr);
}

/// DESIGN §3: what was made at a moment can be made again.
TEST(KeyRing, TheKeyOfAMomentStaysTheSame) {
  Server server;
  const auto first = server.current()->refresh_token_keys.front().id;
  const auto added = server.clock.time + seconds{100};
  block_on(add_refresh_token_key(*server.storage, server.sealer, added, added, server.randomness, server.ids));
  for (const auto passed : {seconds{0}, seconds{99}, seconds{100}, seconds{5000}}) {
    server.clock.time = kStart + passed;
    const auto set = server.current();
    EXPECT_EQ(set->refresh_token_key_at(kStart).id, first);
    EXPECT_EQ(set->refresh_token_key_at(added - milliseconds{1}).id, first);
    EXPECT_EQ(set->refresh_token_key_at(added).id, first + 1);
    EXPECT_EQ(set->refresh_token_key_at(kStart - seconds{1}).id, set->refresh_token_keys.front().id);
  }
}

TEST(KeyRing, AnotherMasterKeyIsAFaultThatSaysSo) {
  Server server;
  const auto set = server.current();
  const crypto::Sealer other{master_key('b'), server.randomness};
  KeyRing keys{*server.storage, other, server.clock, server.randomness, server.ids};
  EXPECT_THROW(block_on(keys.current()), std::runtime_error);
}

TEST(Verifier, TokensOfBothFormats) {
  Server server;
  const auto jwt = sign_access_token(server.token_of_client("a"), server.current()->signing_key);
  EXPECT_TRUE(server.verify(jwt));
  // Once more: from the cache.
  EXPECT_TRUE(server.verify(jwt));

  const auto token = server.token_of_client("b");
  const auto handle = oauth::make_handle(token.id.value, server.randomness);
  const oauth::OpaqueAccessToken row{token, handle.hash()};
  block_on(server.storage->access_tokens().add_access_token(row));
  EXPECT_TRUE(server.verify(format_handle(oauth::prefix::kAccessToken, handle)));
  const auto guess = oauth::make_handle(token.id.value, server.randomness);
  EXPECT_EQ(server.verify(format_handle(oauth::prefix::kAccessToken, guess)).error(), TokenFault::unknown);
}

/// What makes a token that was verified before useless.
TEST(Verifier, ACachedTokenEndsAtOnce) {
  Server server;
  const auto token = server.token_of_client("a");
  const auto jwt = sign_access_token(token, server.current()->signing_key);
  ASSERT_TRUE(server.verify(jwt));
  block_on(server.storage->access_tokens().revoke_access_token(token.id, token.expires_at));
  EXPECT_EQ(server.verify(jwt).error(), TokenFault::revoked);

  const auto expiring = sign_access_token(server.token_of_client("b"), server.current()->signing_key);
  ASSERT_TRUE(server.verify(expiring));
  server.clock.time += std::chrono::minutes{10};
  EXPECT_EQ(server.verify(expiring).error(), TokenFault::expired);
}

/// THREATS N51: a retired key verifies nothing, what it signed before included.
TEST(Verifier, ARetiredKeysTokensEnd) {
  Server server;
  const auto jwt = sign_access_token(server.token_of_client("a"), server.current()->signing_key);
  const auto rows = block_on(server.storage->keys().list_keys(storage::KeyPurpose::sign_tokens));
  block_on(add_signing_key(*server.storage, server.sealer, server.clock.time, server.clock.time, server.ids));
  ASSERT_TRUE(server.verify(jwt));
  block_on(server.storage->keys().retire_key(rows.front().id, server.clock.time + seconds{30}));
  ASSERT_TRUE(server.verify(jwt));
  server.clock.time += seconds{30};
  EXPECT_EQ(server.verify(jwt).error(), TokenFault::bad_signature);
}

TEST(Verifier, ForeignTokens) {
  Server server;
  auto token = server.token_of_client("a");
  const auto& key = server.current()->signing_key;
  token.issuer = oauth::Issuer("https://other.example");
  EXPECT_EQ(server.verify(sign_access_token(token, key)).error(), TokenFault::wrong_issuer);
  token.issuer = server.issuer;
  token.audience = oauth::Resource("https://other.example");
  EXPECT_EQ(server.verify(sign_access_token(token, key)).error(), TokenFault::wrong_audience);
  token.audience = server.resource;
  EXPECT_EQ(
      server.verify(sign_access_token(token, crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256))).error(),
      TokenFault::bad_signature);
  EXPECT_EQ(server.verify("garbage").error(), TokenFault::malformed);
  EXPECT_EQ(server.verify("ctl_at_garbage").error(), TokenFault::malformed);
}

/// THREATS §1: every cache that a stranger can fill is bounded.
TEST(VerifiedCache, IsBoundedAndKeepsWhatIsUsed) {
  VerifiedCache cache;
  const auto kept = crypto::sha256("kept");
  cache.put(kept, {.token = std::make_shared<const oauth::AccessToken>(), .keys = nullptr, .changes = 7});
  for (int i = 0; i < 100'000; ++i) {
    cache.put(crypto::sha256("other " + std::to_string(i)), {});
    ASSERT_TRUE(cache.find(kept)) << i;
  }
  EXPECT_EQ(cache.find(kept)->changes, 7U);
  EXPECT_FALSE(cache.find(crypto::sha256("other 0")));
}

}  // namespace
}  // namespace chatelaine::tokens
