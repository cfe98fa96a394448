#include "relying_party/openid/id_token_check.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"
#include "oauth/openid/id_token.hpp"

namespace chatelaine::relying_party {
namespace {

using crypto::SignatureAlgorithm;
using crypto::SigningKey;
using crypto::VerificationKey;
using Kind = IdTokenFault::Kind;

constexpr Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 27}};
constexpr std::string_view kAccessToken = "an access token";

std::int64_t seconds_from_now(std::int64_t count) { return to_numeric_date(kNow) + count; }

const SigningKey& their_key() {
  static const SigningKey key = SigningKey::generate(SignatureAlgorithm::RS256);
  return key;
}

VerificationKey public_half(const SigningKey& key) { return VerificationKey::from_jwk(key.public_jwk()).value(); }

const std::vector<VerificationKey>& their_keys() {
  static const std::vector keys{public_half(SigningKey::generate(SignatureAlgorithm::ES256)), public_half(their_key())};
  return keys;
}

ExpectedIdToken expected() {
  return {.issuers = {oauth::Issuer("https://id.example")},
          .client_id = oauth::ClientId("chatelaine"),
          .nonce = "the nonce",
          .access_token = kAccessToken,
          .earliest_sign_in = std::nullopt};
}

json::object sound_claims() {
  return {{"iss", "https://id.example"},        {"sub", "248289761001"},       {"aud", "chatelaine"},
          {"exp", seconds_from_now(300)},       {"iat", seconds_from_now(-5)}, {"nonce", "the nonce"},
          {"auth_time", seconds_from_now(-100)}};
}

std::string sign(const json::object& claims, const SigningKey& key = their_key(), std::string_view typ = "JWT") {
  return crypto::sign_compact(key, typ, json::serialize(claims));
}

/// A JWS under a header of one's own.
std::string compose(const std::string& header, const std::string& payload, const std::string& signature) {
  return base64url_encode(header) + "." + base64url_encode(payload) + "." + base64url_encode(signature);
}

std::expected<CheckedIdToken, IdTokenFault> check(std::string_view text, const ExpectedIdToken& wanted = expected()) {
  return check_id_token(text, their_keys(), wanted, kNow);
}

using Change = std::function<void(json::object&)>;
Change with(std::string name, json::value value) {
  return [name = std::move(name), value = std::move(value)](json::object& claims) { claims[name] = value; };
}
Change without(std::string name) {
  return [name = std::move(name)](json::object& claims) { claims.erase(name); };
}

TEST(IdTokenCheck, TakesASoundOne) {
  const auto checked = check(sign(sound_claims()));
  ASSERT_TRUE(checked) << checked.error().detail;
  EXPECT_EQ(checked->issuer.value(), "https://id.example");
  EXPECT_EQ(checked->subject.value(), "248289761001");
  EXPECT_EQ(checked->authenticated_at, from_numeric_date(seconds_from_now(-100)));
  EXPECT_EQ(checked->claims.at("aud").as_string(), "chatelaine");
}

struct SoundRow {
  const char* sentence;
  Change change;
};

TEST(IdTokenCheck, TakesWhatTheSpecificationAllows) {
  const SoundRow rows[] = {
      {"OpenID Connect Core §2: aud may be an array of one", with("aud", json::array{"chatelaine"})},
      {"OpenID Connect Core §2: azp may be there, and is the client", with("azp", "chatelaine")},
      {"OpenID Connect Core §2: auth_time is optional where max_age was not asked for", without("auth_time")},
      {"RFC 7519 §2: a NumericDate may have a fraction", with("exp", 1'900'000'000.5)},
      {"OpenID Connect Core §3.1.3.7: a clock that is half a minute ahead", with("iat", seconds_from_now(30))},
      {"OpenID Connect Core §3.1.3.7: a clock that is half a minute behind", with("exp", seconds_from_now(-30))},
      {"OpenID Connect Core §3.1.3.8: the right at_hash",
       with("at_hash", json::string(oauth::make_token_hash(kAccessToken, SignatureAlgorithm::RS256)))},
      {"OpenID Connect Core §2: claims that nobody knows are ignored", with("tid", "7")},
  };
  for (const SoundRow& row : rows) {
    json::object claims = sound_claims();
    row.change(claims);
    const auto checked = check(sign(claims));
    EXPECT_TRUE(checked) << row.sentence << ": " << checked.error().detail;
  }
}

struct RefusedRow {
  const char* sentence;
  Change change;
  /// What the log names.
  const char* names;
};

TEST(IdTokenCheck, RefusesClaimsThatAreNotForThisClientBrowserAndMoment) {
  const RefusedRow rows[] = {
      {"OpenID Connect Core §3.1.3.7, 2: another issuer (mix-up)", with("iss", "https://evil.example"), "iss"},
      {"OpenID Connect Core §3.1.3.7, 2: an issuer with a slash more", with("iss", "https://id.example/"), "iss"},
      {"OpenID Connect Core §3.1.3.7, 2: an issuer in capitals", with("iss", "https://ID.example"), "iss"},
      {"OpenID Connect Core §3.1.3.7, 2: an issuer that is no text", with("iss", 7), "iss"},
      {"OpenID Connect Core §3.1.3.7, 2: no issuer", without("iss"), "iss"},
      {"OpenID Connect Core §3.1.3.7, 3: another client's token", with("aud", "another"), "aud"},
      {"OpenID Connect Core §3.1.3.7, 3: an array without this client", with("aud", json::array{"another"}), "aud"},
      {"OpenID Connect Core §3.1.3.7, 3: an audience more, which we do not trust",
       with("aud", json::array{"chatelaine", "another"}), "aud"},
      {"OpenID Connect Core §3.1.3.7, 3: an empty array", with("aud", json::array{}), "aud"},
      {"OpenID Connect Core §3.1.3.7, 3: an aud that is no text", with("aud", json::array{7}), "aud"},
      {"OpenID Connect Core §3.1.3.7, 3: no aud", without("aud"), "aud"},
      {"OpenID Connect Core §3.1.3.7, 5: issued for another party", with("azp", "another"), "azp"},
      {"OpenID Connect Core §3.1.3.7, 5: an azp that is no text", with("azp", 7), "azp"},
      {"OpenID Connect Core §3.1.3.7, 9: expired, by more than clocks differ", with("exp", seconds_from_now(-60)),
       "expired"},
      {"OpenID Connect Core §2: no exp", without("exp"), "exp"},
      {"OpenID Connect Core §2: exp as text", with("exp", "1900000000"), "exp"},
      {"OpenID Connect Core §2: an exp beyond any date", with("exp", 1e300), "exp"},
      {"OpenID Connect Core §2: no iat", without("iat"), "iat"},
      {"OpenID Connect Core §3.1.3.7, 10: issued in the future", with("iat", seconds_from_now(61)), "future"},
      {"OpenID Connect Core §3.1.3.7, 11: another browser's nonce (code injection)", with("nonce", "another"), "nonce"},
      {"OpenID Connect Core §3.1.3.7, 11: no nonce", without("nonce"), "nonce"},
      {"OpenID Connect Core §3.1.3.8: another access token's at_hash", with("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
       "at_hash"},
      {"OpenID Connect Core §3.1.3.8: at_hash as a number", with("at_hash", 7), "at_hash"},
      {"OpenID Connect Core §2: no sub", without("sub"), "sub"},
      {"OpenID Connect Core §2: an empty sub", with("sub", ""), "sub"},
      {"OpenID Connect Core §2: a sub of 256 characters", with("sub", json::string(256, 's')), "sub"},
      {"OpenID Connect Core §2: a sub that is not ASCII", with("sub", "Ä"), "sub"},
      {"OpenID Connect Core §2: a sub with a line break", with("sub", "a\nb"), "sub"},
  };
  for (const RefusedRow& row : rows) {
    json::object claims = sound_claims();
    row.change(claims);
    const auto checked = check(sign(claims));
    ASSERT_FALSE(checked) << row.sentence;
    EXPECT_EQ(checked.error().kind, Kind::refused) << row.sentence;
    EXPECT_NE(checked.error().detail.find(row.names), std::string::npos) << row.sentence << checked.error().detail;
  }
}

TEST(IdTokenCheck, RefusesANonceWhereNoneWasSent) {
  ExpectedIdToken none = expected();
  none.nonce.clear();
  json::object claims = sound_claims();
  EXPECT_FALSE(check(sign(claims), none));
  claims["nonce"] = "";
  EXPECT_FALSE(check(sign(claims), none));
}

TEST(IdTokenCheck, TakesOneOfTheIssuersOfSeveralTenants) {
  ExpectedIdToken tenants = expected();
  tenants.issuers = {oauth::Issuer("https://login.example/a/v2.0"), oauth::Issuer("https://login.example/b/v2.0")};
  for (const auto& [issuer, is_taken] :
       {std::pair("https://login.example/b/v2.0", true), std::pair("https://login.example/c/v2.0", false),
        std::pair("https://login.example/{tenantid}/v2.0", false)}) {
    json::object claims = sound_claims();
    claims["iss"] = issuer;
    const auto checked = check(sign(claims), tenants);
    EXPECT_EQ(checked.has_value(), is_taken) << issuer;
    if (checked) {
      EXPECT_EQ(checked->issuer.value(), issuer);
    }
  }
}

struct SignInRow {
  const char* sentence;
  Change change;
  std::optional<Kind> fault;
};

TEST(IdTokenCheck, HoldsTheProviderToMaxAge) {
  ExpectedIdToken fresh = expected();
  fresh.earliest_sign_in = kNow - seconds(120);
  const SignInRow rows[] = {
      {"OpenID Connect Core §3.1.3.7, 13: lately enough", with("auth_time", seconds_from_now(-100)), std::nullopt},
      {"a provider's clock may be a minute behind", with("auth_time", seconds_from_now(-180)), std::nullopt},
      {"OpenID Connect Core §3.1.3.7, 13: too long ago", with("auth_time", seconds_from_now(-181)),
       Kind::not_authenticated},
      {"OpenID Connect Core §2: auth_time is required where max_age was asked for", without("auth_time"),
       Kind::tells_no_time},
      {"an auth_time that is text", with("auth_time", "1900000000"), Kind::tells_no_time},
      {"an auth_time in the future", with("auth_time", seconds_from_now(61)), Kind::refused},
  };
  for (const SignInRow& row : rows) {
    json::object claims = sound_claims();
    row.change(claims);
    const auto checked = check(sign(claims), fresh);
    EXPECT_EQ(checked.has_value(), !row.fault) << row.sentence;
    if (!checked && row.fault) {
      EXPECT_EQ(checked.error().kind, *row.fault) << row.sentence;
    }
  }
}

TEST(IdTokenCheck, RefusesSignaturesThatTheIssuersKeysDidNotMake) {
  const std::string payload = json::serialize(sound_claims());
  const std::string kid = their_key().id().value();
  const std::string sound = sign(sound_claims());
  const std::string public_key = json::serialize(their_key().public_jwk());
  const std::string hmac_header = R"({"typ":"JWT","alg":"HS256","kid":")" + kid + "\"}";
  const std::string hmac_message = base64url_encode(hmac_header) + "." + base64url_encode(payload);
  const std::string hmac(crypto::hmac_sha256(public_key, hmac_message).view());
  const struct {
    const char* sentence;
    std::string text;
    Kind kind;
  } rows[] = {
      {"RFC 8725 §3.2: alg none", compose(R"({"alg":"none"})", payload, ""), Kind::refused},
      {"RFC 8725 §3.1: HS256 with the public key", compose(hmac_header, payload, hmac), Kind::refused},
      {"RFC 8725 §3.1: an alg that its key does not have",
       compose(R"({"alg":"ES256","kid":")" + kid + "\"}", payload, std::string(64, 's')), Kind::refused},
      {"OpenID Connect Core §3.1.3.7, 6: another's key under a kid of its own",
       sign(sound_claims(), SigningKey::generate(SignatureAlgorithm::RS256)), Kind::unknown_key},
      {"OpenID Connect Core §3.1.3.7, 6: a signature that was made of other claims",
       compose(R"({"alg":"RS256","kid":")" + kid + "\"}", payload, std::string(256, 's')), Kind::unknown_key},
      {"RFC 8725 §3.11: a token of another type", sign(sound_claims(), their_key(), "at+jwt"), Kind::refused},
      {"a key that the token brings along",
       compose(R"({"alg":"RS256","jwk":)" + public_key + "}", payload, std::string(256, 's')), Kind::refused},
      {"an encrypted token", sound + ".x.y", Kind::refused},
      {"no token at all", "", Kind::refused},
      {"a payload that is no object", crypto::sign_compact(their_key(), "JWT", "[]"), Kind::refused},
      {"a claim that is there twice",
       crypto::sign_compact(their_key(), "JWT", payload.substr(0, payload.size() - 1) + R"(,"sub":"admin"})"),
       Kind::refused},
  };
  for (const auto& row : rows) {
    const auto checked = check(row.text);
    ASSERT_FALSE(checked) << row.sentence;
    EXPECT_EQ(checked.error().kind, row.kind) << row.sentence << ": " << checked.error().detail;
  }
}

// Entra ID's set for all tenants: each key says whose tokens it signs.
TEST(IdTokenCheck, TakesAKeyForThoseWhomItSignsForAlone) {
  const std::string all = "https://login.example/{tenantid}/v2.0";
  ExpectedIdToken wanted = expected();
  wanted.issuers = {oauth::Issuer("https://login.example/a/v2.0"), oauth::Issuer("https://login.example/b/v2.0")};
  wanted.issuer_of_all = oauth::Issuer(all);
  const struct {
    const char* sentence;
    std::optional<std::string> key_issuer;
    bool is_taken;
  } rows[] = {
      {"a key for every tenant", all, true},
      {"a key of this tenant", "https://login.example/a/v2.0", true},
      {"a key that does not say whose it is", std::nullopt, true},
      {"a key of another tenant that comes in", "https://login.example/b/v2.0", false},
      {"a key for personal accounts", "https://login.example/consumers/v2.0", false},
  };
  json::object claims = sound_claims();
  claims["iss"] = "https://login.example/a/v2.0";
  for (const auto& row : rows) {
    json::object jwk = their_key().public_jwk();
    if (row.key_issuer) jwk["issuer"] = *row.key_issuer;
    const std::vector keys{VerificationKey::from_jwk(jwk).value()};
    EXPECT_EQ(check_id_token(sign(claims), keys, wanted, kNow).has_value(), row.is_taken) << row.sentence;
  }
  json::object jwk = their_key().public_jwk();
  jwk["issuer"] = "https://elsewhere.example";
  EXPECT_TRUE(
      check_id_token(sign(sound_claims()), std::vector{VerificationKey::from_jwk(jwk).value()}, expected(), kNow))
      << "where there is one issuer the set is its own";
}

TEST(IdTokenCheck, TriesEveryKeyWhereNoneIsNamed) {
  const std::string payload = json::serialize(sound_claims());
  const std::string head = base64url_encode(R"({"alg":"RS256"})") + "." + base64url_encode(payload);
  EXPECT_TRUE(check(head + "." + base64url_encode(their_key().sign(head))));
}

}  // namespace
}  // namespace chatelaine::relying_party
