#pragma once

#include <string>
#include <string_view>

#include "accounts/accounts.hpp"

namespace chatelaine::accounts {

/// What every endpoint of this layer works with.
struct Context {
  AccountsSettings settings;
  storage::Storage& storage;
  PasswordPool& passwords;
  const pages::Renderer& renderer;
  const pages::Csrf& csrf;
  const Clock& clock;
  Randomness& randomness;
  IdSequence& ids;
  Log& log;
  std::unique_ptr<limits::Throttle> throttle;
  /// `settings.ways` at first.
  std::unique_ptr<Live<SignInWays>> ways;
  /// `settings.throttle` at first.
  std::unique_ptr<Live<limits::ThrottleLimits>> throttle_limits;
  /// Full names, prefix included.
  std::string session_cookie;
  std::string browser_cookie;
  std::string known_browser_cookie;

  /// A path of ours with the page prefix in front.
  [[nodiscard]] std::string path(std::string_view own_path) const {
    return settings.page_prefix + std::string(own_path);
  }
};

namespace path {
inline constexpr std::string_view kSignIn = "/sign-in";
inline constexpr std::string_view kSignOut = "/sign-out";
inline constexpr std::string_view kAccount = "/account";
inline constexpr std::string_view kPassword = "/account/password";
inline constexpr std::string_view kWithdraw = "/account/withdraw";
inline constexpr std::string_view kActivity = "/account/activity";
inline constexpr std::string_view kCall = kWaitingCallPath;
inline constexpr std::string_view kSetPassword = "/set-password";
}  // namespace path

/// What a form is for (pages::Csrf).
namespace purpose {
inline constexpr std::string_view kSignIn = "sign-in";
inline constexpr std::string_view kSignOut = "sign-out";
inline constexpr std::string_view kPassword = "change password";
inline constexpr std::string_view kWithdraw = "withdraw consent";
inline constexpr std::string_view kCall = "decide about a call";
inline constexpr std::string_view kSetPassword = "set password";
}  // namespace purpose

/// 303 that no cache keeps.
[[nodiscard]] net::Response redirect_to(std::string_view location);
/// See Accounts::sign_in_url.
[[nodiscard]] std::string sign_in_url(const Context& context, std::string_view return_to, const SignInDemand& demand,
                                      std::string_view login_hint);
/// Whether the user may sign in with a password (SignInWays::passwords).
[[nodiscard]] bool may_use_password(const Context& context, const storage::User& user);
/// 303 to the sign-in page, once.
[[nodiscard]] net::Response redirect_to_sign_in(const Context& context, std::string_view return_to);

}  // namespace chatelaine::accounts
