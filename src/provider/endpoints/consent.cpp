#include "pages/posted_form.hpp"

#include "provider/endpoints/authorize/answer.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"
#include "provider/endpoints/authorize/consent_page.hpp"
#include "provider/endpoints/authorize/interaction.hpp"
#include "provider/endpoints/authorize/refusal_page.hpp"
#include "provider/endpoints/authorize/remembered_consent.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/find_client.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

Task<net::Response> allow(const Context& context, const net::Request& request, const CheckedRequest& checked,
                          const accounts::SignedIn& signed_in) {
  // As its document has it at this moment, which may be another than on the page.
  const bool is_known = co_await keep_client(context, *checked.client, LedBy::person);
  if (!is_known) co_return refusal_page(context, request, too_many_new_clients(*checked.client), {});
  // Also where the request turns out to be spent: the person has said it.
  const oauth::AskedFor asked{checked.request.resources, checked.request.scope};
  co_await remember_consent(context, checked.request.client_id, asked, signed_in);
  co_return co_await answer_with_code(context, request, checked, signed_in);
}

/// The page may have lain open for longer than the client takes a sign-in for (OpenID Connect Core §3.1.2.1, max_age).
Task<net::Response> allow_if_present(const Context& context, const net::Request& request, const CheckedRequest& checked,
                                     const accounts::SignedIn& signed_in) {
  auto interaction = co_await find_interaction(context, checked, signed_in, oauth::ConsentDecision::remembered);
  if (!interaction) co_return co_await answer_with_refusal(context, request, checked, interaction.error());
  switch (*interaction) {
    case oauth::Interaction::sign_in:
    case oauth::Interaction::sign_in_again:
      note_step(request, FlightOutcome::odd,
                "The consent page lay open for longer than the client takes a sign-in for.");
      co_return ask_to_sign_in(context, request, checked, accounts::SignInMode::again);
    case oauth::Interaction::choose_account:
      co_return ask_for_account(context, request, checked, signed_in);
    case oauth::Interaction::consent:
    case oauth::Interaction::none:
      break;
  }
  co_return co_await allow(context, request, checked, signed_in);
}

}  // namespace

Task<net::Response> consent(const Context& context, const net::Request& request) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::move(form.error());
  const auto query = form->get_or_empty("request");

  // Nothing is taken from the page that was shown: client, redirect URI and scope may have changed since.
  const auto browser = context.accounts.browser_binding(request);
  auto checked = co_await check_request(context, request, query, browser);
  if (!checked) co_return std::move(checked.error());

  const auto signed_in = co_await context.accounts.find_signed_in(request);
  if (!signed_in) {
    note_step(request, FlightOutcome::odd, "Nobody was signed in any more: the sign-in page was asked for.");
    co_return ask_to_sign_in(context, request, *checked, accounts::SignInMode::once);
  }
  note_user(request, signed_in->user.id);

  if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), consent_purpose(query),
                                signed_in->form_binding)) {
    co_return pages::refuse_foreign_form(context.renderer);
  }
  const auto decision = form->get_or_empty("decision");
  if (decision == "allow") co_return co_await allow_if_present(context, request, *checked, *signed_in);
  if (decision == "deny") {
    const oauth::OAuthError denied{oauth::ErrorCode::access_denied, "The user did not allow it.",
                                   "The user said no on the consent page."};
    co_return co_await answer_with_refusal(context, request, *checked, denied);
  }
  co_return pages::refuse_undecided(context.renderer);
}

}  // namespace chatelaine::provider::endpoints
