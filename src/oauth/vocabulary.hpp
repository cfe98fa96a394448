#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/secret.hpp"
#include "base/strong.hpp"

/// The words of RFC 6749 and its family as types. Wire strings keep the wire's spelling.
namespace chatelaine::oauth {

using ClientId = Strong<struct ClientIdTag>;        ///< which client it is (`client_id`)
using Subject = Strong<struct SubjectTag>;          ///< `sub`: what an API knows a user by (RFC 9068 §2.2)
using RedirectUri = Strong<struct RedirectUriTag>;  ///< compared as bytes (RFC 9700 §2.1)
using State = Strong<struct StateTag>;              ///< opaque, echoed byte for byte
using Issuer = Strong<struct IssuerTag>;            ///< RFC 8414 §2, byte-identical everywhere
using Resource = Strong<struct ResourceTag>;        ///< RFC 8707 resource indicator: the `aud` of tokens

using ClientSecret = Secret<struct ClientSecretTag>;
using ClientAssertion = Secret<struct ClientAssertionTag>;  ///< the JWT of private_key_jwt, as it came
using AuthorizationCodeSecret = Secret<struct AuthorizationCodeTag>;
using AccessTokenSecret = Secret<struct AccessTokenTag>;
using RefreshTokenSecret = Secret<struct RefreshTokenTag>;

using UserId = Id<struct UserTag>;  ///< the account that is the resource owner
using AuthorizationCodeId = Id<struct AuthorizationCodeTag>;
using GrantId = Id<struct GrantTag>;
using AccessTokenId = Id<struct AccessTokenTag>;  ///< the `jti` of a JWT, the handle of an opaque token

/// The `grant_type` parameter of RFC 6749.
enum class GrantType : std::uint8_t { authorization_code, refresh_token, client_credentials, device_code };
/// `token_endpoint_auth_method` (RFC 7591 §2).
enum class AuthenticationMethod : std::uint8_t { none, client_secret_basic, client_secret_post, private_key_jwt };

/// How an access token is written: a JWT that anybody can verify, or a handle that only we can look up.
enum class AccessTokenFormat : std::uint8_t { jwt, opaque };

/// Every one that we support, in the order in which the metadata lists them.
inline constexpr std::array kGrantTypes{GrantType::authorization_code, GrantType::refresh_token,
                                        GrantType::client_credentials, GrantType::device_code};
inline constexpr std::array kAccessTokenFormats{AccessTokenFormat::jwt, AccessTokenFormat::opaque};
inline constexpr std::array kAuthenticationMethods{AuthenticationMethod::client_secret_post,
                                                   AuthenticationMethod::client_secret_basic,
                                                   AuthenticationMethod::private_key_jwt, AuthenticationMethod::none};

[[nodiscard]] std::string_view to_string(GrantType grant_type);
/// As operators read it: an extension grant (RFC 6749 §4.5) without what all their URNs begin with, `device_code`.
[[nodiscard]] std::string_view short_name(GrantType grant_type);
[[nodiscard]] std::string_view to_string(AuthenticationMethod method);
[[nodiscard]] std::string_view to_string(AccessTokenFormat format);
/// Nothing for what we do not support.
[[nodiscard]] std::optional<GrantType> parse_grant_type(std::string_view text);
/// As operators write it: the short name, or the wire's.
[[nodiscard]] std::optional<GrantType> parse_grant_type_name(std::string_view text);
[[nodiscard]] std::optional<AuthenticationMethod> parse_authentication_method(std::string_view text);
[[nodiscard]] std::optional<AccessTokenFormat> parse_access_token_format(std::string_view text);

}  // namespace chatelaine::oauth
