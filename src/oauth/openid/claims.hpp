#pragma once

#include <array>
#include <string>
#include <string_view>

#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// What we know of a person that a client can be told (OpenID Connect Core §5.1).
struct Person {
  Subject subject;
  /// Empty: not told.
  std::string name;
  std::string email;
};

/// Every claim that an ID token or the UserInfo endpoint may hold, in the order in which the metadata lists them.
inline constexpr std::array<std::string_view, 12> kClaims{"sub", "name",  "email", "iss",       "aud", "exp",
                                                          "iat", "nonce", "acr",   "auth_time", "amr", "at_hash"};

/// The UserInfo answer (§5.3.2) as JSON text: `sub`, and by scope (§5.4) `name` (profile) and `email` (email). There is
/// no `email_verified`: nobody has checked an address that an operator typed.
[[nodiscard]] std::string write_userinfo(const Person& person, const Scope& scope);

}  // namespace chatelaine::oauth
