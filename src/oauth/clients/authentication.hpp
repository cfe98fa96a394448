#pragma once

#include <optional>
#include <string_view>

#include "base/form.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// How a request says who the client is (RFC 6749 §2.3), before anybody has checked it.
struct ClientCredentials {
  ClientId client_id;
  AuthenticationMethod method = AuthenticationMethod::none;
  ClientSecret secret;        ///< of the two secret methods
  ClientAssertion assertion;  ///< of private_key_jwt
};

/// Reads the credentials from the Authorization header (Basic, each half form-urlencoded as RFC 6749 §2.3.1 says) and
/// the body's `client_id`, `client_secret`, `client_assertion_type` and `client_assertion`. Beside an assertion
/// client_id may be left out (RFC 7521 §4.2): it is the assertion's subject. Refuses with invalid_request where two
/// methods are used (RFC 6749 §2.3) or two clients named, and with invalid_client where there is no client_id or what
/// came is not readable.
[[nodiscard]] Result<ClientCredentials> parse_client_credentials(std::optional<std::string_view> authorization_header,
                                                                 const Form& body);

/// Checks credentials without an assertion against the client of that id, or against nothing where there is none, at
/// the same cost. A confidential client must bring what it is registered for; a public one must bring nothing.
/// Assertions: client_assertion.hpp.
[[nodiscard]] Result<void> check_client_authentication(const ClientCredentials& credentials, const Client* client);

/// SHA-256 of a client secret, as storage keeps it.
[[nodiscard]] crypto::Sha256 hash_client_secret(const ClientSecret& secret);

}  // namespace chatelaine::oauth
