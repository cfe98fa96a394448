#include "provider/notes.hpp"

#include "base/id.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::provider {

void note_parameters(const net::Request& request, const Form& form) {
  request.note([&](FlightNotes& notes) {
    notes.values = oauth::show_parameters(form);
    // Of those that begin a sign-in; a token request has a client and no response_type.
    if (!form.get("response_type") && !form.get("request_uri")) return;
    const std::string link = oauth::authorization_link(form);
    if (!link.empty()) notes.link("sign-in", link);
  });
}

void note_client(const net::Request& request, const oauth::Client& client) {
  request.note([&](FlightNotes& notes) { notes.client_id = client.id.value(); });
}

void note_refusal(const net::Request& request, const oauth::OAuthError& error) {
  using oauth::ErrorCode;
  if (error.code == ErrorCode::authorization_pending || error.code == ErrorCode::slow_down) return;
  request.note([&](FlightNotes& notes) {
    notes.show("answered error", std::string(to_string(error.code)));
    // The user's own decision, and what a client that asks without a page is told, are how flows may end.
    const bool is_fault = error.code != ErrorCode::access_denied && error.code != ErrorCode::login_required &&
                          error.code != ErrorCode::consent_required && error.code != ErrorCode::interaction_required;
    notes.tell(is_fault ? FlightOutcome::failed : FlightOutcome::odd,
               error.detail.empty() ? error.description : error.detail);
  });
}

void note_user(const net::Request& request, oauth::UserId user_id) {
  request.note([&](FlightNotes& notes) { notes.user_id = format_id(user_id.value); });
}

void note_step(const net::Request& request, FlightOutcome outcome, std::string sentence) {
  request.note([&](FlightNotes& notes) { notes.tell(outcome, std::move(sentence)); });
}

void note_link(const net::Request& request, std::string kind, std::int64_t id) {
  request.note([&](FlightNotes& notes) { notes.link(std::move(kind), format_id(id)); });
}

}  // namespace chatelaine::provider
