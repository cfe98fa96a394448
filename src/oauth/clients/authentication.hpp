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
  ClientSecret secret;  ///< empty for `none`
};

/// Reads the credentials from the Authorization header (Basic, each half form-urlencoded as RFC 6749 §2.3.1 says) and
/// the body's `client_id` and `client_secret`. Refuses with invalid_request where both carry a secret (§2.3: one method
/// a request) or where they name different clients, and with invalid_client where there is no client_id or the header
/// is not readable.
[[nodiscard]] Result<ClientCredentials> parse_client_credentials(std::optional<std::string_view> authorization_header,
                                                                 const Form& body);

/// Checks the credentials against the client of that id, or against nothing where there is none, at the same cost. A
/// confidential client must bring its secret by a method it is registered for; a public one must bring none.
[[nodiscard]] Result<void> check_client_authentication(const ClientCredentials& credentials, const Client* client);

/// SHA-256 of a client secret, as storage keeps it.
[[nodiscard]] crypto::Sha256 hash_client_secret(const ClientSecret& secret);

}  // namespace chatelaine::oauth
