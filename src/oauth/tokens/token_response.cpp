#include "oauth/tokens/token_response.hpp"

#include "base/json_object_writer.hpp"

namespace chatelaine::oauth {

std::string to_json(const TokenResponse& response) {
  JsonObjectWriter body;
  body.add("access_token", response.access_token.reveal())
      .add("token_type", "bearer")
      .add("expires_in", response.expires_in.count());
  if (response.refresh_token) body.add("refresh_token", response.refresh_token->reveal());
  if (!response.id_token.empty()) body.add("id_token", response.id_token);
  if (!response.scope.empty()) body.add("scope", response.scope.to_string());
  return body.finish();
}

}  // namespace chatelaine::oauth
