#include "accounts/browser.hpp"
#include "accounts/endpoints.hpp"
#include "accounts/known_browser.hpp"
#include "accounts/one_time_link.hpp"
#include "accounts/return_to.hpp"
#include "oauth/handle.hpp"
#include "pages/posted_form.hpp"

namespace chatelaine::accounts {
namespace {

// A link that still works, and whose it is.
struct OpenLink {
  storage::OneTimeLinkId id;
  storage::User user;
};

Task<std::optional<OpenLink>> find_open_link(const Context& context, std::string text) {
  const auto handle = oauth::parse_handle(kOneTimeLinkPrefix, text);
  if (!handle) co_return std::nullopt;
  const storage::OneTimeLinkId id{handle->id};
  const auto link = co_await context.storage.one_time_links().find_one_time_link(id);
  if (!link || !crypto::equal_in_constant_time(link->secret_hash, handle->hash())) co_return std::nullopt;
  if (context.clock.now() >= link->expires_at) co_return std::nullopt;
  auto user = co_await context.storage.users().find_user(link->user_id);
  if (!user || !user->enabled) co_return std::nullopt;
  co_return OpenLink{id, std::move(*user)};
}

// One page for expired, used and unknown: who tries links learns nothing.
net::Response refuse_link(const Context& context) {
  pages::ErrorPage page;
  page.status = 410;
  page.title = "This link works no more";
  page.what_happened =
      "It has been used, has grown too old, or was copied incompletely. A newer link replaces it, too.";
  page.what_to_do = "Ask whoever sent it to you for a new one. If you have chosen a password already, just sign in.";
  page.next_href = context.path(path::kSignIn);
  page.next_label = "Sign in";
  return pages::render_error(context.renderer, page);
}

struct Problem {
  int status = 200;
  std::string text;
};

net::Response render_set_password(const Context& context, const net::Request& request, const OpenLink& open,
                                  const std::string& link, const Problem& problem) {
  const Browser browser = find_or_make_browser(context, request);
  pages::Data data;
  data.set("action", context.path(path::kSetPassword))
      .set("form_token", context.csrf.mint_token(purpose::kSetPassword, browser.binding))
      .set("link", link)
      .set("email", open.user.email)
      .add_text("problem", problem.text);
  net::Response response = context.renderer.render(problem.status, "set_password", "Choose your password", data);
  if (browser.set_cookie) response.add_header("Set-Cookie", *browser.set_cookie);
  return response;
}

}  // namespace

Task<net::Response> show_set_password(const Context& context, const net::Request& request) {
  const std::string link(read_query(request.query).get_or_empty("link"));
  const auto open = co_await find_open_link(context, link);
  if (!open) co_return refuse_link(context);
  const Problem none;
  co_return render_set_password(context, request, *open, link, none);
}

Task<net::Response> set_password(const Context& context, const net::Request& request) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::move(form.error());
  const std::string binding = find_browser_binding(context, request);
  if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), purpose::kSetPassword, binding)) {
    co_return pages::refuse_foreign_form(context.renderer);
  }
  const std::string link(form->get_or_empty("link"));
  const auto open = co_await find_open_link(context, link);
  if (!open) co_return refuse_link(context);

  const crypto::Password chosen(form->get_or_empty("new_password"));
  if (const auto checked = check_new_password(chosen); !checked) {
    const Problem problem{422, checked.error()};
    co_return render_set_password(context, request, *open, link, problem);
  }
  storage::User renewed = open->user;
  renewed.password_hash = co_await context.passwords.hash(chosen);
  const bool redeemed = co_await context.storage.one_time_links().redeem_one_time_link(open->id, *renewed.password_hash,
                                                                                       context.clock.now());
  if (!redeemed) co_return refuse_link(context);
  context.log.info("Password chosen through a one-time link", {{"user", format_id(open->user.id.value)}});
  // `with` shows the form where the page has none by itself.
  const char* next = may_use_password(context, renewed) ? "?password=chosen&with=password" : "?password=unused";
  auto response = redirect_to(context.path(path::kSignIn) + next);
  // Whoever strangers keep out by guessing gets back in with the link, and so must not wait with them.
  add_known_browser(context, renewed, response);
  co_return response;
}

}  // namespace chatelaine::accounts
