#include "crypto/jwk_set.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace chatelaine::crypto {
namespace {

constexpr std::size_t kLargest = 64 * 1024;
constexpr std::size_t kMostKeys = 32;

std::unexpected<std::string> wrong(std::string sentence) { return std::unexpected(std::move(sentence)); }

}  // namespace

std::expected<JwkSet, std::string> read_jwk_set(const json::object& set) {
  // RFC 7517 §5.1: keys must be there, and an array.
  const json::value* member = set.if_contains("keys");
  const json::array* list = member != nullptr ? member->if_array() : nullptr;
  if (list == nullptr) return wrong("the member keys is missing or not an array");
  if (list->size() > kMostKeys) return wrong(fmt::format("the member keys holds more than {} keys", kMostKeys));
  JwkSet result;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json::object* jwk = (*list)[i].if_object();
    if (jwk == nullptr) return wrong(fmt::format("keys[{}] is not an object", i));
    if (const auto name = find_private_member(*jwk); !name.empty())
      return wrong(fmt::format(
          "keys[{}]: the member {} makes it a private key: remove it, and replace the key, which is no secret now", i,
          name));
    auto key = VerificationKey::from_jwk(*jwk);
    if (key) {
      result.keys.push_back(std::move(*key));
    } else {
      result.ignored.push_back(fmt::format("keys[{}]: {}", i, key.error()));
    }
  }
  return result;
}

std::expected<JwkSet, std::string> parse_jwk_set(std::string_view text) {
  if (text.size() > kLargest) return wrong(fmt::format("it is larger than {} bytes", kLargest));
  const auto document = parse_json(text);
  if (!document)
    return wrong(fmt::format("it is not JSON: {} (line {}, column {})", document.error().message, document.error().line,
                             document.error().column));
  if (!document->is_object()) return wrong("it is not a JSON object");
  return read_jwk_set(document->get_object());
}

}  // namespace chatelaine::crypto
