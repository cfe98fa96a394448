#include "oauth/swapped_addresses.hpp"

#include <fmt/format.h>

namespace chatelaine::oauth {
namespace {

OAuthError describe_swap(std::string_view here, std::string_view there) {
  return refuse(
             ErrorCode::invalid_request,
             fmt::format("This is the {} endpoint, and the request is one for the {} endpoint: the two addresses are "
                         "swapped in the assistant's settings (client_url and authorization_url of a plugin's "
                         "manifest, Authorization URL and Token URL of a GPT).",
                         here, there))
      .error();
}

}  // namespace

std::optional<OAuthError> find_swap_at_token_endpoint(const Form& query) {
  if (!query.get("response_type")) return std::nullopt;
  return describe_swap("token", "authorization");
}

std::optional<OAuthError> find_swap_at_authorization_endpoint(const Form& request) {
  if (!request.get("grant_type") || request.get("response_type")) return std::nullopt;
  return describe_swap("authorization", "token");
}

}  // namespace chatelaine::oauth
