#include "crypto/key_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::crypto {
namespace {

Parsed<const json::string*> find_member(const json::object& jwk, std::string_view name) {
  const json::string* text = find_string(jwk, name);
  if (text == nullptr) return wrong(fmt::format("the member {} is missing or not a string", name));
  return text;
}

}  // namespace

bool KeyType::supports(SignatureAlgorithm algorithm) const {
  return std::ranges::find(algorithms, algorithm) != algorithms.end();
}

const KeyType& key_type_of(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::ES256:
      return kEcKeyType;
    case SignatureAlgorithm::RS256:
    case SignatureAlgorithm::PS256:
      return kRsaKeyType;
    case SignatureAlgorithm::EdDSA:
      return kOkpKeyType;
  }
  std::unreachable();
}

Parsed<const KeyType*> find_key_type(const json::object& jwk) {
  const json::string* name = find_string(jwk, "kty");
  for (const KeyType* type : {&kEcKeyType, &kRsaKeyType, &kOkpKeyType}) {
    if (name != nullptr && *name == type->name) return type;
  }
  return wrong(R"(the member kty is not "EC", "RSA" or "OKP")");
}

std::string make_thumbprint(const json::object& public_members) {
  std::vector<std::string_view> names;
  for (const auto& member : public_members) names.push_back(member.key());
  std::ranges::sort(names);
  std::string canonical;
  for (const std::string_view name : names) {
    canonical += canonical.empty() ? '{' : ',';
    canonical += fmt::format(R"("{}":"{}")", name, std::string_view(public_members.at(name).as_string()));
  }
  return base64url_encode(sha256(canonical + '}').view());
}

Parsed<std::string> parse_octets(const json::object& jwk, std::string_view name, std::size_t size) {
  const auto text = find_member(jwk, name);
  if (!text) return std::unexpected(text.error());
  auto decoded = base64url_decode(**text);
  if (!decoded || decoded->size() != size)
    return wrong(fmt::format("the member {} is not {} bytes in base64url", name, size));
  return std::move(*decoded);
}

Parsed<BigNumber> parse_number(const json::object& jwk, std::string_view name, std::size_t most) {
  const auto text = find_member(jwk, name);
  if (!text) return std::unexpected(text.error());
  // Four characters for three octets: what is longer is not decoded at all.
  if ((*text)->size() > (most + 2) / 3 * 4)
    return wrong(fmt::format("the member {} has more than {} bytes", name, most));
  auto decoded = base64url_decode(**text);
  if (!decoded || decoded->empty()) return wrong(fmt::format("the member {} is not a number in base64url", name));
  // RFC 7518 §2: the fewest octets that hold the number. A second spelling would give one key two thumbprints.
  if (decoded->front() == '\0') return wrong(fmt::format("the member {} begins with a zero byte", name));
  if (decoded->size() > most) return wrong(fmt::format("the member {} has more than {} bytes", name, most));
  BigNumber number = make_number(*decoded);
  wipe(decoded->data(), decoded->size());
  return number;
}

}  // namespace chatelaine::crypto
