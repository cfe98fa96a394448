#include "provider/endpoints/client_authentication.hpp"

#include "crypto/jwk_set.hpp"
#include "oauth/clients/client_assertion.hpp"
#include "provider/documents/documents.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::VerifiedAssertion;
using Verified = std::expected<VerifiedAssertion, crypto::JwsError>;

std::string_view describe(crypto::JwsError error) {
  switch (error) {
    case crypto::JwsError::malformed:
      return "The client_assertion is not written as a JWT.";
    case crypto::JwsError::unsupported_algorithm:
      return "The client_assertion is signed with an algorithm that is not supported here.";
    case crypto::JwsError::unknown_key:
      return "None of the keys that the client has registered or publishes is named by the client_assertion.";
    case crypto::JwsError::wrong_type:
      return "The client_assertion is a JWT of another type.";
    case crypto::JwsError::bad_signature:
      return "The signature of the client_assertion was made with another key than the one it names.";
  }
  std::unreachable();
}

/// Whether the client may have published another key since we looked.
bool may_be_outdated(const Verified& verified) {
  return !verified &&
         (verified.error() == crypto::JwsError::unknown_key || verified.error() == crypto::JwsError::bad_signature);
}

Verified verify_with_own_keys(const oauth::Client& client, std::string_view assertion) {
  const auto set = crypto::parse_jwk_set(client.jwks);
  return oauth::verify_client_assertion(assertion, set ? set->keys : std::vector<crypto::VerificationKey>());
}

/// THREATS N44: an unknown key has the set fetched again, at most once in a cool-down.
Task<std::expected<Verified, net::DocumentFault>> verify_with_published_keys(const Context& context,
                                                                             const oauth::Client& client,
                                                                             std::string_view assertion) {
  auto& published = context.documents.client_keys();
  const auto keys = co_await published.find(client.jwks_uri);
  if (!keys) co_return std::unexpected(keys.error());
  auto verified = oauth::verify_client_assertion(assertion, (*keys)->keys);
  if (!may_be_outdated(verified)) co_return verified;
  const auto newer = co_await published.find_newer(client.jwks_uri, *keys);
  if (newer && *newer != *keys) verified = oauth::verify_client_assertion(assertion, (*newer)->keys);
  co_return verified;
}

Task<oauth::Result<VerifiedAssertion>> verify(const Context& context, const oauth::Client* client,
                                              std::string_view assertion) {
  if (client == nullptr || !client->may_authenticate_by(oauth::AuthenticationMethod::private_key_jwt)) {
    [[maybe_unused]] const auto same_cost = oauth::verify_client_assertion(assertion, {});
    co_return oauth::refuse_unproven_assertion(client == nullptr
                                                   ? "No client with this id is registered here."
                                                   : "This client is not registered for private_key_jwt.");
  }
  if (client->jwks_uri.empty()) {
    auto verified = verify_with_own_keys(*client, assertion);
    if (!verified) co_return oauth::refuse_unproven_assertion(std::string(describe(verified.error())));
    co_return std::move(*verified);
  }
  auto verified = co_await verify_with_published_keys(context, *client, assertion);
  if (!verified) {
    // Whoever hears this has proven nothing, and may have chosen the URL: he is told no more of it than that no keys
    // were found there.
    co_return oauth::refuse(
        oauth::ErrorCode::invalid_client,
        "The client's keys cannot be had at the moment: see that its jwks_uri serves a JWK Set over https.",
        std::move(verified.error().sentence));
  }
  if (!*verified) co_return oauth::refuse_unproven_assertion(std::string(describe(verified->error())));
  co_return std::move(**verified);
}

oauth::AssertionAudience name_us(const Context& context, const net::Request& request) {
  const oauth::Issuer& issuer = context.settings().issuer;
  return {issuer, {absolute_url(issuer, context.paths.token), absolute_url(issuer, request.path)}};
}

Task<oauth::Result<void>> authenticate_by_assertion(const Context& context, const net::Request& request,
                                                    const oauth::ClientCredentials& credentials,
                                                    const oauth::Client* client) {
  const auto verified = co_await verify(context, client, credentials.assertion.reveal());
  if (!verified) co_return std::unexpected(verified.error());
  const auto used =
      oauth::check_client_assertion(*verified, client->id, name_us(context, request), context.clock.now());
  if (!used) co_return std::unexpected(used.error());
  const bool is_first = co_await context.storage.used_client_assertions().use_client_assertion(*used);
  if (!is_first) {
    co_return oauth::refuse(
        oauth::ErrorCode::invalid_client,
        "This client_assertion was used before: make one, with a jti of its own, for each request.");
  }
  co_return oauth::Result<void>();
}

}  // namespace

Task<oauth::Result<void>> authenticate_client(const Context& context, const net::Request& request,
                                              const oauth::ClientCredentials& credentials,
                                              const oauth::Client* client) {
  if (credentials.method == oauth::AuthenticationMethod::private_key_jwt) {
    auto outcome = co_await authenticate_by_assertion(context, request, credentials, client);
    co_return outcome;
  }
  co_return oauth::check_client_authentication(credentials, client);
}

}  // namespace chatelaine::provider::endpoints
