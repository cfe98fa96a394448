#include "oauth/vocabulary.hpp"

#include <algorithm>
#include <ranges>

namespace chatelaine::oauth {
namespace {

template <class Values>
auto find_by_name(const Values& values, std::string_view text) -> std::optional<std::ranges::range_value_t<Values>> {
  const auto found = std::ranges::find(values, text, [](auto value) { return to_string(value); });
  if (found == values.end()) return std::nullopt;
  return *found;
}

/// What the IETF's extension grants begin with (RFC 6755 §3).
constexpr std::string_view kExtensionGrants = "urn:ietf:params:oauth:grant-type:";

}  // namespace

std::string_view to_string(GrantType grant_type) {
  switch (grant_type) {
    case GrantType::authorization_code:
      return "authorization_code";
    case GrantType::refresh_token:
      return "refresh_token";
    case GrantType::client_credentials:
      return "client_credentials";
    case GrantType::device_code:
      return "urn:ietf:params:oauth:grant-type:device_code";  // RFC 8628 §3.4
  }
  std::unreachable();
}

std::string_view short_name(GrantType grant_type) {
  std::string_view name = to_string(grant_type);
  if (name.starts_with(kExtensionGrants)) name.remove_prefix(kExtensionGrants.size());
  return name;
}

std::string_view to_string(AuthenticationMethod method) {
  switch (method) {
    case AuthenticationMethod::none:
      return "none";
    case AuthenticationMethod::client_secret_basic:
      return "client_secret_basic";
    case AuthenticationMethod::client_secret_post:
      return "client_secret_post";
    case AuthenticationMethod::private_key_jwt:
      return "private_key_jwt";
  }
  std::unreachable();
}

std::string_view to_string(AccessTokenFormat format) {
  switch (format) {
    case AccessTokenFormat::jwt:
      return "jwt";
    case AccessTokenFormat::opaque:
      return "opaque";
  }
  std::unreachable();
}

std::optional<GrantType> parse_grant_type(std::string_view text) { return find_by_name(kGrantTypes, text); }

std::optional<GrantType> parse_grant_type_name(std::string_view text) {
  const auto found = std::ranges::find(kGrantTypes, text, short_name);
  return found == kGrantTypes.end() ? parse_grant_type(text) : *found;
}

std::optional<AuthenticationMethod> parse_authentication_method(std::string_view text) {
  return find_by_name(kAuthenticationMethods, text);
}

std::optional<AccessTokenFormat> parse_access_token_format(std::string_view text) {
  return find_by_name(kAccessTokenFormats, text);
}

}  // namespace chatelaine::oauth
