#include <algorithm>

#include "accounts/return_to.hpp"
#include "crypto/digest.hpp"
#include "oauth/handle.hpp"
#include "relying_party/openid/authentication_request.hpp"
#include "user_sources/context.hpp"
#include "user_sources/pages.hpp"
#include "user_sources/secrets.hpp"

namespace chatelaine::user_sources {
namespace {

/// Strangers begin sign-ins; each may wait with an authorization request of some kilobytes.
constexpr std::uint32_t kMostAttempts = 20'000;

std::optional<milliseconds> find_wait(const Context& context, const net::Request& request) {
  return context.throttle->admit(count_of(request), context.current->get().begun, context.clock.now());
}

/// OpenID Connect Core §3.1.2.1: what the source is told of which sign-in will do.
struct Freshness {
  /// Whether none of before will.
  bool is_again = false;
  std::string prompt;
  std::optional<seconds> max_age;
};

Freshness find_freshness(const Context& context, const UserSource& source,
                         const relying_party::OpenIdProvider& provider, const accounts::SignInDemand& demand) {
  using accounts::SignInMode;
  const bool is_choice = demand.mode == SignInMode::choose_account;
  switch (source.reauthentication) {
    case Reauthentication::login: {
      const bool is_passed_over = provider.account_choice == relying_party::AccountChoice::unknown;
      // Whoever would not be asked for an account is asked for everything.
      if (demand.mode == SignInMode::again || (is_choice && is_passed_over))
        return {.is_again = true, .prompt = "login", .max_age = seconds(0)};
      // With max_age the ID token must have auth_time.
      const auto oldest = std::chrono::duration_cast<seconds>(context.settings.oldest_sign_in);
      return {.prompt = is_choice ? "select_account" : "",
              .max_age = std::min(demand.max_age.value_or(oldest), oldest)};
    }
    case Reauthentication::select_account:
      if (demand.mode == SignInMode::once && !demand.max_age) return {};
      return {.is_again = true, .prompt = "select_account"};
  }
  return {};
}

storage::SignInAttempt make_attempt(const Context& context, const UserSource& source, const net::Request& request,
                                    const Form& query) {
  storage::SignInAttempt attempt;
  attempt.id = context.ids.next<storage::SignInAttemptTag>();
  attempt.source = source.name;
  attempt.return_to = accounts::choose_return_to(query, context.settings.page_prefix + "/account");
  if (const auto subscriber = limits::find_subscriber(request.remote_address))
    attempt.subscriber = hide_subscriber(context.settings.key, *subscriber);
  attempt.began_at = context.clock.now();
  attempt.expires_at = attempt.began_at + kAttemptLifetime;
  return attempt;
}

/// Where the browser goes. `state` finds the attempt again.
std::string make_url(const Context& context, const UserSource& source, const relying_party::OpenIdProvider& provider,
                     const Freshness& freshness, const std::string& state, std::string_view login_hint) {
  const auto verifier = derive_code_verifier(context.settings.key, state);
  return relying_party::make_authentication_url(
      {.authorization = {.client_url = provider.authorization_endpoint.text,
                         .client_id = source.client.client_id,
                         .scope = source.scope,
                         .redirect_uri = context.redirect_uri(source),
                         .state = oauth::State(state),
                         .code_challenge = oauth::derive_code_challenge(verifier.reveal())},
       .nonce = derive_nonce(context.settings.key, state),
       .prompt = freshness.prompt,
       .login_hint = accounts::check_email(login_hint) ? std::string(login_hint) : std::string(),
       .max_age = freshness.max_age});
}

}  // namespace

Task<net::Response> begin_sign_in(const Context& context, const net::Request& request) {
  const std::string own_path(request.path.substr(context.settings.page_prefix.size()));
  const UserSource* source = context.find_source(net::path_segment(path::kBegin, own_path, "source"));
  if (source == nullptr) co_return say_no_such_source(context);
  // RFC 9110 §9.2.1: HEAD is safe.
  if (request.method == net::Method::head) co_return answer_head();
  if (const auto wait = find_wait(context, request)) {
    co_return pages::render_wait(context.renderer, *wait, "Too many sign-ins were begun from where you are.");
  }
  const Form query = accounts::read_query(request.query);
  const accounts::SignInDemand demand = accounts::read_sign_in_demand(query);
  storage::SignInAttempt attempt = make_attempt(context, *source, request, query);
  note_source(request, *source, attempt.return_to);
  const auto provider = co_await context.documents->find_provider(*source);
  if (!provider) {
    context.log.warning("A user source cannot be used", {{"source", source->name}, {"reason", provider.error()}});
    request.note([&](FlightNotes& notes) { notes.tell(FlightOutcome::failed, provider.error()); });
    co_return say_failed(context, *source, Failure::out_of_reach, {attempt.return_to, demand});
  }
  const Freshness freshness = find_freshness(context, *source, *provider, demand);
  attempt.is_again = freshness.is_again;
  attempt.max_age = freshness.max_age;
  const accounts::Browser browser = context.accounts.identify_browser(request);
  const oauth::Handle handle = oauth::make_handle(attempt.id.value, context.randomness);
  attempt.state_hash = handle.hash();
  attempt.browser_hash = crypto::sha256(browser.binding);
  co_await context.storage.sign_in_attempts().add_sign_in_attempt(attempt, kMostAttempts);

  const std::string state = oauth::format_handle(kStatePrefix, handle);
  request.note([&](FlightNotes& notes) { notes.tell(FlightOutcome::went_on, "The person was sent to the source."); });
  net::Response response =
      net::make_redirect(make_url(context, *source, *provider, freshness, state, query.get_or_empty("login_hint")));
  net::forbid_storing(response);
  if (browser.set_cookie) response.add_header("Set-Cookie", *browser.set_cookie);
  co_return response;
}

}  // namespace chatelaine::user_sources
