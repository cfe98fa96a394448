#pragma once

#include <string>
#include <string_view>

#include "net/request.hpp"
#include "net/response.hpp"
#include "oauth/tokens/access_token.hpp"

/// What the gateway notes of calls for the flight recorder (docs/adr/0020): of those alone that did not go through. A
/// call without any token is none: so clients find out where to get one.
namespace chatelaine::gateway {

void note_call(const net::Request& call, FlightOutcome outcome, std::string sentence);
/// Whose request it is.
void note_token(const net::Request& call, const oauth::AccessToken& token);
/// Whose call it is, of which operation, as the ledger names it, or empty.
void note_caller(const net::Request& call, const oauth::AccessToken& token, std::string_view operation);
/// The refusal, whose sentence is noted.
[[nodiscard]] net::Response note_refused(const net::Request& call, net::Response refusal);
/// Refused though its token is good, with what the refusal tells.
void note_refused_call(const net::Request& call, const oauth::AccessToken& token, std::string_view operation,
                       FlightOutcome outcome, const net::Response& refusal);

}  // namespace chatelaine::gateway
