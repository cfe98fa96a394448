#pragma once

#include <expected>

#include "base/json.hpp"
#include "oauth/clients/registration.hpp"
#include "provider/context.hpp"
#include "provider/endpoints/client_request.hpp"

/// The steps that registration (RFC 7591) and its management (RFC 7592) share.
namespace chatelaine::provider::endpoints {

/// The JSON object of a request's body. The error is the whole answer.
[[nodiscard]] std::expected<json::object, net::Response> read_metadata(const Context& context,
                                                                       const net::Request& request,
                                                                       std::string_view body);

/// 401 that says how a token is brought (RFC 6750 §3): for a request without one the challenge names no error (§3.1).
[[nodiscard]] net::Response answer_missing_token(const Context& context, const net::Request& request,
                                                 std::string sentence);
[[nodiscard]] net::Response answer_wrong_token(const Context& context, const net::Request& request,
                                               std::string sentence);

/// Counts one more registration, or change of one, by the request's address. The error, where there were too many, is
/// the whole answer: 429 with Retry-After.
[[nodiscard]] std::expected<void, net::Response> admit(const Context& context, const net::Request& request);

/// What a client may have here.
[[nodiscard]] oauth::RegistrationPolicy registration_policy(const Context& context, oauth::Registrant registrant);

/// The client's name, where it gives none (RFC 7591 §2), is its id.
void name_client(oauth::Client& client);
/// A secret for a client whose method wants one and that has none; none for the others. Empty where it stays as it is.
[[nodiscard]] oauth::ClientSecret settle_secret(const Context& context, oauth::Client& client);

/// The client information response (RFC 7591 §3.2.1, RFC 7592 §3). What is empty is left out.
[[nodiscard]] std::string format_client_information(const Context& context, const oauth::Client& client,
                                                    const oauth::ClientSecret& secret,
                                                    std::string_view registration_access_token);

}  // namespace chatelaine::provider::endpoints
