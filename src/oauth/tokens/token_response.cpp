#include "oauth/tokens/token_response.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace chatelaine::oauth {

std::string to_json(const TokenResponse& response) {
  boost::json::object body{{"access_token", response.access_token.reveal()},
                           {"token_type", "bearer"},
                           {"expires_in", response.expires_in.count()}};
  if (response.refresh_token) body["refresh_token"] = response.refresh_token->reveal();
  if (!response.scope.empty()) body["scope"] = response.scope.to_string();
  return boost::json::serialize(body);
}

}  // namespace chatelaine::oauth
