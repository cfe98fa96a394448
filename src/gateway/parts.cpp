#include "gateway/parts.hpp"

namespace chatelaine::gateway {
namespace {

Task<crypto::SigningKey> read_signing_key(tokens::KeyRing& keys) {
  const auto current = co_await keys.current();
  // ES256, whatever signs access tokens: it is always there, and quick.
  co_return current->signing_key(crypto::SignatureAlgorithm::ES256);
}

}  // namespace

GatewayParts make_parts(tokens::Verifier& verifier, tokens::KeyRing& keys, net::Upstream* upstream) {
  GatewayParts parts;
  parts.verify = [&verifier](std::string_view token) { return verifier.verify(token); };
  parts.signing_key = [&keys] { return read_signing_key(keys); };
  if (upstream != nullptr) {
    parts.send = [upstream](net::UpstreamRequest request) { return upstream->send(std::move(request)); };
  }
  return parts;
}

}  // namespace chatelaine::gateway
