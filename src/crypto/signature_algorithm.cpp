#include "crypto/signature_algorithm.hpp"

#include <utility>

namespace chatelaine::crypto {

std::string_view to_string(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::ES256:
      return "ES256";
    case SignatureAlgorithm::RS256:
      return "RS256";
    case SignatureAlgorithm::PS256:
      return "PS256";
    case SignatureAlgorithm::EdDSA:
      return "EdDSA";
  }
  std::unreachable();
}

std::optional<SignatureAlgorithm> parse_signature_algorithm(std::string_view text) {
  for (const auto algorithm : kSignatureAlgorithms) {
    if (text == to_string(algorithm)) return algorithm;
  }
  return std::nullopt;
}

}  // namespace chatelaine::crypto
