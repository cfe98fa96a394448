#include "gateway/authenticate.hpp"

#include <algorithm>
#include <cctype>

namespace chatelaine::gateway {
namespace {

/// RFC 6750 §2.1: b64token.
bool is_token_text(std::string_view text) {
  const auto is_token_character = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("-._~+/").find(static_cast<char>(c)) != std::string_view::npos;
  };
  const std::string_view body = text.substr(0, std::min(text.find('='), text.size()));
  return !body.empty() && std::ranges::all_of(body, is_token_character) &&
         text.substr(body.size()).find_first_not_of('=') == std::string_view::npos;
}

}  // namespace

std::expected<std::optional<std::string_view>, MalformedAuthorization> find_bearer_token(const net::Request& request) {
  const auto header = request.header("Authorization");
  if (!header) return std::nullopt;
  if (request.has_repeated_header("Authorization")) {
    return std::unexpected(MalformedAuthorization{"the request has more than one Authorization header"});
  }
  const std::string_view scheme = header->substr(0, std::min(header->find(' '), header->size()));
  // RFC 9110 §11.1: the scheme's case does not count.
  if (!net::equals_ignoring_case(scheme, "Bearer")) return std::nullopt;
  std::string_view token = header->substr(scheme.size());
  token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
  if (token.empty()) return std::unexpected(MalformedAuthorization{"no token follows the word Bearer"});
  if (!is_token_text(token)) {
    return std::unexpected(MalformedAuthorization{"what follows the word Bearer is not one token"});
  }
  return token;
}

}  // namespace chatelaine::gateway
