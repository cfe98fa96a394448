#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accounts/password_pool.hpp"
#include "accounts/sign_in_demand.hpp"
#include "base/id.hpp"
#include "base/live.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "limits/throttle.hpp"
#include "net/cookie.hpp"
#include "net/router.hpp"
#include "pages/csrf.hpp"
#include "pages/page.hpp"
#include "storage/storage.hpp"

namespace chatelaine::accounts {

/// How long a sign-in lasts (`[sessions]`).
struct SessionLifetimes {
  /// Without use.
  milliseconds idle{std::chrono::hours{12}};
  /// In any case.
  milliseconds absolute{std::chrono::days{30}};
};

/// Whether people here let assistants act for them (the provider) or not (the host): the account page lists them.
enum class ConnectedAssistants { listed, absent };

/// A user source: another provider at which people sign in (`[[user_source]]`).
struct SignInSource {
  /// Its pages are at `/sign-in/NAME`.
  std::string name;
  /// What the button says behind "Sign in with".
  std::string label;
};

/// Who may sign in with a password. Administrators always may, so that they get in when a source is out of reach.
enum class PasswordSignIn : std::uint8_t { everybody, administrators };

/// How people sign in here.
struct SignInWays {
  PasswordSignIn passwords = PasswordSignIn::everybody;
  std::vector<SignInSource> sources;
};

struct AccountsSettings {
  /// What precedes the pages' paths on our origin: "" or "/auth".
  std::string page_prefix;
  /// "chatelaine" for the provider, "chatelaine_host" for the host: cookies ignore ports.
  std::string cookie_base;
  net::CookieSecurity cookie_security = net::CookieSecurity::secure;
  SessionLifetimes lifetimes;
  /// Where a person lands who signs in without having come from somewhere.
  std::string home_path;
  ConnectedAssistants assistants = ConnectedAssistants::listed;
  /// A scope's name as the account page says it; without it, or where it gives nothing, the name itself.
  std::function<std::string(const std::string& scope)> describe_scope;
  /// The same for an operation of the API, by its id.
  std::function<std::string(const std::string& operation)> describe_operation;
  /// Where the pages for administrators are, which their account page links; without it, or where it gives nothing,
  /// there are none. Asked each time.
  std::function<std::string()> find_administration;
  SignInWays ways;
  /// How often passwords may be tried in vain, for an account and from an address.
  limits::ThrottleLimits throttle;
  /// What proves that somebody has signed in at a browser before. Empty: no browser is known.
  SecretBytes known_browser_key;
};

/// Who is at the browser.
struct SignedIn {
  storage::User user;
  storage::Session session;
  /// What forms of this session are bound to (pages::Csrf).
  std::string form_binding;
};

/// A browser, signed in or not, known by a random cookie: what forms before sign-in are bound to.
struct Browser {
  std::string binding;
  /// The Set-Cookie value where the browser is new.
  std::optional<std::string> set_cookie;
};

struct Context;

/// Below the page prefix: where a person decides about a call that waits for them, `?call=ID`.
inline constexpr std::string_view kWaitingCallPath = "/account/call";

/// People and their browsers: sign-in, sign-out, sessions, the account page, change of password, invitation and reset
/// links. The provider and the host each have one, over their own storage. Thread-safe.
class Accounts {
 public:
  Accounts(AccountsSettings settings, storage::Storage& storage, PasswordPool& passwords,
           const pages::Renderer& renderer, const pages::Csrf& csrf, const Clock& clock, Randomness& randomness,
           IdSequence& ids, Log& log);
  ~Accounts();

  /// `/sign-in`, `/sign-out`, `/account`, `/account/password`, `/account/withdraw`, `/account/activity` and
  /// `/account/call` (provider only, where there are consents), `/set-password` (one-time links), all below the page
  /// prefix.
  void add_routes(net::Router& router);

  /// The session of the request's cookie, if it lives: known, within idle and absolute lifetimes, its user enabled.
  /// Touches it at most once a minute.
  [[nodiscard]] Task<std::optional<SignedIn>> find_signed_in(const net::Request& request);

  /// Replaces AccountsSettings::ways, at once.
  void set_sign_in_ways(SignInWays ways);
  /// Replaces AccountsSettings::throttle, at once.
  void set_throttle(const limits::ThrottleLimits& throttle);

  /// Signs in whoever has proven at a user source who they are, with a page that goes on to `return_to`, a path of
  /// ours. Nothing where the user is gone or disabled, or has got another password since `user` was read.
  [[nodiscard]] Task<std::optional<net::Response>> let_in(const net::Request& request, const storage::User& user,
                                                          std::string return_to, Instant authenticated_at);

  /// Adds to a page's data the form "Not you? Sign in as somebody else", which ends the session and leads by way of the
  /// sign-in page (also a user source must ask then) back to `return_to`: the section `sign_out` of
  /// web/templates/consent.mustache.
  void add_sign_out(pages::Data& data, const SignedIn& signed_in, std::string_view return_to) const;
  /// Adds to a page's data who is signed in, for the page's header: the section `who` of web/templates/frame.mustache.
  void add_who(pages::Data& data, const SignedIn& signed_in) const;

  /// The sign-in page's path, which leads back to `return_to`, a path (and query) on our origin. `login_hint`: what its
  /// e-mail field begins with, if it is an e-mail address.
  [[nodiscard]] std::string sign_in_url(std::string_view return_to, const SignInDemand& demand = {},
                                        std::string_view login_hint = {}) const;
  /// 303 to there.
  [[nodiscard]] net::Response redirect_to_sign_in(std::string_view return_to, const SignInDemand& demand = {},
                                                  std::string_view login_hint = {}) const;

  /// Browser::binding of the request's browser; empty where it has no cookie of ours yet.
  [[nodiscard]] std::string browser_binding(const net::Request& request) const;
  /// The browser of the request, or a new one, whose cookie the answer must then set.
  [[nodiscard]] Browser identify_browser(const net::Request& request) const;
  /// The page where a person signs out.
  [[nodiscard]] std::string sign_out_url() const;
  /// Signs the request's browser out, if somebody is signed in there; gives the Set-Cookie value that clears its
  /// cookie.
  [[nodiscard]] Task<std::string> end_session(const net::Request& request);

 private:
  std::unique_ptr<const Context> context_;
};

/// How long an invitation and a reset link work.
inline constexpr milliseconds kInvitationLifetime{std::chrono::days{7}};
inline constexpr milliseconds kResetLifetime{std::chrono::minutes{30}};

/// Makes a one-time link for a user and gives its URL, once: `ORIGIN/PREFIX/set-password?link=ctl_ol_…`.
[[nodiscard]] Task<std::string> make_one_time_link(storage::Storage& storage, oauth::UserId user_id,
                                                   std::string page_base_url, milliseconds lifetime, const Clock& clock,
                                                   Randomness& randomness, IdSequence& ids);

/// The rules for a password that a person chooses: at least 8 Unicode code points and at most 1024 bytes of UTF-8, not
/// only white space (NIST SP 800-63B §5.1.1). The error is a sentence for the person.
[[nodiscard]] std::expected<void, std::string> check_new_password(const crypto::Password& password);
/// One `@` with something on both sides, no white space or control characters, at most 254 bytes. The error is a
/// sentence.
[[nodiscard]] std::expected<void, std::string> check_email(std::string_view email);
/// Whether a text may be a User::subject, which ends up in `sub` and in a header: 1 to 255 printable ASCII characters
/// (OpenID Connect Core §2) without blanks at its ends (RFC 9110 §5.5).
[[nodiscard]] bool is_subject(std::string_view text);

}  // namespace chatelaine::accounts
