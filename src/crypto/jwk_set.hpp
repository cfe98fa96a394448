#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/jwk.hpp"

namespace chatelaine::crypto {

/// A JWK Set (RFC 7517 §5) that somebody else published: the keys of it that verify signatures.
struct JwkSet {
  /// In the set's order; two may have the same `kid` (RFC 7517 §4.5). Empty where the set has none that we can use.
  std::vector<VerificationKey> keys;
  /// Why the others were passed over, a sentence for the author each: `keys[2]: the member kty is not …`.
  std::vector<std::string> ignored;
};

/// Reads `{"keys":[…]}` of at most 64 KiB and 32 keys. RFC 7517 §5: a key of an unknown type or use, or one that is
/// incomplete, is passed over. A private or symmetric key refuses the whole set: whoever publishes it must hear of it.
/// The error is a sentence for the author.
[[nodiscard]] std::expected<JwkSet, std::string> parse_jwk_set(std::string_view text);
/// The same for a set that is part of a document, which has bounded its size.
[[nodiscard]] std::expected<JwkSet, std::string> read_jwk_set(const boost::json::object& set);

}  // namespace chatelaine::crypto
