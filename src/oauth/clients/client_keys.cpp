#include "oauth/clients/client_keys.hpp"

#include "base/json.hpp"
#include "base/uri.hpp"
#include "crypto/jwk_set.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} * 1024;
constexpr std::size_t kLongestUri = 512;

std::unexpected<OAuthError> refuse_keys(std::string sentence) {
  return refuse(ErrorCode::invalid_request, std::move(sentence));
}

}  // namespace

Result<std::string> check_client_jwks(const boost::json::object& set) {
  const auto read = crypto::read_jwk_set(set);
  if (!read) return refuse_keys("The JWK Set cannot be taken: " + read.error());
  if (read->keys.empty()) {
    return refuse_keys("The JWK Set holds no key that verifies ES256, RS256, PS256 or EdDSA." +
                       (read->ignored.empty() ? "" : " " + read->ignored.front()));
  }
  return boost::json::serialize(boost::json::object{{"keys", set.at("keys")}});
}

Result<std::string> check_client_jwks(std::string_view text) {
  if (text.size() > kMostBytes) return refuse_keys("The JWK Set is larger than 64 KiB.");
  const auto parsed = parse_json(text);
  if (!parsed) return refuse_keys("The JWK Set is not JSON: " + parsed.error().message + ".");
  const json::object* set = parsed->if_object();
  if (set == nullptr) return refuse_keys("The JWK Set must be a JSON object with the member keys.");
  return check_client_jwks(*set);
}

Result<void> check_client_jwks_uri(std::string_view text) {
  const auto refuse_uri = [](std::string_view reason) {
    return refuse_keys("The jwks_uri " + std::string(reason) + ".");
  };
  if (text.size() > kLongestUri) return refuse_uri("is longer than 512 characters");
  const auto url = parse_http_url(text);
  if (!url) return refuse_uri(url.error());
  if (url->scheme != "https" && !is_loopback_host(url->host)) return refuse_uri("must start with https://");
  if (url->has_userinfo) return refuse_uri("must not hold a user name or password");
  if (url->has_fragment) return refuse_uri("must not have a fragment");
  return {};
}

}  // namespace chatelaine::oauth
