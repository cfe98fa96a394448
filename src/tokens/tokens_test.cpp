#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/block_on.hpp"
#include "base/json.hpp"
#include "base/unavailable.hpp"
#include "crypto/jws.hpp"
#include "oauth/handle.hpp"
#include "storage/memory/memory_storage.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/verified_cache.hpp"
#include "tokens/verifier.hpp"

namespace chatelaine::tokens {
namespace {

using enum crypto::SignatureAlgorithm;

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
  KeyRing keys{*storage, sealer, clock, randomness, ids, {ES256}};
  oauth::Issuer issuer{"https://issuer.example"};
  oauth::Resource resource{"https://issuer.example"};
  Verifier verifier{*storage, keys, issuer, {resource}, clock};

  std::shared_ptr<const KeySet> current() { return block_on(keys.current()); }
  std::expected<std::shared_ptr<const oauth::AccessToken>, TokenRefusal> verify(const std::string& token) {
    return block_on(verifier.verify(token));
  }
  /// `key rotate`: gives the kid.
  crypto::KeyId add_key(crypto::SignatureAlgorithm algorithm, milliseconds published_before) {
    const auto key = crypto::SigningKey::generate(algorithm);
    block_on(add_signing_key(*storage, sealer, key, clock.time, clock.time + published_before, ids));
    return key.id();
  }
  oauth::AccessToken token_of_client(const char* client_id) {
    oauth::Client client;
    client.id = oauth::ClientId(client_id);
    block_on(storage->clients().add_client(client));
    return {.id = ids.next<oauth::AccessTokenTag>(),
            .issuer = issuer,
            .subject = oauth::Subject(client_id),
            .client_id = client.id,
            .audience = {resource},
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
  EXPECT_EQ(set->signing_key(ES256).id(), set->verification_keys.front().id());
  KeyRing second{*server.storage, server.sealer, server.clock, server.randomness, server.ids, {ES256}};
  EXPECT_EQ(block_on(second.current())->jwks, set->jwks);
}

/// DESIGN §3: publish, wait a cache lifetime, sign, retire.
TEST(KeyRing, ANewKeyIsPublishedBeforeItSigns) {
  Server server;
  const auto old_key = server.current()->signing_key(ES256).id();
  const auto new_key = server.add_key(ES256, kPublishedBeforeSigning);
  EXPECT_EQ(server.current()->verification_keys.size(), 2U);
  EXPECT_NE(server.current()->jwks.find(new_key.value()), std::string::npos);
  EXPECT_EQ(server.current()->signing_key(ES256).id(), old_key);
  // Who fetched the JWKS just before the key was added has fetched it again before it signs.
  server.clock.time += kJwksCacheLifetime;
  EXPECT_EQ(server.current()->signing_key(ES256).id(), old_key);
  server.clock.time += kKeyChangeMargin;
  EXPECT_EQ(server.current()->signing_key(ES256).id(), new_key);
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

TEST(KeyRing, AtTheFirstUseEveryAlgorithmSignsAtOnce) {
  Server server;
  KeyRing keys{*server.storage, server.sealer, server.clock, server.randomness, server.ids, {ES256, RS256, EdDSA}};
  const auto set = block_on(keys.current());
  EXPECT_EQ(set->verification_keys.size(), 3U);
  for (const auto algorithm : {ES256, RS256, EdDSA}) EXPECT_EQ(set->signing_key(algorithm).algorithm(), algorithm);
  EXPECT_THROW(static_cast<void>(set->signing_key(PS256)), Unavailable);
  // RFC 7517 §4: each says what it is for.
  const auto jwks = parse_json(set->jwks)->at("keys").as_array();
  ASSERT_EQ(jwks.size(), 3U);
  for (const auto& jwk : jwks) {
    for (const std::string_view member : {"kty", "kid", "use", "alg"}) EXPECT_TRUE(jwk.as_object().contains(member));
  }
}

TEST(KeyRing, AnAlgorithmThatIsSwitchedOnLaterIsPublishedFirst) {
  Server server;
  ASSERT_EQ(server.current()->verification_keys.size(), 1U);
  KeyRing keys{*server.storage, server.sealer, server.clock, server.randomness, server.ids, {ES256, EdDSA}};
  EXPECT_EQ(block_on(keys.current())->verification_keys.size(), 2U);
  EXPECT_THROW(static_cast<void>(block_on(keys.current())->signing_key(EdDSA)), Unavailable);
  server.clock.time += kPublishedBeforeSigning;
  EXPECT_EQ(block_on(keys.current())->signing_key(EdDSA).algorithm(), EdDSA);
  EXPECT_EQ(block_on(keys.current())->verification_keys.size(), 2U) << "one is enough";
}

TEST(KeyRing, ThereIsAlwaysAKeyOfES256) {
  Server server;
  const auto first = server.current()->signing_key(ES256).id();
  server.add_key(ES256, kPublishedBeforeSigning);
  const auto rows = block_on(server.storage->keys().list_keys(storage::KeyPurpose::sign_tokens));
  block_on(server.storage->keys().retire_key(rows.front().id, server.clock.time));
  const auto set = server.current();
  EXPECT_NE(set->signing_key(ES256).id(), first);
  EXPECT_EQ(set->verification_keys.size(), 2U) << "the published one, and one that was made at once";
}

TEST(KeyRing, AClockThatWasSetBackFindsTheKeysOfTheFutureGoodEnough) {
  Server server;
  const auto key = server.current()->signing_key(ES256).id();
  server.clock.time -= std::chrono::hours{1};
  KeyRing restarted{*server.storage, server.sealer, server.clock, server.randomness, server.ids, {ES256}};
  EXPECT_EQ(block_on(restarted.current())->signing_key(ES256).id(), key);
}

TEST(KeyRing, RsaSignsOnItsPoolAndTheQuickOnesAtOnce) {
  Server server;
  const auto rsa = crypto::SigningKey::generate(RS256);
  for (const auto algorithm : crypto::kSignatureAlgorithms) {
    std::thread::id signer;
    MakeSigned make = [&signer](const crypto::SigningKey& key) {
      signer = std::this_thread::get_id();
      return crypto::sign_compact(key, "JWT", "{}");
    };
    const bool is_quick = algorithm == ES256 || algorithm == EdDSA;
    const auto key = is_quick ? crypto::SigningKey::generate(algorithm)
                              : crypto::SigningKey::from_der(rsa.to_der(), algorithm).value();
    const auto text = block_on(server.keys.sign(key, std::move(make)));
    const std::vector public_half{crypto::VerificationKey::from_jwk(key.public_jwk()).value()};
    EXPECT_TRUE(crypto::verify_compact(text, "JWT", public_half)) << to_string(algorithm);
    EXPECT_EQ(signer == std::this_thread::get_id(), is_quick) << to_string(algorithm);
  }
}

/// THREATS N48: what storage holds of a key opens under the master key alone, and in its own row alone.
TEST(KeyRing, KeysAreSealedAtRest) {
  Server server;
  KeyRing keys{*server.storage, server.sealer, server.clock, server.randomness, server.ids, {ES256, RS256, EdDSA}};
  const auto set = block_on(keys.current());
  const auto rows = block_on(server.storage->keys().list_keys(storage::KeyPurpose::sign_tokens));
  ASSERT_EQ(rows.size(), 3U);
  for (const auto& key : set->signing_keys) {
    const auto row = std::ranges::find(rows, key.id().value(), &storage::StoredKey::name);
    ASSERT_NE(row, rows.end());
    const auto der = key.to_der();
    for (std::size_t at = 0; at + 8 <= der.reveal().size(); ++at)
      ASSERT_EQ(row->sealed.find(der.reveal().substr(at, 8)), std::string::npos);
    EXPECT_EQ(crypto::find_private_member(parse_json(row->public_jwk)->as_object()), "");
    const crypto::Sealer thief{master_key('b'), server.randomness};
    EXPECT_FALSE(thief.open(row->sealed, "keys/" + format_id(row->id.value)));
    EXPECT_TRUE(server.sealer.open(row->sealed, "keys/" + format_id(row->id.value)));
    EXPECT_FALSE(server.sealer.open(row->sealed, "keys/" + format_id(row->id.value + 1)));
  }
}

TEST(KeyRing, AnotherMasterKeyIsAFaultThatSaysSo) {
  Server server;
  const auto set = server.current();
  const crypto::Sealer other{master_key('b'), server.randomness};
  KeyRing keys{*server.storage, other, server.clock, server.randomness, server.ids, {ES256}};
  EXPECT_THROW(block_on(keys.current()), std::runtime_error);
}

TEST(Verifier, TokensOfBothFormats) {
  Server server;
  const auto jwt = sign_access_token(server.token_of_client("a"), server.current()->signing_key(ES256));
  EXPECT_TRUE(server.verify(jwt));
  // Once more: from the cache.
  EXPECT_TRUE(server.verify(jwt));

  const auto token = server.token_of_client("b");
  const auto handle = oauth::make_handle(token.id.value, server.randomness);
  const oauth::OpaqueAccessToken row{token, handle.hash()};
  block_on(server.storage->access_tokens().add_access_token(row));
  EXPECT_TRUE(server.verify(format_handle(oauth::prefix::kAccessToken, handle)));
  const auto guess = oauth::make_handle(token.id.value, server.randomness);
  EXPECT_EQ(server.verify(format_handle(oauth::prefix::kAccessToken, guess)).error().fault, TokenFault::unknown);
}

/// RFC 6749 §7: what makes a token that was verified before useless.
TEST(Verifier, ACachedTokenEndsAtOnce) {
  Server server;
  const auto token = server.token_of_client("a");
  const auto jwt = sign_access_token(token, server.current()->signing_key(ES256));
  ASSERT_TRUE(server.verify(jwt));
  block_on(server.storage->access_tokens().revoke_access_token(token.id, token.expires_at));
  const auto refusal = server.verify(jwt).error();
  EXPECT_EQ(refusal.fault, TokenFault::revoked);
  ASSERT_NE(refusal.ended, nullptr);
  EXPECT_EQ(refusal.ended->client_id, token.client_id);

  const auto expiring = sign_access_token(server.token_of_client("b"), server.current()->signing_key(ES256));
  ASSERT_TRUE(server.verify(expiring));
  server.clock.time += std::chrono::minutes{10};
  EXPECT_EQ(server.verify(expiring).error().fault, TokenFault::expired);
}

/// THREATS N51: a retired key verifies nothing, what it signed before included.
TEST(Verifier, ARetiredKeysTokensEnd) {
  Server server;
  const auto jwt = sign_access_token(server.token_of_client("a"), server.current()->signing_key(ES256));
  const auto rows = block_on(server.storage->keys().list_keys(storage::KeyPurpose::sign_tokens));
  server.add_key(ES256, seconds{0});
  ASSERT_TRUE(server.verify(jwt));
  block_on(server.storage->keys().retire_key(rows.front().id, server.clock.time + seconds{30}));
  ASSERT_TRUE(server.verify(jwt));
  server.clock.time += seconds{30};
  EXPECT_EQ(server.verify(jwt).error().fault, TokenFault::bad_signature);
}

TEST(Verifier, ForeignTokens) {
  Server server;
  auto token = server.token_of_client("a");
  const auto key = server.current()->signing_key(ES256);
  token.issuer = oauth::Issuer("https://other.example");
  EXPECT_EQ(server.verify(sign_access_token(token, key)).error().fault, TokenFault::wrong_issuer);
  token.issuer = server.issuer;
  token.audience = {oauth::Resource("https://other.example")};
  EXPECT_EQ(server.verify(sign_access_token(token, key)).error().fault, TokenFault::wrong_audience);
  token.audience = {server.resource};
  EXPECT_EQ(server.verify(sign_access_token(token, crypto::SigningKey::generate(ES256))).error().fault,
            TokenFault::bad_signature);
  EXPECT_EQ(server.verify("garbage").error().fault, TokenFault::malformed);
  EXPECT_EQ(server.verify("ctl_at_garbage").error().fault, TokenFault::malformed);
}

/// THREATS N02, RFC 9068 §4, RFC 9700 §2.3: another resource's token opens nothing here, in either format, also once it
/// is in the cache.
TEST(Verifier, ATokenOfAnotherResourceIsGoodForThatAlone) {
  Server server;
  auto token = server.token_of_client("a");
  const auto handle = oauth::make_handle(token.id.value, server.randomness);
  token.audience = {oauth::Resource("https://b.example"), oauth::Resource("https://b.example/")};
  const oauth::OpaqueAccessToken row{token, handle.hash()};
  block_on(server.storage->access_tokens().add_access_token(row));
  for (const auto& text : {sign_access_token(token, server.current()->signing_key(ES256)),
                           oauth::format_handle(oauth::prefix::kAccessToken, handle)}) {
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(server.verify(text).error().fault, TokenFault::wrong_audience);
      const auto verified = block_on(server.verifier.verify_for_any_resource(text));
      ASSERT_TRUE(verified);
      EXPECT_EQ((*verified)->audience, token.audience);
    }
  }
  token.audience.push_back(server.resource);
  EXPECT_TRUE(server.verify(sign_access_token(token, server.current()->signing_key(ES256)))) << "one of several";
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
