#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/time.hpp"
#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// What the person must be asked, or not (OpenID Connect Core §3.1.2.1).
enum class Prompt : std::uint8_t { none, login, consent, select_account };

/// Every one that we support, in the order in which the metadata lists them.
inline constexpr std::array kPrompts{Prompt::none, Prompt::login, Prompt::consent, Prompt::select_account};

[[nodiscard]] std::string_view to_string(Prompt prompt);

/// The most bytes of `nonce` and `login_hint`: they are kept, or shown, as they came.
inline constexpr std::size_t kLongestNonce = 512;
inline constexpr std::size_t kLongestLoginHint = 254;

/// How the client wants the person to be authenticated: what OpenID Connect adds to an authorization request. It counts
/// whether or not the scope holds `openid`; without it there is no ID token for `nonce` to stand in.
struct AuthenticationRequest {
  /// Empty: none was sent, or an empty one, which RFC 6749 §3.1 takes for none.
  std::string nonce;
  std::vector<Prompt> prompts;
  /// How long ago the sign-in may have been.
  std::optional<seconds> max_age;
  /// Whom the client expects, as that person would type it; a hint that the sign-in page may show. Empty: nobody.
  std::string login_hint;
  /// An ID token of the person whom the client expects, unread. Empty: none.
  std::string id_token_hint;

  [[nodiscard]] bool asks_for(Prompt prompt) const;
};

/// Reads and checks `nonce`, `prompt`, `max_age`, `login_hint` and `id_token_hint`. `default_max_age` is the client's
/// own. An unknown prompt, `none` beside another, a max_age that is no number, a nonce that is no UTF-8, and what is
/// too long are invalid_request. `display`, `ui_locales`, `claims_locales`, `acr_values` and `claims` ask for nothing
/// that must be followed (OpenID Connect Core §15.1, §5.5) and are not looked at; `registration` is refused.
[[nodiscard]] Result<AuthenticationRequest> parse_authentication_request(const Form& query,
                                                                         std::optional<seconds> default_max_age);

}  // namespace chatelaine::oauth
