#include "rehearsal/client_assertion.hpp"

#include "base/base64url.hpp"
#include "crypto/jws.hpp"

namespace chatelaine::rehearsal {
namespace {

constexpr seconds kLifetime{60};

std::int64_t to_seconds(Instant instant) {
  return std::chrono::duration_cast<seconds>(instant.time_since_epoch()).count();
}

}  // namespace

std::string make_client_assertion(const Client& client, const Server& server, Instant now, Randomness& randomness) {
  if (client.method != oauth::AuthenticationMethod::private_key_jwt || !client.key) return {};
  // RFC 7523 §3: the server's identifier; its token endpoint's URL stands for that where there is no metadata.
  const std::string& audience = server.issuer.empty() ? server.token_endpoint : server.issuer;
  const json::object claims{{"iss", client.id.value()},
                            {"sub", client.id.value()},
                            {"aud", audience},
                            {"iat", to_seconds(now)},
                            {"exp", to_seconds(now + kLifetime)},
                            {"jti", base64url_encode(randomness.bytes(16))}};
  return crypto::sign_compact(*client.key, "JWT", json::serialize(claims));
}

}  // namespace chatelaine::rehearsal
