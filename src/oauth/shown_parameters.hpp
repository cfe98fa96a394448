#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/flight.hpp"
#include "base/form.hpp"

namespace chatelaine::oauth {

/// A request's parameters as the flight recorder may keep them (docs/adr/0020): of those that this list knows to be
/// public their value, cut to a length, of every other that it was there and how long it is. A URI loses what its
/// query, its fragment and its user information say. What has the form of a token is hidden, whatever its name: secrets
/// end up in wrong fields, and as names where a body is read as a form by mistake.
[[nodiscard]] std::vector<FlightNotes::Value> show_parameters(const Form& form);

/// One value by the same rules.
[[nodiscard]] std::string show_parameter(std::string_view name, std::string_view value);

/// The text with the length of each of our own tokens, and of each JWT, in its place.
[[nodiscard]] std::string hide_tokens(std::string_view text);

/// A text that may quote what a stranger sent, as the log and the flight recorder may keep it: without tokens, and its
/// URIs without what their queries, fragments and user information say.
[[nodiscard]] std::string show_text(std::string_view text);

/// A URI in quotation marks and cut to 200 characters, by the same rules, for a sentence that goes to its client too
/// and so is held to the characters of RFC 6749 §5.2.
[[nodiscard]] std::string quote_uri(std::string_view text);

/// What one sign-in's requests have in common, from the request's parameters or those of a page that leads back to it:
/// a digest, so that nothing of the parameters can be read from it. Empty where they name no client, or nothing (state,
/// nonce, code_challenge, request_uri) that another sign-in at this client would not have too.
[[nodiscard]] std::string authorization_link(const Form& form);

}  // namespace chatelaine::oauth
