#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider::endpoints {

Task<net::Response> jwks(const Context& context, const net::Request&) {
  const auto keys = co_await context.keys.current();
  // RFC 7517 §8.5.1 names this media type.
  auto response = net::make_response(200, "application/jwk-set+json", keys->jwks);
  const auto lifetime = std::chrono::duration_cast<seconds>(tokens::kJwksCacheLifetime);
  response.add_header("Cache-Control", "public, max-age=" + std::to_string(lifetime.count()));
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
