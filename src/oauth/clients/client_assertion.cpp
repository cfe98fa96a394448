#include "oauth/clients/client_assertion.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/ascii.hpp"
#include "base/base64url.hpp"
#include "base/json.hpp"

namespace chatelaine::oauth {
namespace {

/// From the update, draft-ietf-oauth-rfc7523bis: a client that sends it knows the updated rules.
constexpr std::string_view kExplicitType = "client-authentication+jwt";
/// RFC 8725 §3.11: no other kind of JWT passes for an assertion.
constexpr std::array<std::string_view, 2> kTypes{"JWT", kExplicitType};

/// RFC 7523 §3.2, RFC 7521 §4.2.1: invalid_client, whatever is wrong with it.
std::unexpected<OAuthError> refuse_assertion(std::string sentence) {
  return refuse(ErrorCode::invalid_client, std::move(sentence));
}

/// Nobody's key and a signature that it did not make.
const crypto::VerificationKey& nobodys_key() {
  static const auto key = crypto::VerificationKey::from_jwk({{"kty", "EC"},
                                                             {"crv", "P-256"},
                                                             {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
                                                             {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}});
  return key.value();
}
void spend_a_verification(std::string_view text) {
  static const std::string kSignature(64, '\x5a');
  static_cast<void>(nobodys_key().is_signature_of(crypto::SignatureAlgorithm::ES256, text, kSignature));
}

/// RFC 7519 §2: NumericDate may have a fraction. Nothing where the claim is no number, or none of our time.
std::optional<Instant> find_date(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  constexpr double kYear9999 = 253'402'300'799;
  const auto date = value->to_number<double>();
  const bool is_of_our_time = date >= 0 && date <= kYear9999;
  if (!is_of_our_time) return std::nullopt;
  return from_numeric_date(static_cast<std::int64_t>(std::floor(date)));
}

/// A claim that is there must be a date.
Result<std::optional<Instant>> read_date(const json::object& claims, std::string_view name) {
  const auto date = find_date(claims, name);
  if (!date && claims.contains(name))
    return refuse_assertion("The client_assertion's " + std::string(name) + " must be a number of seconds since 1970.");
  return date;
}

/// What the checks look at.
struct Facts {
  const VerifiedAssertion& assertion;
  const ClientId& client_id;
  const AssertionAudience& audience;
  Instant now;
};
/// A check refuses, or fills in its part of what is remembered.
using Check = Result<void> (*)(const Facts&, UsedClientAssertion&);

// RFC 7523 §3: both are the client_id.
Result<void> check_parties(const Facts& facts, UsedClientAssertion& used) {
  for (const std::string_view name : {"iss", "sub"}) {
    const json::string* value = find_string(facts.assertion.claims, name);
    if (value == nullptr || *value != facts.client_id.value())
      return refuse_assertion("The client_assertion's " + std::string(name) + " must be the client_id.");
  }
  used.client_id = facts.client_id;
  return {};
}

// DEVIATION RFC 7523 §3: its update (draft-ietf-oauth-rfc7523bis) takes the issuer alone. Clients in use send the token
// endpoint, as OpenID Connect Core §9 asked for, and an array of our own names; a client that uses the update's `typ`
// is held to the update. Another server's name beside ours is refused for all: that server could use the assertion
// here.
bool is_our_name(const Facts& facts, const json::value& value) {
  const json::string* name = value.if_string();
  if (name == nullptr) return false;
  if (*name == facts.audience.issuer.value()) return true;
  const bool is_strict = to_lower(facts.assertion.type).ends_with(kExplicitType);
  return !is_strict &&
         std::ranges::find(facts.audience.endpoints, std::string_view(*name)) != facts.audience.endpoints.end();
}
Result<void> check_audience(const Facts& facts, UsedClientAssertion&) {
  const json::value* audience = facts.assertion.claims.if_contains("aud");
  const auto is_ours = [&](const json::value& value) { return is_our_name(facts, value); };
  const json::array* names = audience != nullptr ? audience->if_array() : nullptr;
  const bool is_right = names != nullptr ? !names->empty() && std::ranges::all_of(*names, is_ours)
                                         : audience != nullptr && is_ours(*audience);
  if (is_right) return {};
  return refuse_assertion("The client_assertion's aud must be this server's issuer, " + facts.audience.issuer.value() +
                          ", and nothing else.");
}

Result<void> check_times(const Facts& facts, UsedClientAssertion& used) {
  const auto expiry = read_date(facts.assertion.claims, "exp");
  if (!expiry) return std::unexpected(expiry.error());
  if (!*expiry) return refuse_assertion("The client_assertion's exp is missing.");
  if (**expiry + kAssertionSkew <= facts.now)
    return refuse_assertion("The client_assertion has expired: make one for each request, and see to the clock.");
  if (**expiry > facts.now + kLongestAssertion + kAssertionSkew)
    return refuse_assertion("The client_assertion's exp must be at most five minutes ahead.");
  for (const std::string_view name : {"nbf", "iat"}) {
    const auto begin = read_date(facts.assertion.claims, name);
    if (!begin) return std::unexpected(begin.error());
    if (*begin && **begin > facts.now + kAssertionSkew)
      return refuse_assertion("The client_assertion's " + std::string(name) + " is ahead: see to the clock.");
  }
  // Remembered a little longer than it could be used, so that the clocks of several processes need not agree.
  used.expires_at = **expiry + 2 * kAssertionSkew;
  return {};
}

// RFC 7523 §3 leaves jti to the client, OpenID Connect Core §9 requires it.
Result<void> check_id(const Facts& facts, UsedClientAssertion& used) {
  const json::string* id = find_string(facts.assertion.claims, "jti");
  if (id == nullptr || id->empty())
    return refuse_assertion("The client_assertion's jti is missing: a text that the client never uses again.");
  used.jti_hash = crypto::sha256(*id);
  return {};
}

constexpr std::array<Check, 4> kChecks{check_parties, check_audience, check_times, check_id};

}  // namespace

Result<ClientId> find_assertion_subject(std::string_view assertion) {
  const std::size_t first = assertion.find('.');
  const std::size_t second = first == std::string_view::npos ? first : assertion.find('.', first + 1);
  if (second == std::string_view::npos || assertion.find('.', second + 1) != std::string_view::npos)
    return refuse_assertion("The client_assertion is no JWT: three parts with dots between them.");
  const auto payload = base64url_decode(assertion.substr(first + 1, second - first - 1));
  const auto claims = payload ? parse_json(*payload) : std::unexpected(JsonError{});
  const json::object* object = claims ? claims->if_object() : nullptr;
  if (object == nullptr) return refuse_assertion("The client_assertion's claims are no JSON object in base64url.");
  const json::string* subject = find_string(*object, "sub");
  if (subject == nullptr || subject->empty()) return refuse_assertion("The client_assertion's sub is missing.");
  return ClientId(std::string(*subject));
}

std::expected<VerifiedAssertion, crypto::JwsError> verify_client_assertion(
    std::string_view assertion, std::span<const crypto::VerificationKey> keys) {
  auto verified = crypto::verify_foreign_compact(assertion, kTypes, keys);
  if (!verified) {
    if (verified.error() != crypto::JwsError::bad_signature) spend_a_verification(assertion);
    return std::unexpected(verified.error());
  }
  auto claims = parse_json(verified->payload);
  if (!claims || !claims->is_object()) return std::unexpected(crypto::JwsError::malformed);
  const json::string* type = find_string(verified->header, "typ");
  return VerifiedAssertion{type != nullptr ? std::string(*type) : std::string(), std::move(claims->get_object())};
}

std::unexpected<OAuthError> refuse_unproven_assertion(std::string detail) {
  return refuse(ErrorCode::invalid_client,
                "The client is unknown, or none of its keys made this client_assertion: sign it with ES256, RS256, "
                "PS256 or EdDSA and a key that the client is registered with, and name that in kid.",
                std::move(detail));
}

Result<UsedClientAssertion> check_client_assertion(const VerifiedAssertion& assertion, const ClientId& client_id,
                                                   const AssertionAudience& audience, Instant now) {
  const Facts facts{assertion, client_id, audience, now};
  UsedClientAssertion used;
  for (const Check check : kChecks) {
    if (auto outcome = check(facts, used); !outcome) return std::unexpected(std::move(outcome.error()));
  }
  return used;
}

}  // namespace chatelaine::oauth
