#include "crypto/jws.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/json_object_writer.hpp"

namespace chatelaine::crypto {
namespace {

constexpr std::size_t kLargest = 16 * 1024;
/// A signature that nobody made costs as much as a good one, for each key that it is held against.
constexpr std::size_t kMostKeysTried = 16;

/// Members that would let the sender choose the key or the rules (RFC 7515 §4.1.2, §4.1.3, §4.1.5, §4.1.6, §4.1.11;
/// RFC 7797 §3).
constexpr std::array<std::string_view, 6> kRefusedMembers{"crit", "jwk", "jku", "x5u", "x5c", "b64"};

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;
};

/// RFC 7515 §7.1: exactly three parts.
std::optional<Parts> split(std::string_view text) {
  const std::size_t first = text.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1),
               text.substr(0, second)};
}

bool is_equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char left, unsigned char right) { return std::tolower(left) == std::tolower(right); });
}

/// RFC 7515 §4.1.9: "application/" may be left out; media types know no case.
bool is_type(std::string_view typ, std::string_view expected) {
  constexpr std::string_view kPrefix = "application/";
  const auto bare = [&](std::string_view type) {
    return is_equal_ignoring_case(type.substr(0, kPrefix.size()), kPrefix) ? type.substr(kPrefix.size()) : type;
  };
  return is_equal_ignoring_case(bare(typ), bare(expected));
}

/// A JWS taken apart, before anything of it is believed.
struct Decoded {
  json::object header;
  std::string payload;
  std::string signature;
  std::string_view signed_text;
};

std::optional<Decoded> decode(std::string_view text) {
  if (text.size() > kLargest) return std::nullopt;
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  const auto header_text = base64url_decode(parts->header);
  auto payload = base64url_decode(parts->payload);
  auto signature = base64url_decode(parts->signature);
  if (!header_text || !payload || !signature) return std::nullopt;
  auto header = parse_json(*header_text);
  if (!header || !header->is_object()) return std::nullopt;
  return Decoded{std::move(header->get_object()), std::move(*payload), std::move(*signature), parts->signed_text};
}

/// Nothing for `none`, for HMAC, and for a header whose sender would choose the key or the rules.
std::optional<SignatureAlgorithm> read_algorithm(const json::object& header) {
  const json::string* name = find_string(header, "alg");
  if (name == nullptr ||
      std::ranges::any_of(kRefusedMembers, [&](std::string_view member) { return header.contains(member); }))
    return std::nullopt;
  return parse_signature_algorithm(*name);
}

using Candidates = std::vector<const VerificationKey*>;

std::expected<VerifiedJws, JwsError> verify(Decoded jws, SignatureAlgorithm algorithm, const Candidates& candidates) {
  if (candidates.empty()) return std::unexpected(JwsError::unknown_key);
  auto error = JwsError::unsupported_algorithm;
  std::size_t tried = 0;
  for (const VerificationKey* key : candidates) {
    // RFC 8725 §3.1: the header's alg only chooses among what the key allows.
    if (std::ranges::find(key->algorithms(), algorithm) == key->algorithms().end()) continue;
    if (key->is_signature_of(algorithm, jws.signed_text, jws.signature))
      return VerifiedJws{std::move(jws.header), std::move(jws.payload), algorithm, *key};
    error = JwsError::bad_signature;
    if (++tried == kMostKeysTried) break;
  }
  return std::unexpected(error);
}

Candidates find_by_id(std::span<const VerificationKey> keys, std::string_view id) {
  Candidates found;
  for (const VerificationKey& key : keys) {
    if (key.id().value() == id) found.push_back(&key);
  }
  return found;
}

}  // namespace

std::string sign_compact(const SigningKey& key, std::string_view typ, std::string_view payload) {
  const std::string header =
      JsonObjectWriter().add("typ", typ).add("alg", to_string(key.algorithm())).add("kid", key.id().value()).finish();
  std::string text = base64url_encode(header) + '.' + base64url_encode(payload);
  const std::string signature = key.sign(text);
  return text + '.' + base64url_encode(signature);
}

std::expected<VerifiedJws, JwsError> verify_compact(std::string_view text, std::string_view expected_typ,
                                                    std::span<const VerificationKey> keys) {
  auto jws = decode(text);
  if (!jws) return std::unexpected(JwsError::malformed);
  const auto algorithm = read_algorithm(jws->header);
  if (!algorithm) return std::unexpected(JwsError::unsupported_algorithm);
  const json::string* type = find_string(jws->header, "typ");
  if (type == nullptr || !is_type(*type, expected_typ)) return std::unexpected(JwsError::wrong_type);
  const json::string* id = find_string(jws->header, "kid");
  if (id == nullptr) return std::unexpected(JwsError::unknown_key);
  const Candidates candidates = find_by_id(keys, *id);
  return verify(std::move(*jws), *algorithm, candidates);
}

std::expected<VerifiedJws, JwsError> verify_foreign_compact(std::string_view text,
                                                            std::span<const std::string_view> accepted_types,
                                                            std::span<const VerificationKey> keys) {
  auto jws = decode(text);
  if (!jws) return std::unexpected(JwsError::malformed);
  const auto algorithm = read_algorithm(jws->header);
  if (!algorithm) return std::unexpected(JwsError::unsupported_algorithm);
  if (jws->header.contains("typ")) {
    const json::string* type = find_string(jws->header, "typ");
    const auto is_typ = [&](std::string_view accepted) { return is_type(*type, accepted); };
    if (type == nullptr || std::ranges::none_of(accepted_types, is_typ)) return std::unexpected(JwsError::wrong_type);
  }
  Candidates candidates;
  if (jws->header.contains("kid")) {
    // RFC 7515 §4.1.4: a string, which finds nothing where it is none.
    const json::string* id = find_string(jws->header, "kid");
    if (id != nullptr) candidates = find_by_id(keys, *id);
  } else {
    for (const VerificationKey& key : keys) candidates.push_back(&key);
  }
  return verify(std::move(*jws), *algorithm, candidates);
}

}  // namespace chatelaine::crypto
