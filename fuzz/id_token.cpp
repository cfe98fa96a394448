#include "accounts/accounts.hpp"
#include "crypto/jws.hpp"
#include "relying_party/openid/id_token_check.hpp"
#include "relying_party/openid/provider_metadata.hpp"
#include "relying_party/openid/userinfo.hpp"
#include "targets.hpp"
#include "user_sources/claims.hpp"

namespace chatelaine::fuzz {
namespace {

const crypto::SigningKey& signing_key() {
  static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  return key;
}

user_sources::UserSource some_source() {
  user_sources::UserSource source;
  source.issuer = oauth::Issuer("https://id.example");
  source.email_domains = {"b.example"};
  return source;
}

/// Whoever is admitted has an address of the domain, and nothing that an account could not hold.
void check_admission(const json::object& id_token, const json::object& userinfo) {
  static const user_sources::UserSource source = some_source();
  const auto person = user_sources::admit_person(source, {id_token, userinfo});
  if (!person) return;
  require(person->email && accounts::check_email(*person->email));
  require(person->name.find_first_of("\r\n") == std::string::npos);
  require(!person->subject || accounts::is_subject(person->subject->value()));
}

}  // namespace

/// What an OpenID provider may say: the bytes as its metadata, as a UserInfo answer, as an ID token, and, since no
/// fuzzer signs, under a good signature as an ID token's claims.
void check_id_token(std::string_view bytes) {
  static const std::vector keys{crypto::VerificationKey::from_jwk(signing_key().public_jwk()).value()};
  const Instant now = from_numeric_date(1'700'000'000);
  const relying_party::ExpectedIdToken expected{.issuers = {oauth::Issuer("https://id.example")},
                                                .client_id = oauth::ClientId("chatelaine"),
                                                .nonce = "n",
                                                .access_token = "a",
                                                .earliest_sign_in = now - seconds(100)};
  require(!relying_party::check_id_token(bytes, keys, expected, now));
  const auto provider = relying_party::read_openid_provider(bytes, expected.issuers.front());
  require(!provider || (!provider->token_endpoint.empty() && !provider->jwks_uri.empty()));
  const auto userinfo = relying_party::judge_userinfo({200, {}, std::string(bytes)}, oauth::Subject("s1"));
  if (userinfo) check_admission({}, *userinfo);

  if (bytes.size() > 8'000) return;
  const auto token =
      relying_party::check_id_token(crypto::sign_compact(signing_key(), "JWT", bytes), keys, expected, now);
  if (!token) return;
  require(token->issuer == expected.issuers.front() && !token->subject.value().empty());
  require(token->authenticated_at && *token->authenticated_at <= now + relying_party::kClockSkew);
  check_admission(token->claims, {});
}

}  // namespace chatelaine::fuzz
