#include "accounts/account_page.hpp"
#include "accounts/endpoints.hpp"
#include "accounts/known_browser.hpp"
#include "accounts/own_form.hpp"
#include "accounts/password_check.hpp"
#include "accounts/sessions.hpp"

namespace chatelaine::accounts {
namespace {

AccountPage check_fields(const crypto::Password& current, const crypto::Password& chosen) {
  AccountPage page;
  if (current.empty()) page.current_problem = "Type your current password.";
  if (const auto checked = check_new_password(chosen); !checked) page.new_problem = checked.error();
  if (!page.current_problem.empty() || !page.new_problem.empty()) page.status = 422;
  return page;
}

AccountPage wrong_password() {
  AccountPage page;
  page.status = 422;
  page.current_problem = "That is not your current password.";
  return page;
}

}  // namespace

Task<net::Response> change_password(const Context& context, const net::Request& request) {
  auto own = co_await read_own_form(context, request, purpose::kPassword);
  if (!own) co_return std::move(own.error());
  const SignedIn& signed_in = own->signed_in;
  const crypto::Password current(own->form.get_or_empty("current_password"));
  const crypto::Password chosen(own->form.get_or_empty("new_password"));

  AccountPage page = check_fields(current, chosen);
  if (page.status != 200) co_return co_await render_account(context, signed_in, std::move(page));
  const auto attempt = make_attempt(context, request, signed_in.user.email, &signed_in.user);
  const auto proven = co_await check_password(context, attempt, current, &signed_in.user);
  if (!proven) co_return say_wait(context, proven.error());
  if (!*proven) {
    page = wrong_password();
    co_return co_await render_account(context, signed_in, std::move(page));
  }
  auto hash = co_await context.passwords.hash(chosen);
  storage::User renewed = signed_in.user;
  renewed.password_hash = hash;
  const storage::PasswordChange change{.asking_session = signed_in.session.id,
                                       .proven_hash = signed_in.user.password_hash.value(),
                                       .new_hash = std::move(hash)};
  const NewSession next = make_session(context, signed_in.user.id, context.clock.now());
  const bool is_changed = co_await context.storage.users().change_password(change, next.session, context.clock.now());
  if (!is_changed) {
    page = wrong_password();
    co_return co_await render_account(context, signed_in, std::move(page));
  }
  context.log.info("Password changed", {{"user", format_id(signed_in.user.id.value)}});
  net::Response response = redirect_to(context.path(path::kAccount) + "?done=password");
  response.add_header("Set-Cookie", next.set_cookie);
  add_known_browser(context, renewed, response);
  co_return response;
}

Task<net::Response> withdraw_consent(const Context& context, const net::Request& request) {
  auto own = co_await read_own_form(context, request, purpose::kWithdraw);
  if (!own) co_return std::move(own.error());
  const oauth::ClientId client_id(std::string(own->form.get_or_empty("client_id")));
  const oauth::UserId user_id = own->signed_in.user.id;
  co_await context.storage.consents().withdraw_consent(user_id, client_id, context.clock.now());
  context.log.info("Consent withdrawn", {{"user", format_id(user_id.value)}, {"client", client_id.value()}});
  co_return redirect_to(context.path(path::kAccount) + "?done=disconnected");
}

}  // namespace chatelaine::accounts
