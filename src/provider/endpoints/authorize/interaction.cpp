#include "provider/endpoints/authorize/interaction.hpp"

#include "oauth/openid/id_token.hpp"
#include "provider/endpoints/authorize/asked.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

/// OpenID Connect Core §3.1.2.1: whom the client expects; nothing where it does not say.
Task<oauth::Result<std::optional<oauth::Subject>>> find_expected(const Context& context, const std::string& hint) {
  if (hint.empty()) co_return std::nullopt;
  const auto keys = co_await context.keys.current();
  auto hinted = oauth::read_id_token_hint(hint, context.settings().issuer, keys->verification_keys);
  if (!hinted) {
    co_return oauth::refuse(ErrorCode::invalid_request, "The id_token_hint is not an ID token of this server.");
  }
  co_return std::move(hinted->subject);
}

/// Whether a sign-in that this request leads to counts for more than any other.
bool is_demanding(const oauth::AuthenticationRequest& request) {
  return !request.prompts.empty() || request.max_age || !request.id_token_hint.empty();
}

/// The way back to the request, and the cookie of a browser that is new.
struct WayBack {
  std::string path;
  std::optional<std::string> set_cookie;
};

/// From now on with the moment at which the person at this browser was first asked for something.
WayBack find_way_back(const Context& context, const net::Request& request, const CheckedRequest& checked) {
  const auto& authorize = context.paths.authorize;
  if (checked.asked_at || !is_demanding(checked.request.authentication))
    return {authorize + "?" + checked.query, std::nullopt};
  auto browser = context.accounts.identify_browser(request);
  return {authorize + "?" + add_asked(context, checked.query, context.clock.now(), browser.binding),
          std::move(browser.set_cookie)};
}

net::Response with_cookie(net::Response response, const WayBack& back) {
  if (back.set_cookie) response.add_header("Set-Cookie", *back.set_cookie);
  return response;
}

/// OpenID Connect Core §3.1.2.1: what the client demands reaches a user source too, where one signed in long ago and as
/// somebody else, perhaps.
accounts::SignInDemand find_demand(const oauth::AuthenticationRequest& request, accounts::SignInMode mode) {
  using accounts::SignInMode;
  if (mode == SignInMode::again || oauth::wants_fresh_sign_in(request)) return {.mode = SignInMode::again};
  const bool is_choice = request.asks_for(oauth::Prompt::select_account);
  return {.mode = is_choice ? SignInMode::choose_account : mode, .max_age = request.max_age};
}

}  // namespace

Task<oauth::Result<oauth::Interaction>> find_interaction(const Context& context, const CheckedRequest& checked,
                                                         const std::optional<accounts::SignedIn>& signed_in,
                                                         oauth::ConsentDecision consent) {
  const auto& authentication = checked.request.authentication;
  auto expected = co_await find_expected(context, authentication.id_token_hint);
  if (!expected) co_return std::unexpected(std::move(expected.error()));

  oauth::InteractionFacts facts{
      .present = std::nullopt, .expected = std::move(*expected), .consent = consent, .asked_at = checked.asked_at};
  if (signed_in) facts.present = oauth::Presence{signed_in->user.subject, signed_in->session.authenticated_at};
  co_return oauth::decide_interaction(authentication, facts, context.clock.now());
}

net::Response ask_to_sign_in(const Context& context, const net::Request& request, const CheckedRequest& checked,
                             accounts::SignInMode mode) {
  const auto back = find_way_back(context, request, checked);
  const auto& hint = checked.request.authentication.login_hint;
  return with_cookie(
      context.accounts.redirect_to_sign_in(back.path, find_demand(checked.request.authentication, mode), hint), back);
}

net::Response ask_for_account(const Context& context, const net::Request& request, const CheckedRequest& checked,
                              const accounts::SignedIn& signed_in) {
  const auto back = find_way_back(context, request, checked);
  const auto& [user, session, binding] = signed_in;
  pages::Data data;
  data.set("client_name", checked.client->name)
      .set("person", user.display_name())
      .set("email", user.email)
      .set("continue_url", back.path)
      .set("other_url", context.accounts.sign_in_url(back.path, {.mode = accounts::SignInMode::again}));
  return with_cookie(context.renderer.render(200, "select_account", "Which account?", data), back);
}

}  // namespace chatelaine::provider::endpoints
