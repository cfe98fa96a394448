#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

#include "base/json.hpp"
#include "crypto/jwk.hpp"
#include "crypto/key_type.hpp"
#include "crypto/signature.hpp"

namespace chatelaine::crypto {
namespace {

/// Identifiers and short words; nothing longer is kept.
constexpr std::size_t kLongestKeyId = 256;

/// RFC 7517 §4: unknown members are ignored; these are known, and must not be there.
constexpr std::array<std::string_view, 8> kPrivateMembers{"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

/// RFC 7517 §4.4: `alg` is what the key is for, and leaves of the type's algorithms that one.
Parsed<std::vector<SignatureAlgorithm>> parse_algorithms(const json::object& jwk, const KeyType& type) {
  const json::value* member = jwk.if_contains("alg");
  if (member == nullptr) return std::vector(type.algorithms.begin(), type.algorithms.end());
  const auto algorithm =
      member->is_string() ? parse_signature_algorithm(member->get_string()) : std::optional<SignatureAlgorithm>();
  if (algorithm && type.supports(*algorithm)) return std::vector{*algorithm};
  std::string expected;
  for (const auto supported : type.algorithms)
    expected += fmt::format("{}\"{}\"", expected.empty() ? "" : " or ", to_string(supported));
  return wrong("the member alg is not " + expected);
}

/// RFC 7517 §4.2 and §4.3.
Parsed<void> check_use(const json::object& jwk) {
  const json::value* use = jwk.if_contains("use");
  if (use != nullptr && *use != "sig") return wrong("the member use is not \"sig\"");
  const json::value* operations = jwk.if_contains("key_ops");
  if (operations == nullptr) return {};
  const json::array* list = operations->if_array();
  if (list == nullptr || std::ranges::find(*list, json::value("verify")) == list->end())
    return wrong("the member key_ops has no \"verify\"");
  return {};
}

Parsed<KeyId> parse_id(const json::object& jwk, const KeyType& type, const EVP_PKEY& key) {
  const json::value* member = jwk.if_contains("kid");
  if (member == nullptr) return KeyId(make_thumbprint(type.public_members(key)));
  const json::string* text = member->if_string();
  if (text == nullptr || text->empty() || text->size() > kLongestKeyId)
    return wrong(fmt::format("the member kid is not a string of 1 to {} bytes", kLongestKeyId));
  return KeyId(std::string(*text));
}

}  // namespace

std::string_view find_private_member(const json::object& jwk) {
  const auto found = std::ranges::find_if(kPrivateMembers, [&](std::string_view name) { return jwk.contains(name); });
  return found == kPrivateMembers.end() ? std::string_view() : *found;
}

struct VerificationKey::State {
  State(EvpKey made, KeyId named, std::string said_issuer, std::vector<SignatureAlgorithm> verified)
      : key(std::move(made)), id(std::move(named)), issuer(std::move(said_issuer)), algorithms(std::move(verified)) {
    for (const auto algorithm : algorithms) signatures.emplace_back(*key, algorithm, SignatureContext::Use::verify);
  }

  EvpKey key;
  KeyId id;
  std::string issuer;
  std::vector<SignatureAlgorithm> algorithms;
  /// One for each of the algorithms.
  std::deque<SignatureContext> signatures;
};

std::expected<VerificationKey, std::string> VerificationKey::from_jwk(const json::object& jwk) {
  if (const auto name = find_private_member(jwk); !name.empty())
    return wrong(fmt::format("the member {} makes it a private key", name));
  const auto type = find_key_type(jwk);
  if (!type) return std::unexpected(type.error());
  auto algorithms = parse_algorithms(jwk, **type);
  if (!algorithms) return std::unexpected(std::move(algorithms.error()));
  if (auto checked = check_use(jwk); !checked) return std::unexpected(std::move(checked.error()));
  auto key = (*type)->parse_public(jwk);
  if (!key) return std::unexpected(std::move(key.error()));
  auto id = parse_id(jwk, **type, **key);
  if (!id) return std::unexpected(std::move(id.error()));
  const json::string* issuer = find_string(jwk, "issuer");
  return VerificationKey(std::make_shared<const State>(std::move(*key), std::move(*id),
                                                       issuer == nullptr ? std::string() : std::string(*issuer),
                                                       std::move(*algorithms)));
}

const KeyId& VerificationKey::id() const { return state_->id; }
const std::string& VerificationKey::issuer() const { return state_->issuer; }
const std::vector<SignatureAlgorithm>& VerificationKey::algorithms() const { return state_->algorithms; }

bool VerificationKey::is_signature_of(SignatureAlgorithm algorithm, std::string_view message,
                                      std::string_view signature) const {
  const auto found = std::ranges::find(state_->signatures, algorithm, &SignatureContext::algorithm);
  return found != state_->signatures.end() && found->is_signature_of(message, signature);
}

}  // namespace chatelaine::crypto
