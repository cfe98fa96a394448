#include "oauth/tokens/access_token.hpp"

#include <algorithm>

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/json_object_writer.hpp"
#include "oauth/tokens/audience.hpp"

namespace chatelaine::oauth {
namespace {

/// RFC 9068 §2.1: no other kind of JWT passes for an access token.
constexpr std::string_view kType = "at+jwt";

template <class IdType>
std::optional<IdType> find_id(const json::object& claims, std::string_view name) {
  const json::string* text = find_string(claims, name);
  const auto value = text != nullptr ? parse_id(*text) : std::nullopt;
  if (!value) return std::nullopt;
  return IdType{*value};
}

std::optional<Instant> find_instant(const json::object& claims, std::string_view name) {
  const json::value* member = claims.if_contains(name);
  if (member == nullptr || !member->is_int64()) return std::nullopt;
  const std::int64_t seconds_since_1970 = member->get_int64();
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  if (seconds_since_1970 < 0 || seconds_since_1970 > kYear9999) return std::nullopt;
  return from_numeric_date(seconds_since_1970);
}

/// RFC 9068 §2.2 leaves `scope` out where there is none.
std::optional<Scope> find_scope(const json::object& claims) {
  if (!claims.contains("scope")) return Scope();
  const json::string* text = find_string(claims, "scope");
  return text != nullptr ? Scope::parse(*text) : std::nullopt;
}

AccessTokenError to_access_token_error(crypto::JwsError error) {
  switch (error) {
    case crypto::JwsError::malformed:
    case crypto::JwsError::unsupported_algorithm:
    case crypto::JwsError::wrong_type:
      return AccessTokenError::not_a_jwt;
    case crypto::JwsError::unknown_key:
    case crypto::JwsError::bad_signature:
      return AccessTokenError::bad_signature;
  }
  std::unreachable();
}

std::optional<AccessToken> read_claims(const json::object& claims) {
  const json::string* issuer = find_string(claims, "iss");
  const json::string* subject = find_string(claims, "sub");
  const json::string* client_id = find_string(claims, "client_id");
  const auto id = find_id<AccessTokenId>(claims, "jti");
  const auto grant_id = find_id<GrantId>(claims, "grant_id");
  const auto issued_at = find_instant(claims, "iat");
  const auto expires_at = find_instant(claims, "exp");
  auto audience = find_audience(claims);
  auto scope = find_scope(claims);
  if (issuer == nullptr || subject == nullptr || client_id == nullptr || !audience || !id || !issued_at ||
      !expires_at || !scope || (!grant_id && claims.contains("grant_id"))) {
    return std::nullopt;
  }
  return AccessToken{.id = *id,
                     .issuer = Issuer(std::string(*issuer)),
                     .subject = Subject(std::string(*subject)),
                     .client_id = ClientId(std::string(*client_id)),
                     .audience = std::move(*audience),
                     .scope = std::move(*scope),
                     .grant_id = grant_id,
                     .issued_at = *issued_at,
                     .expires_at = *expires_at};
}

}  // namespace

std::string sign_access_token(const AccessToken& token, const crypto::SigningKey& key) {
  JsonObjectWriter claims;
  claims.add("iss", token.issuer.value()).add("sub", token.subject.value());
  add_audience(claims, token.audience);
  claims.add("client_id", token.client_id.value())
      .add("jti", format_id(token.id.value))
      .add("iat", to_numeric_date(token.issued_at))
      .add("exp", to_numeric_date(token.expires_at));
  if (!token.scope.empty()) claims.add("scope", token.scope.to_string());
  if (token.grant_id) claims.add("grant_id", format_id(token.grant_id->value));
  return crypto::sign_compact(key, kType, claims.finish());
}

bool AccessToken::is_for(const std::vector<Resource>& spellings) const {
  return std::ranges::find_first_of(audience, spellings) != audience.end();
}

std::expected<AccessToken, AccessTokenError> verify_access_token(std::string_view jwt, const Issuer& issuer,
                                                                 std::span<const crypto::VerificationKey> keys,
                                                                 Instant now) {
  const auto verified = crypto::verify_compact(jwt, kType, keys);
  if (!verified) return std::unexpected(to_access_token_error(verified.error()));
  const auto claims = parse_json(verified->payload);
  if (!claims || !claims->is_object()) return std::unexpected(AccessTokenError::malformed_claims);
  auto token = read_claims(claims->get_object());
  if (!token) return std::unexpected(AccessTokenError::malformed_claims);
  if (token->issuer != issuer) return std::unexpected(AccessTokenError::wrong_issuer);
  // RFC 7519 §4.1.4: on or after `exp` it must not be taken.
  if (token->expires_at <= now) return std::unexpected(AccessTokenError::expired);
  return std::move(*token);
}

}  // namespace chatelaine::oauth
