#include "crypto/jws.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cctype>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/json_object_writer.hpp"

namespace chatelaine::crypto {
namespace {

constexpr std::size_t kLargest = 16 * 1024;

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

}  // namespace

std::string sign_compact(const SigningKey& key, std::string_view typ, std::string_view payload) {
  const std::string header =
      JsonObjectWriter().add("typ", typ).add("alg", "ES256").add("kid", key.id().value()).finish();
  std::string text = base64url_encode(header) + '.' + base64url_encode(payload);
  const std::string signature = key.sign(text);
  return text + '.' + base64url_encode(signature);
}

std::expected<VerifiedJws, JwsError> verify_compact(std::string_view text, std::string_view expected_typ,
                                                    std::span<const VerificationKey> keys) {
  if (text.size() > kLargest) return std::unexpected(JwsError::malformed);
  const auto parts = split(text);
  if (!parts) return std::unexpected(JwsError::malformed);
  const auto header_text = base64url_decode(parts->header);
  auto payload = base64url_decode(parts->payload);
  const auto signature = base64url_decode(parts->signature);
  if (!header_text || !payload || !signature) return std::unexpected(JwsError::malformed);
  auto header = parse_json(*header_text);
  if (!header || !header->is_object()) return std::unexpected(JwsError::malformed);
  const json::object& members = header->get_object();

  // RFC 8725 §3.1: our keys are ES256 keys, so nothing else is looked at.
  const json::string* algorithm = find_string(members, "alg");
  if (algorithm == nullptr || *algorithm != "ES256" ||
      std::ranges::any_of(kRefusedMembers, [&](std::string_view name) { return members.contains(name); })) {
    return std::unexpected(JwsError::unsupported_algorithm);
  }
  const json::string* type = find_string(members, "typ");
  if (type == nullptr || !is_type(*type, expected_typ)) return std::unexpected(JwsError::wrong_type);
  const json::string* id = find_string(members, "kid");
  if (id == nullptr) return std::unexpected(JwsError::unknown_key);
  const auto key = std::ranges::find_if(
      keys, [&](const VerificationKey& candidate) { return candidate.id().value() == std::string_view(*id); });
  if (key == keys.end()) return std::unexpected(JwsError::unknown_key);
  if (!key->is_signature_of(parts->signed_text, *signature)) return std::unexpected(JwsError::bad_signature);
  return VerifiedJws{std::move(header->get_object()), std::move(*payload)};
}

}  // namespace chatelaine::crypto
