#include "oauth/clients/authentication.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "base/base64url.hpp"
#include "oauth/clients/client_assertion.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::string_view kUnreadable =
    "The Authorization header is not readable: it must be Basic and the base64 of client_id:client_secret, each "
    "form-urlencoded.";

/// RFC 6749 app. B: a half of the Basic credentials, which may hold `+` for a blank and `%3A` for a colon.
std::optional<std::string> decode_half(std::string_view encoded) {
  std::string text(encoded);
  std::ranges::replace(text, '+', ' ');
  return percent_decode(text);
}

/// The text after the scheme `Basic`, which knows no case (RFC 9110 §11.1).
std::optional<std::string_view> find_basic_credentials(std::string_view header) {
  constexpr std::string_view kScheme = "basic ";
  const auto is_same_letter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  if (!std::ranges::equal(header.substr(0, kScheme.size()), kScheme, is_same_letter)) return std::nullopt;
  header.remove_prefix(kScheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

Result<ClientCredentials> parse_basic(std::string_view header) {
  const auto encoded = find_basic_credentials(header);
  auto decoded = encoded ? base64_decode(*encoded) : std::nullopt;
  const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) return refuse(ErrorCode::invalid_client, std::string(kUnreadable));
  auto id = decode_half(std::string_view(*decoded).substr(0, colon));
  auto secret = decode_half(std::string_view(*decoded).substr(colon + 1));
  wipe(decoded->data(), decoded->size());
  if (!id || id->empty() || !secret) return refuse(ErrorCode::invalid_client, std::string(kUnreadable));
  ClientCredentials credentials{ClientId(std::move(*id)), AuthenticationMethod::client_secret_basic,
                                ClientSecret(*secret), ClientAssertion()};
  wipe(secret->data(), secret->size());
  return credentials;
}

std::unexpected<OAuthError> refuse_second_method() {
  return refuse(ErrorCode::invalid_request,
                "The client authenticates in more than one way: send the Authorization header, client_secret or "
                "client_assertion.");
}

Result<ClientCredentials> parse_assertion(std::string_view assertion, const Form& body) {
  const std::string_view type = body.get_or_empty("client_assertion_type");
  // RFC 7521 §4.2: both are required.
  if (type.empty())
    return refuse(ErrorCode::invalid_request,
                  "client_assertion_type is missing: send " + std::string(kJwtBearerAssertionType) + ".");
  if (assertion.empty()) return refuse(ErrorCode::invalid_request, "client_assertion, the JWT, is missing.");
  if (type != kJwtBearerAssertionType)
    return refuse(ErrorCode::invalid_client,
                  "The client_assertion_type is not supported: send " + std::string(kJwtBearerAssertionType) + ".");
  auto subject = find_assertion_subject(assertion);
  if (!subject) return std::unexpected(std::move(subject.error()));
  const std::string_view id = body.get_or_empty("client_id");
  if (!id.empty() && id != subject->value())
    return refuse(ErrorCode::invalid_client, "The client_id is another than the client_assertion's sub.");
  return ClientCredentials{std::move(*subject), AuthenticationMethod::private_key_jwt, ClientSecret(),
                           ClientAssertion(assertion)};
}

}  // namespace

Result<ClientCredentials> parse_client_credentials(std::optional<std::string_view> authorization_header,
                                                   const Form& body) {
  const std::string_view id = body.get_or_empty("client_id");
  const std::string_view secret = body.get_or_empty("client_secret");
  const std::string_view assertion = body.get_or_empty("client_assertion");
  if (!assertion.empty() || !body.get_or_empty("client_assertion_type").empty()) {
    if (authorization_header || !secret.empty()) return refuse_second_method();
    return parse_assertion(assertion, body);
  }
  if (authorization_header) {
    auto credentials = parse_basic(*authorization_header);
    if (!credentials) return credentials;
    if (!secret.empty()) return refuse_second_method();
    if (!id.empty() && id != credentials->client_id.value()) {
      return refuse(ErrorCode::invalid_request,
                    "The client_id in the body is another than the one in the Authorization header.");
    }
    return credentials;
  }
  if (id.empty()) return refuse(ErrorCode::invalid_client, "The request names no client: client_id is missing.");
  const auto method = secret.empty() ? AuthenticationMethod::none : AuthenticationMethod::client_secret_post;
  return ClientCredentials{ClientId(std::string(id)), method, ClientSecret(secret), ClientAssertion()};
}

Result<void> check_client_authentication(const ClientCredentials& credentials, const Client* client) {
  // Hashed and compared whatever is known of the client, so that an unknown one costs the same.
  const crypto::Sha256 presented = hash_client_secret(credentials.secret);
  const crypto::Sha256 expected = client != nullptr ? client->secret_hash.value_or(crypto::Sha256{}) : crypto::Sha256{};
  const bool is_secret_right = crypto::equal_in_constant_time(presented, expected);

  if (client == nullptr)
    return refuse(ErrorCode::invalid_client, "The client is unknown, or its secret is wrong.",
                  "No client with this id is registered here.");
  // RFC 8252 §8.5: what is on everybody's machine is no secret.
  if (!client->is_confidential()) {
    if (credentials.method == AuthenticationMethod::none) return {};
    return refuse(ErrorCode::invalid_client, "This client is public and has no secret: send client_id alone.");
  }
  // RFC 9700 §2.5, draft-ietf-oauth-client-id-metadata-document-03 §8.2: who has keys proves itself by them.
  if (!client->secret_hash) {
    return refuse(ErrorCode::invalid_client,
                  "This client has no secret but keys (private_key_jwt): send client_assertion_type and "
                  "client_assertion.");
  }
  // RFC 6749 §3.2.1: whoever was given a secret must show it.
  if (credentials.method == AuthenticationMethod::none)
    return refuse(ErrorCode::invalid_client, "This client has a secret, and the request does not carry it.");
  if (!is_secret_right)
    return refuse(ErrorCode::invalid_client, "The client is unknown, or its secret is wrong.",
                  "The client's secret is wrong: an old one from before a rotation, or another client's.");
  if (!client->may_authenticate_by(credentials.method)) {
    return refuse(ErrorCode::invalid_client,
                  "This client is not registered for " + std::string(to_string(credentials.method)) + ".");
  }
  return {};
}

crypto::Sha256 hash_client_secret(const ClientSecret& secret) { return crypto::sha256(secret.reveal()); }

}  // namespace chatelaine::oauth
