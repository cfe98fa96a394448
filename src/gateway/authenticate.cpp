#include "gateway/authenticate.hpp"

#include <algorithm>

#include "oauth/tokens/bearer.hpp"

namespace chatelaine::gateway {

std::expected<std::optional<std::string_view>, MalformedAuthorization> find_bearer_token(const net::Request& request) {
  const auto header = request.header("Authorization");
  if (!header) return std::nullopt;
  if (request.has_repeated_header("Authorization")) {
    return std::unexpected(MalformedAuthorization{"the request has more than one Authorization header"});
  }
  if (const auto token = oauth::parse_bearer_header(*header)) return token;
  // RFC 9110 §11.1: the scheme's case does not count. Credentials of another scheme are none of ours.
  const std::string_view scheme = header->substr(0, std::min(header->find(' '), header->size()));
  if (!net::equals_ignoring_case(scheme, "Bearer")) return std::nullopt;
  return std::unexpected(MalformedAuthorization{"what follows the word Bearer is not one token"});
}

std::string_view find_misplaced_token(const net::Request& request) {
  if (request.header("Authorization")) {
    return "The call has an Authorization header of another scheme than Bearer: the access token belongs behind that "
           "word.";
  }
  constexpr std::string_view kParameter = "access_token=";
  if (request.query.starts_with(kParameter) || request.query.find("&access_token=") != std::string_view::npos) {
    return "The call has an access_token in its query, where it is not looked for: it belongs into the header "
           "Authorization, behind the word Bearer.";
  }
  return {};
}

}  // namespace chatelaine::gateway
