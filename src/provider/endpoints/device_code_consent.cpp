#include "oauth/authorize/consent.hpp"
#include "pages/posted_form.hpp"
#include "provider/endpoints/authorize/consent_page.hpp"
#include "provider/endpoints/authorize/remembered_consent.hpp"
#include "provider/endpoints/device_code/pages.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// RFC 8628 §3.3: the person is sent back to the device, which goes on by itself.
net::Response say_allowed(const Context& context, const oauth::Client& client) {
  pages::Data data;
  data.set("text",
           client.name + " has access now and goes on by itself within a few seconds. You can close this page.");
  return context.renderer.render(200, "message", "You can go back to your device", data);
}

net::Response say_denied(const Context& context, const oauth::Client& client) {
  pages::Data data;
  data.set("text", client.name + " gets no access, and the device is told so. You can close this page.");
  return context.renderer.render(200, "message", "Nothing was allowed", data);
}

/// False where somebody else was first, the code has expired, or the person's session has ended.
Task<bool> allow(const Context& context, const TypedCode& typed, const accounts::SignedIn& signed_in) {
  const auto now = context.clock.now();
  const oauth::AskedFor asked{typed.code.resources, typed.scope};
  // Before the device can have anything, so that whatever it has can be ended on the account page.
  co_await remember_consent(context, typed.client->id, asked, signed_in);
  const oauth::DeviceAllowed allowed{.user_id = signed_in.user.id,
                                     .subject = signed_in.user.subject,
                                     .authenticated_at = signed_in.session.authenticated_at};
  const bool is_first =
      co_await context.storage.device_codes().allow_device_code(typed.code.id, allowed, signed_in.session.id, now);
  if (!is_first) co_return false;
  context.log.info("Device allowed", {{"client", typed.client->id.value()},
                                      {"user", format_id(signed_in.user.id.value)},
                                      {"scope", typed.scope.to_string()}});
  co_return true;
}

Task<bool> deny(const Context& context, const TypedCode& typed, const accounts::SignedIn& signed_in) {
  const bool is_first = co_await context.storage.device_codes().deny_device_code(typed.code.id, signed_in.session.id,
                                                                                 context.clock.now());
  if (!is_first) co_return false;
  context.log.info("Device denied",
                   {{"client", typed.client->id.value()}, {"user", format_id(signed_in.user.id.value)}});
  co_return true;
}

}  // namespace

Task<net::Response> device_code_consent(const Context& context, const net::Request& request) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::move(form.error());
  const std::string shown(form->get_or_empty("user_code"));

  const auto signed_in = co_await context.accounts.find_signed_in(request);
  if (!signed_in) co_return context.accounts.redirect_to_sign_in(user_code_path(context, shown));
  // A form that is ours shows that the code was found in this session, so that nothing is guessed here.
  const auto user_code = oauth::parse_user_code(shown);
  if (!user_code || !context.csrf.is_own_form(request, form->get_or_empty("form_token"),
                                              device_consent_purpose(*user_code), signed_in->form_binding)) {
    co_return pages::refuse_foreign_form(context.renderer);
  }
  // Nothing is taken from the page that was shown: client and scope may have changed since.
  const auto typed = co_await find_typed_code(context, *user_code);
  if (!typed) co_return refuse_user_code(context, *signed_in, shown);

  note_user(request, signed_in->user.id);
  note_client(request, *typed->client);
  note_link(request, "device", typed->code.id.value);
  const auto decision = form->get_or_empty("decision");
  if (decision == "allow") {
    const bool is_allowed = co_await allow(context, *typed, *signed_in);
    if (is_allowed) note_step(request, FlightOutcome::went_on, "The person let the device in.");
    co_return is_allowed ? say_allowed(context, *typed->client) : refuse_user_code(context, *signed_in, shown);
  }
  if (decision == "deny") {
    const bool is_denied = co_await deny(context, *typed, *signed_in);
    if (is_denied) note_step(request, FlightOutcome::odd, "The person said no to the device.");
    co_return is_denied ? say_denied(context, *typed->client) : refuse_user_code(context, *signed_in, shown);
  }
  co_return pages::refuse_undecided(context.renderer);
}

}  // namespace chatelaine::provider::endpoints
