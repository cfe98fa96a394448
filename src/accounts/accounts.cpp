#include "accounts/accounts.hpp"

#include "accounts/browser.hpp"
#include "accounts/endpoints.hpp"
#include "accounts/sessions.hpp"
#include "base/form.hpp"
#include "base/unavailable.hpp"

namespace chatelaine::accounts {
namespace {

using Endpoint = Task<net::Response> (*)(const Context&, const net::Request&);

// A full password queue or a storage that cannot write is a page here, not a bare 503: a person reads it.
Task<net::Response> answer(const Context& context, Endpoint endpoint, FlightStage stage, const net::Request& request) {
  request.note([stage](FlightNotes& notes) { notes.stage = stage; });
  net::Response response;
  try {
    response = co_await endpoint(context, request);
  } catch (const Unavailable& fault) {
    context.log.warning("An account page could not be served", {{"reason", fault.what()}});
    response = pages::render_busy(context.renderer);
  }
  pages::finish_page(request, response);
  co_return response;
}

}  // namespace

net::Response redirect_to(std::string_view location) {
  net::Response response = net::make_redirect(location);
  net::forbid_storing(response);
  return response;
}

std::string sign_in_url(const Context& context, std::string_view return_to, const SignInDemand& demand,
                        std::string_view login_hint) {
  std::string url =
      context.path(path::kSignIn) + "?return_to=" + percent_encode(return_to) + write_sign_in_demand(demand);
  if (check_email(login_hint)) url += "&login_hint=" + percent_encode(login_hint);
  return url;
}

net::Response redirect_to_sign_in(const Context& context, std::string_view return_to) {
  return redirect_to(sign_in_url(context, return_to, {}, {}));
}

Accounts::Accounts(AccountsSettings settings, storage::Storage& storage, PasswordPool& passwords,
                   const pages::Renderer& renderer, const pages::Csrf& csrf, const Clock& clock, Randomness& randomness,
                   IdSequence& ids, Log& log) {
  const auto name_cookie = [&](const char* end) {
    return net::cookie_name(settings.cookie_security, settings.cookie_base + end);
  };
  std::string session_cookie = name_cookie("_session");
  std::string browser_cookie = name_cookie("_browser");
  std::string known_browser_cookie = name_cookie("_known");
  auto ways = std::make_unique<Live<SignInWays>>(settings.ways);
  auto throttle = std::make_unique<limits::Throttle>();
  auto throttle_limits = std::make_unique<Live<limits::ThrottleLimits>>(settings.throttle);
  context_ = std::make_unique<const Context>(Context{std::move(settings), storage, passwords, renderer, csrf, clock,
                                                     randomness, ids, log, std::move(throttle), std::move(ways),
                                                     std::move(throttle_limits), std::move(session_cookie),
                                                     std::move(browser_cookie), std::move(known_browser_cookie)});
}

Accounts::~Accounts() = default;

void Accounts::add_routes(net::Router& router) {
  const Context& context = *context_;
  const auto add = [&](net::Method method, std::string_view own_path, Endpoint endpoint,
                       FlightStage stage = FlightStage::account) {
    router.add(method, context.path(own_path), [&context, endpoint, stage](const net::Request& request) {
      return answer(context, endpoint, stage, request);
    });
  };
  add(net::Method::get, path::kSignIn, show_sign_in, FlightStage::sign_in);
  add(net::Method::post, path::kSignIn, sign_in, FlightStage::sign_in);
  add(net::Method::get, path::kSignOut, show_sign_out);
  add(net::Method::post, path::kSignOut, sign_out);
  add(net::Method::get, path::kAccount, show_account);
  add(net::Method::post, path::kPassword, change_password);
  if (context.settings.assistants == ConnectedAssistants::listed) {
    add(net::Method::post, path::kWithdraw, withdraw_consent);
    add(net::Method::get, path::kActivity, show_activity);
    add(net::Method::get, path::kCall, show_waiting_call);
    add(net::Method::post, path::kCall, decide_call);
  }
  add(net::Method::get, path::kSetPassword, show_set_password);
  add(net::Method::post, path::kSetPassword, set_password);
}

Task<std::optional<SignedIn>> Accounts::find_signed_in(const net::Request& request) {
  return accounts::find_signed_in(*context_, request);
}

std::string Accounts::sign_in_url(std::string_view return_to, const SignInDemand& demand,
                                  std::string_view login_hint) const {
  return accounts::sign_in_url(*context_, return_to, demand, login_hint);
}

net::Response Accounts::redirect_to_sign_in(std::string_view return_to, const SignInDemand& demand,
                                            std::string_view login_hint) const {
  return redirect_to(accounts::sign_in_url(*context_, return_to, demand, login_hint));
}

std::string Accounts::browser_binding(const net::Request& request) const {
  return find_browser_binding(*context_, request);
}

Browser Accounts::identify_browser(const net::Request& request) const {
  return find_or_make_browser(*context_, request);
}

Task<std::optional<net::Response>> Accounts::let_in(const net::Request& request, const storage::User& user,
                                                    std::string return_to, Instant authenticated_at) {
  const auto set_cookie = co_await begin_session(*context_, request, user, authenticated_at);
  if (!set_cookie) co_return std::nullopt;
  request.note([&](FlightNotes& notes) {
    notes.user_id = format_id(user.id.value);
    notes.tell(FlightOutcome::went_on, "The person signed in.");
  });
  // Browsers apply the form-action of the source's own form to every redirect that follows it, up to the client's: a
  // page of ours begins a navigation of its own.
  net::Response response = pages::render_signed_in(context_->renderer, return_to);
  response.add_header("Set-Cookie", *set_cookie);
  co_return response;
}

std::string Accounts::sign_out_url() const { return context_->path(path::kSignOut); }

Task<std::string> Accounts::end_session(const net::Request& request) {
  co_await accounts::end_session(*context_, request);
  co_return net::make_clear_cookie(context_->settings.cookie_security, context_->session_cookie);
}

void Accounts::set_sign_in_ways(SignInWays ways) { context_->ways->set(std::move(ways)); }

void Accounts::set_throttle(const limits::ThrottleLimits& throttle) { context_->throttle_limits->set(throttle); }

void Accounts::add_sign_out(pages::Data& data, const SignedIn& signed_in, std::string_view return_to) const {
  pages::Data form;
  form.set("sign_out_action", context_->path(path::kSignOut))
      .set("sign_out_token", context_->csrf.mint_token(purpose::kSignOut, signed_in.form_binding))
      .set("sign_out_return_to", std::string(return_to));
  data.add("sign_out", std::move(form));
}

void Accounts::add_who(pages::Data& data, const SignedIn& signed_in) const {
  pages::Data who;
  who.set("person", signed_in.user.display_name()).set("account_url", context_->path(path::kAccount));
  data.add("who", std::move(who));
}

}  // namespace chatelaine::accounts
