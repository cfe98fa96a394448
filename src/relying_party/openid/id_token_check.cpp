#include "relying_party/openid/id_token_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_members.hpp"
#include "crypto/jws.hpp"
#include "oauth/openid/id_token.hpp"
#include "relying_party/provider_text.hpp"

namespace chatelaine::relying_party {
namespace {

using Kind = IdTokenFault::Kind;
using Checked = std::expected<void, IdTokenFault>;

/// As crypto::verify_foreign_compact has it.
constexpr std::size_t kLongest = std::size_t{16} * 1024;

std::unexpected<IdTokenFault> refuse(std::string detail) {
  return std::unexpected(IdTokenFault{Kind::refused, std::move(detail)});
}

std::unexpected<IdTokenFault> refuse_signature(crypto::JwsError error) {
  switch (error) {
    case crypto::JwsError::malformed:
      return refuse("the ID token is no signed JWT");
    case crypto::JwsError::unsupported_algorithm:
      return refuse("the ID token's alg is none that its key verifies (ES256, RS256, PS256 and EdDSA are known)");
    case crypto::JwsError::wrong_type:
      return refuse("the ID token's typ is another than JWT");
    case crypto::JwsError::unknown_key:
      return std::unexpected(IdTokenFault{Kind::unknown_key, "no key of the JWK Set has the ID token's kid"});
    case crypto::JwsError::bad_signature:
      // A set that has changed under an old kid, or whose keys have none, looks like this as well.
      return std::unexpected(IdTokenFault{Kind::unknown_key, "the ID token's signature is wrong"});
  }
  return refuse("the ID token is not signed");
}

/// RFC 7519 §2: a NumericDate may have a fraction. Nothing where the claim is none, or beyond what a date can be.
std::optional<Instant> read_time(const json::object& claims, std::string_view name) {
  constexpr double kLatest = 253'402'300'799;  // the last second of the year 9999
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const auto count = value->to_number<double>();
  const bool is_a_date = count >= 0 && count <= kLatest;
  if (!is_a_date) return std::nullopt;
  return from_numeric_date(static_cast<std::int64_t>(count));
}

Checked check_issuer(const json::object& claims, const ExpectedIdToken& expected) {
  const auto said = text_of(claims, "iss");
  const auto is_it = [said](const oauth::Issuer& issuer) { return issuer.value() == said; };
  if (std::ranges::any_of(expected.issuers, is_it)) return {};
  return refuse(fmt::format("the ID token's iss is \"{}\", not the issuer's", quote_provider_text(said)));
}

/// Entra ID publishes the keys of all its tenants in one set, and says of each whose tokens it signs: one for personal
/// accounts must not make a token of somebody's company.
Checked check_key(const crypto::VerificationKey& key, const json::object& claims, const ExpectedIdToken& expected) {
  if (!expected.issuer_of_all || key.issuer().empty()) return {};
  if (key.issuer() == expected.issuer_of_all->value() || key.issuer() == text_of(claims, "iss")) return {};
  return refuse(fmt::format("the ID token's key signs for \"{}\" alone", quote_provider_text(key.issuer())));
}

/// The token is for this client and for nobody else: we trust no other audience (§3.1.3.7, 3).
Checked check_audience(const json::object& claims, const oauth::ClientId& client_id) {
  const json::value* audience = claims.if_contains("aud");
  const auto is_us = [&](const json::value& value) {
    const json::string* text = value.if_string();
    return text != nullptr && *text == client_id.value();
  };
  if (audience == nullptr) return refuse("the ID token has no aud");
  const json::array* list = audience->if_array();
  const bool is_ours = list == nullptr ? is_us(*audience) : !list->empty() && std::ranges::all_of(*list, is_us);
  if (!is_ours) return refuse("the ID token's aud is another than the client_id, or not it alone");
  // §3.1.3.7, 5: azp, where it is there, is this client.
  if (claims.contains("azp") && text_of(claims, "azp") != client_id.value())
    return refuse("the ID token's azp is another than the client_id");
  return {};
}

Checked check_times(const json::object& claims, Instant now) {
  const auto expires_at = read_time(claims, "exp");
  const auto issued_at = read_time(claims, "iat");
  if (!expires_at || !issued_at) return refuse("the ID token's exp or iat is missing or no time");
  if (now >= *expires_at + kClockSkew) return refuse("the ID token has expired");
  if (*issued_at > now + kClockSkew) return refuse("the ID token's iat is in the future");
  return {};
}

Checked check_authentication(const std::optional<Instant>& authenticated_at, const ExpectedIdToken& expected,
                             Instant now) {
  if (!expected.earliest_sign_in) return {};
  // §2: auth_time is required where max_age was asked for.
  if (!authenticated_at) {
    return std::unexpected(
        IdTokenFault{Kind::tells_no_time, "the ID token has no auth_time, though max_age was asked for"});
  }
  if (*authenticated_at > now + kClockSkew) return refuse("the ID token's auth_time is in the future");
  // §3.1.3.7, 13: too long ago.
  if (*authenticated_at + kClockSkew < *expected.earliest_sign_in) {
    return std::unexpected(IdTokenFault{Kind::not_authenticated, "the ID token's auth_time is too long ago"});
  }
  return {};
}

std::expected<oauth::Subject, IdTokenFault> read_subject(const json::object& claims) {
  const auto subject = text_of(claims, "sub");
  if (!is_foreign_subject(subject))
    return refuse("the ID token's sub is missing, longer than 255 characters or not ASCII");
  return oauth::Subject(std::string(subject));
}

/// §3.1.3.8: at_hash, where it is there, is the access token's.
Checked check_access_token(const json::object& claims, const ExpectedIdToken& expected,
                           crypto::SignatureAlgorithm algorithm) {
  if (!claims.contains("at_hash")) return {};
  if (text_of(claims, "at_hash") == oauth::make_token_hash(expected.access_token, algorithm)) return {};
  return refuse("the ID token's at_hash is another access token's");
}

}  // namespace

bool is_foreign_subject(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::expected<CheckedIdToken, IdTokenFault> check_id_token(std::string_view text,
                                                           std::span<const crypto::VerificationKey> keys,
                                                           const ExpectedIdToken& expected, Instant now) {
  constexpr std::array kTypes{oauth::kIdTokenType};
  if (text.size() > kLongest) return refuse("the ID token is longer than 16 KiB");
  const auto verified = crypto::verify_foreign_compact(text, kTypes, keys);
  if (!verified) return refuse_signature(verified.error());
  auto parsed = parse_json(verified->payload);
  if (!parsed || !parsed->is_object()) return refuse("the ID token's payload is no JSON object");
  json::object& claims = parsed->get_object();

  if (auto checked = check_issuer(claims, expected); !checked) return std::unexpected(std::move(checked.error()));
  if (auto checked = check_key(verified->key, claims, expected); !checked)
    return std::unexpected(std::move(checked.error()));
  if (auto checked = check_audience(claims, expected.client_id); !checked)
    return std::unexpected(std::move(checked.error()));
  if (auto checked = check_times(claims, now); !checked) return std::unexpected(std::move(checked.error()));
  // §3.1.3.7, 11: the nonce that this browser's request had, so that no code of another's serves here.
  if (expected.nonce.empty() || text_of(claims, "nonce") != expected.nonce)
    return refuse("the ID token's nonce is another than the request's");
  if (auto checked = check_access_token(claims, expected, verified->algorithm); !checked)
    return std::unexpected(std::move(checked.error()));
  auto subject = read_subject(claims);
  if (!subject) return std::unexpected(std::move(subject.error()));
  const auto authenticated_at = read_time(claims, "auth_time");
  if (auto checked = check_authentication(authenticated_at, expected, now); !checked)
    return std::unexpected(std::move(checked.error()));
  oauth::Issuer issuer{std::string(text_of(claims, "iss"))};
  return CheckedIdToken{std::move(issuer), std::move(*subject), authenticated_at, std::move(claims)};
}

}  // namespace chatelaine::relying_party
