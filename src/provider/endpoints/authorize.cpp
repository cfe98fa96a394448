#include <algorithm>

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

/// Whether a page of ours led here, which only the sign-in form does without a person's look at the consent page.
bool comes_from_own_form(const net::Request& request) { return request.header("Sec-Fetch-Site") == "same-origin"; }

/// A redirect as a page that goes on by itself. Browsers apply a form's form-action to every redirect that follows
/// it: a sign-in that ends at the client's origin would be blocked, while a page begins a navigation of its own.
net::Response go_on_by_refresh(const Context& context, net::Response answer) {
  const auto location = std::ranges::find(answer.headers, "Location", &net::Header::name);
  if (location == answer.headers.end() || location->value.starts_with('/')) return answer;
  return pages::render_signed_in(context.renderer, location->value);
}

Task<net::Response> answer(const Context& context, const net::Request& request) {
  const auto browser = context.accounts.browser_binding(request);
  auto checked = co_await check_request(context, request, request.query, browser);
  if (!checked) co_return std::move(checked.error());

  const auto signed_in = co_await context.accounts.find_signed_in(request);
  // Not before somebody is signed in: no client is kept for anybody else. And before it is asked what they
  // have allowed, which a changed document may end. RFC 9110 §9.2.1: HEAD is safe, and a code or a pushed request is
  // used up by its answer.
  const bool is_safe = request.method == net::Method::head;
  if (signed_in && !is_safe) {
    const bool is_known = co_await keep_client(context, *checked->client, LedBy::person);
    if (!is_known) co_return refusal_page(context, request, too_many_new_clients(*checked->client), {});
  }
  if (signed_in) note_user(request, signed_in->user.id);
  const auto remembered =
      co_await find_remembered(context, checked->request.client_id, checked->request.resources, signed_in);
  const auto consent = decide_consent(context, *checked, signed_in, remembered);
  auto interaction = co_await find_interaction(context, *checked, signed_in, consent);
  if (!interaction) {
    if (is_safe)
      co_return answer_with_error(context, request, checked->client->id, checked->request.target, interaction.error());
    co_return co_await answer_with_refusal(context, request, *checked, interaction.error());
  }
  switch (*interaction) {
    case oauth::Interaction::sign_in:
      note_step(request, FlightOutcome::went_on, "Nobody was signed in: the sign-in page was asked for.");
      co_return ask_to_sign_in(context, request, *checked, accounts::SignInMode::once);
    case oauth::Interaction::sign_in_again:
      note_step(request, FlightOutcome::went_on, "The client demands a new sign-in: the sign-in page was asked for.");
      co_return ask_to_sign_in(context, request, *checked, accounts::SignInMode::again);
    case oauth::Interaction::choose_account:
      note_step(request, FlightOutcome::went_on, "The person was asked which account it shall be.");
      co_return ask_for_account(context, request, *checked, *signed_in);
    case oauth::Interaction::consent:
      note_step(request, FlightOutcome::went_on, "The consent page was shown.");
      co_return consent_page(context, *checked, *signed_in, remembered);
    case oauth::Interaction::none:
      break;
  }
  if (is_safe) co_return consent_page(context, *checked, *signed_in, remembered);
  co_return co_await answer_with_code(context, request, *checked, *signed_in);
}

}  // namespace

Task<net::Response> authorize(const Context& context, const net::Request& request) {
  auto answered = co_await answer(context, request);
  if (comes_from_own_form(request)) co_return go_on_by_refresh(context, std::move(answered));
  co_return answered;
}

}  // namespace chatelaine::provider::endpoints
