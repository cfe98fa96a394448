#pragma once

#include "base/form.hpp"
#include "net/request.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"

/// What endpoints note of a request for the flight recorder (docs/adr/0020).
namespace chatelaine::provider {

/// The parameters, as they may be shown, and of an authorization request what its sign-in's steps have in common.
void note_parameters(const net::Request& request, const Form& form);
/// The request is of this client, which is known here.
void note_client(const net::Request& request, const oauth::Client& client);
/// Refused: the cause is the error's private detail where it has one. A device that polls is told for minutes what is
/// no fault of anybody (RFC 8628 §3.5), and is not noted.
void note_refusal(const net::Request& request, const oauth::OAuthError& error);
void note_user(const net::Request& request, oauth::UserId user_id);
void note_step(const net::Request& request, FlightOutcome outcome, std::string sentence);
/// Something of the flow that has an id: `note_link(request, "grant", grant.id.value)`.
void note_link(const net::Request& request, std::string kind, std::int64_t id);

}  // namespace chatelaine::provider
