#include "accounts/browser.hpp"
#include "accounts/endpoints.hpp"
#include "accounts/known_browser.hpp"
#include "accounts/password_check.hpp"
#include "accounts/return_to.hpp"
#include "accounts/sessions.hpp"
#include "pages/posted_form.hpp"

namespace chatelaine::accounts {
namespace {

// One sentence for whatever was wrong, so that nobody learns who has an account.
constexpr const char* kRefused = "That e-mail and password do not belong together. Check both and try again.";

struct SignInPage {
  int status = 200;
  std::string return_to;
  SignInDemand demand;
  /// Whether the password's form was asked for where the page does not have it by itself.
  bool wants_password = false;
  std::string email;
  std::string notice;
  std::string problem;
  std::string email_problem;
  std::string password_problem;
};

/// What leads on from the page, to its form or to a source.
std::string write_query(const SignInPage& page) {
  return "?return_to=" + percent_encode(page.return_to) + write_sign_in_demand(page.demand);
}

/// The ways in that the page offers: user sources, the password's form, a link to that.
void add_ways(const Context& context, const SignInPage& page, pages::Data& data) {
  const SignInWays& ways = context.ways->get();
  const bool has_form = ways.passwords == PasswordSignIn::everybody || page.wants_password || ways.sources.empty();
  data.show("password_form", has_form);
  const std::string hint = page.email.empty() ? std::string() : "&login_hint=" + percent_encode(page.email);
  pages::Data elsewhere;
  for (const SignInSource& source : ways.sources) {
    pages::Data described;
    described.set("label", source.label)
        .set("href", context.path(path::kSignIn) + "/" + source.name + write_query(page) + hint);
    elsewhere.add("sources", std::move(described));
  }
  if (!ways.sources.empty()) data.add("elsewhere", std::move(elsewhere));
  if (has_form) return;
  pages::Data link;
  link.set("href", context.path(path::kSignIn) + write_query(page) + "&with=password");
  data.add("password_link", std::move(link));
}

net::Response render_sign_in(const Context& context, const net::Request& request, const SignInPage& page) {
  const Browser browser = find_or_make_browser(context, request);
  pages::Data data;
  add_ways(context, page, data);
  data.set("action", context.path(path::kSignIn) + write_query(page))
      .set("form_token", context.csrf.mint_token(purpose::kSignIn, browser.binding))
      .set("email", page.email)
      .add_text("notice", page.notice)
      .add_text("problem", page.problem)
      .add_text("email_problem", page.email_problem)
      .add_text("password_problem", page.password_problem);
  net::Response response = context.renderer.render(page.status, "sign_in", "Sign in", data);
  if (browser.set_cookie) response.add_header("Set-Cookie", *browser.set_cookie);
  return response;
}

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

// Replaces a hash of an outdated kind, and leaves in `user` the one that the password proves.
Task<void> renew_hash(const Context& context, storage::User& user, const crypto::Password& password) {
  auto renewed = co_await context.passwords.hash(password);
  const crypto::PasswordHash outdated = user.password_hash.value();
  const bool replaced = co_await context.storage.users().rehash_password(user.id, outdated, renewed);
  if (replaced) {
    user.password_hash = std::move(renewed);
    co_return;
  }
  // Changed meanwhile: by the same person who signs in twice at once, perhaps.
  const auto found = co_await context.storage.users().find_user(user.id);
  if (!found || !found->password_hash) co_return;
  const bool is_right = co_await context.passwords.check(password, found->password_hash);
  if (is_right) user.password_hash = found->password_hash;
}

/// What the operator is told, and the person not.
std::string explain_refusal(const Context& context, const storage::User* claimed, bool is_password_right) {
  if (claimed == nullptr) return "Nobody has an account with the e-mail address that was typed.";
  if (!claimed->enabled) return "The account is switched off.";
  if (!claimed->password_hash) return "The account has no password: its person signs in elsewhere, or has not set one.";
  if (!is_password_right) return "The password that was typed is wrong.";
  if (!may_use_password(context, *claimed)) return "The password is right, but this account may not sign in with one.";
  return "The account changed while the person signed in.";
}

net::Response refuse(const Context& context, const net::Request& request, SignInPage page, std::string cause) {
  request.note([&](FlightNotes& notes) { notes.tell(FlightOutcome::failed, std::move(cause)); });
  context.log.info("Sign-in refused", {{"address", std::string(request.remote_address)}});
  // RFC 9110 §15.5.2: 401 would have to name an authentication scheme, and a form is none.
  page.status = 422;
  page.problem = kRefused;
  return render_sign_in(context, request, page);
}

}  // namespace

bool may_use_password(const Context& context, const storage::User& user) {
  switch (context.ways->get().passwords) {
    case PasswordSignIn::everybody:
      return true;
    case PasswordSignIn::administrators:
      return user.role == storage::Role::administrator;
  }
  return false;
}

Task<net::Response> show_sign_in(const Context& context, const net::Request& request) {
  const Form query = read_query(request.query);
  SignInPage page;
  page.return_to = choose_return_to(query, context.settings.home_path);
  page.demand = read_sign_in_demand(query);
  page.wants_password = query.get_or_empty("with") == "password";
  const auto signed_in = co_await find_signed_in(context, request);
  if (signed_in && page.demand.mode == SignInMode::once) co_return redirect_to(page.return_to);
  const auto login_hint = query.get_or_empty("login_hint");
  if (check_email(login_hint)) page.email = login_hint;
  if (query.get_or_empty("password") == "chosen") page.notice = "Your password is saved. Sign in with it.";
  if (query.get_or_empty("password") == "unused")
    page.notice = "Your password is saved, but people sign in elsewhere here. Choose how.";
  if (signed_in) page.notice = "To go on, please sign in once more.";
  co_return render_sign_in(context, request, page);
}

Task<net::Response> sign_in(const Context& context, const net::Request& request) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::move(form.error());
  const std::string binding = find_browser_binding(context, request);
  if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), purpose::kSignIn, binding)) {
    co_return pages::refuse_foreign_form(context.renderer);
  }

  SignInPage page;
  const Form query = read_query(request.query);
  page.return_to = choose_return_to(query, context.settings.home_path);
  note_way_back(request, page.return_to);
  page.demand = read_sign_in_demand(query);
  page.wants_password = true;
  page.email = trimmed(form->get_or_empty("email"));
  const crypto::Password password(form->get_or_empty("password"));
  if (page.email.empty()) page.email_problem = "Type your e-mail address.";
  if (password.empty()) page.password_problem = "Type your password.";
  if (page.email.empty() || password.empty()) {
    page.status = 422;
    co_return render_sign_in(context, request, page);
  }

  auto user = co_await context.storage.users().find_user_by_email(page.email);
  const storage::User* claimed = user ? &*user : nullptr;
  const auto attempt = make_attempt(context, request, page.email, claimed);
  const auto proven = co_await check_password(context, attempt, password, claimed);
  if (!proven) co_return say_wait(context, proven.error());
  if (!*proven || !may_use_password(context, *user))
    co_return refuse(context, request, std::move(page), explain_refusal(context, claimed, *proven));
  if (crypto::needs_rehash(user->password_hash.value())) co_await renew_hash(context, *user, password);
  const auto set_cookie = co_await begin_session(context, request, *user, context.clock.now());
  if (!set_cookie) co_return refuse(context, request, std::move(page), explain_refusal(context, claimed, *proven));
  request.note([&](FlightNotes& notes) {
    notes.user_id = format_id(user->id.value);
    notes.tell(FlightOutcome::went_on, "The person signed in.");
  });
  context.log.info("Signed in", {{"user", format_id(user->id.value)}});
  net::Response response = redirect_to(page.return_to);
  response.add_header("Set-Cookie", *set_cookie);
  add_known_browser(context, *user, response);
  co_return response;
}

}  // namespace chatelaine::accounts
