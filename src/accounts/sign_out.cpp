#include "accounts/endpoints.hpp"
#include "accounts/return_to.hpp"
#include "accounts/sessions.hpp"
#include "pages/posted_form.hpp"

namespace chatelaine::accounts {

// Where nobody is signed in, the same address says so: it is where a sign-out leads.
Task<net::Response> show_sign_out(const Context& context, const net::Request& request) {
  const auto signed_in = co_await find_signed_in(context, request);
  pages::Data data;
  if (!signed_in) {
    pages::Data next;
    next.set("href", context.path(path::kSignIn)).set("label", "Sign in");
    data.set("text", "Nobody is signed in at this browser.").add("next", std::move(next));
    co_return context.renderer.render(200, "message", "You are signed out", data);
  }
  data.set("person", signed_in->user.email)
      .set("action", context.path(path::kSignOut))
      .set("form_token", context.csrf.mint_token(purpose::kSignOut, signed_in->form_binding))
      .set("return_to", choose_return_to(read_query(request.query), context.path(path::kSignOut)))
      .set("back_url", context.path(path::kAccount));
  co_return context.renderer.render(200, "sign_out", "Sign out?", data);
}

Task<net::Response> sign_out(const Context& context, const net::Request& request) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::move(form.error());
  const auto signed_in = co_await find_signed_in(context, request);
  if (signed_in) {
    if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), purpose::kSignOut,
                                  signed_in->form_binding)) {
      co_return pages::refuse_foreign_form(context.renderer);
    }
    co_await context.storage.sessions().end_session(signed_in->session.id);
    context.log.info("Signed out", {{"user", format_id(signed_in->user.id.value)}});
  }
  const std::string return_to = choose_return_to(*form, context.path(path::kSignOut));
  // Whoever wants to be somebody else is asked by a user source too, where the one before may still be signed in.
  const bool is_for_another = form->get_or_empty("then") == "sign-in";
  net::Response response =
      redirect_to(is_for_another ? sign_in_url(context, return_to, {.mode = SignInMode::again}, {}) : return_to);
  // A form of another site arrives without the session's cookie, and must not take it away.
  if (signed_in)
    response.add_header("Set-Cookie", net::make_clear_cookie(context.settings.cookie_security, context.session_cookie));
  co_return response;
}

}  // namespace chatelaine::accounts
