#include "oauth/openid/logout.hpp"

#include "pages/posted_form.hpp"
#include "provider/endpoints/authorize/destination.hpp"
#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider::endpoints {
namespace {

constexpr std::string_view kPurpose = "logout";

net::Response refuse(const Context& context, const oauth::OAuthError& error) {
  context.log.info("Logout request refused", {{"description", error.description}});
  const pages::ErrorPage page{.status = 400,
                              .title = "You cannot be signed out this way",
                              .what_happened =
                                  "The application sent you here with a request that cannot be followed. "
                                  "You are signed in or out as before.",
                              .what_to_do =
                                  "To sign out here, use the button below. The rest is the turn of whoever "
                                  "runs the application.",
                              .detail = error.description,
                              .next_href = context.accounts.sign_out_url(),
                              .next_label = "Sign out"};
  return pages::render_error(context.renderer, page);
}

/// A request whose parameters are sound, and as they came.
struct Checked {
  oauth::LogoutRequest request;
  std::shared_ptr<const oauth::Client> client;
  std::string query;
};

Task<std::expected<Checked, net::Response>> check(const Context& context, std::string_view query) {
  const auto form = parse_form(query);
  if (!form) {
    const oauth::OAuthError unreadable{
        oauth::ErrorCode::invalid_request, "The query is not percent-encoded, or repeats a parameter.", {}};
    co_return std::unexpected(refuse(context, unreadable));
  }
  const auto keys = co_await context.keys.current();
  const auto hint = oauth::read_id_token_hint(form->get_or_empty("id_token_hint"), context.settings().issuer,
                                              keys->verification_keys);
  std::shared_ptr<const oauth::Client> client;
  if (const auto id = oauth::find_logout_client(*form, hint)) {
    client = co_await context.storage.clients().find_client(*id);
  }
  auto request = oauth::check_logout_request(*form, hint, client.get());
  if (!request) co_return std::unexpected(refuse(context, request.error()));
  co_return Checked{std::move(*request), std::move(client), encode_form(*form)};
}

net::Response confirmation_page(const Context& context, const Checked& checked, const accounts::SignedIn& signed_in) {
  pages::Data data;
  data.set("person", signed_in.user.display_name())
      .set("email", signed_in.user.email)
      .set("action", context.paths.logout_confirmation)
      .set("form_token", context.csrf.mint_token(kPurpose, signed_in.form_binding))
      .add_text("client", checked.client ? checked.client->name : "")
      .add_hidden("request", checked.query);
  if (!checked.request.target) return context.renderer.render(200, "logout", "Sign out?", data);
  const auto destination = describe_destination(checked.request.target->redirect_uri);
  data.add_text("redirect_host", destination.name);
  return context.renderer.render(200, "logout", "Sign out?", data, policy_for(destination, pages::Scripts::none));
}

net::Response message_page(const Context& context, const char* title, const char* text) {
  pages::Data data;
  data.set("text", text);
  return context.renderer.render(200, "message", title, data);
}

/// Where the request leads once nobody is signed in (RP-Initiated Logout §3).
net::Response go_on(const Context& context, const Checked& checked) {
  if (!checked.request.target)
    return message_page(context, "You are signed out", "Nobody is signed in at this browser any more.");
  auto response = net::make_redirect(oauth::make_logout_location(*checked.request.target));
  forbid_storing(response);
  response.add_header("Referrer-Policy", "no-referrer");
  return response;
}

Task<net::Response> end_session(const Context& context, const net::Request& request, const Checked& checked) {
  const auto clear_cookie = co_await context.accounts.end_session(request);
  context.log.info("Signed out at a client's request",
                   {{"client", checked.client ? checked.client->id.value() : std::string()}});
  auto response = go_on(context, checked);
  response.add_header("Set-Cookie", clear_cookie);
  co_return response;
}

}  // namespace

Task<net::Response> logout(const Context& context, const net::Request& request) {
  auto checked = co_await check(context, request.query);
  if (!checked) co_return std::move(checked.error());
  const auto signed_in = co_await context.accounts.find_signed_in(request);
  const auto present = signed_in ? std::optional(signed_in->user.subject) : std::nullopt;
  switch (oauth::decide_logout(checked->request, present)) {
    case oauth::LogoutStep::confirm:
      co_return confirmation_page(context, *checked, *signed_in);
    case oauth::LogoutStep::end_session:
      break;
  }
  // RFC 9110 §9.2.1: HEAD is safe.
  if (!signed_in || request.method == net::Method::head) co_return go_on(context, *checked);
  co_return co_await end_session(context, request, *checked);
}

// OpenID Connect RP-Initiated Logout §2: a form of the client's site arrives without our cookie, which is Lax; the
// browser follows to GET with it, as docs/adr/0006 has it for authorization requests.
Task<net::Response> logout_posted(const Context& context, const net::Request& request) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::move(form.error());
  auto checked = co_await check(context, encode_form(*form));
  if (!checked) co_return std::move(checked.error());
  auto response = net::make_redirect(context.paths.logout + "?" + checked->query);
  net::forbid_storing(response);
  co_return response;
}

Task<net::Response> logout_confirmation(const Context& context, const net::Request& request) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::move(form.error());
  auto checked = co_await check(context, form->get_or_empty("request"));
  if (!checked) co_return std::move(checked.error());
  const auto signed_in = co_await context.accounts.find_signed_in(request);
  // Also a form of another site arrives here, without the cookie that would say who is signed in: it changes nothing.
  if (!signed_in) co_return go_on(context, *checked);
  if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), kPurpose, signed_in->form_binding))
    co_return pages::refuse_foreign_form(context.renderer);
  if (form->get_or_empty("decision") == "stay")
    co_return message_page(context, "You are still signed in", "Nothing was changed. You can close this page.");
  co_return co_await end_session(context, request, *checked);
}

}  // namespace chatelaine::provider::endpoints
