#include "pages/posted_form.hpp"
#include "provider/endpoints/authorize/remembered_consent.hpp"
#include "provider/endpoints/device_code/pages.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

net::Response say_wait(const Context& context, milliseconds wait) {
  return pages::render_wait(context.renderer, wait,
                            "Too many wrong codes were typed with this account, or from your network. Nothing was "
                            "checked this time.");
}

}  // namespace

Task<net::Response> device_code_typed(const Context& context, const net::Request& request) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::move(form.error());
  const std::string typed(form->get_or_empty("user_code"));

  const auto signed_in = co_await context.accounts.find_signed_in(request);
  if (!signed_in) co_return context.accounts.redirect_to_sign_in(user_code_path(context, typed));
  note_user(request, signed_in->user.id);
  if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), kUserCodePurpose, signed_in->form_binding)) {
    co_return pages::refuse_foreign_form(context.renderer);
  }
  // What no code looks like is a slip, and tells a guesser nothing.
  const auto user_code = oauth::parse_user_code(typed);
  if (!user_code) co_return refuse_user_code(context, *signed_in, typed);

  // Looked up before it is counted, so that a fault of ours is nobody's failure.
  const auto found = co_await find_typed_code(context, *user_code);
  const limits::Throttle::Attempt attempt{.subject = crypto::sha256(format_id(signed_in->user.id.value)),
                                          .address = limits::find_subscriber(request.remote_address)};
  const auto wait =
      context.throttles->user_codes.admit(attempt, context.settings().limits.user_codes, context.clock.now());
  if (wait) co_return say_wait(context, *wait);
  if (!found) {
    note_step(request, FlightOutcome::failed, "The user code that was typed is unknown, expired or used.");
    co_return refuse_user_code(context, *signed_in, typed);
  }
  note_client(request, *found->client);
  note_link(request, "device", found->code.id.value);
  note_step(request, FlightOutcome::went_on, "The user code was typed: the consent page was shown.");
  // Whoever has a device of their own has a right code whenever they want one: it clears no failures.
  context.throttles->user_codes.take_back(attempt);
  const auto remembered = co_await find_remembered(context, found->client->id, found->code.resources, signed_in);
  co_return device_consent_page(context, *found, *user_code, *signed_in, remembered);
}

}  // namespace chatelaine::provider::endpoints
