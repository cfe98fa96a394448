#include <array>

#include "base/base64url.hpp"
#include "base/form.hpp"
#include "base/json.hpp"
#include "relying_party/token_exchange.hpp"

namespace chatelaine::relying_party {
namespace {

using oauth::TokenRequestEncoding;

constexpr std::size_t kMostAnswerBytes = 64 * 1024;

std::string encode(TokenRequestEncoding encoding, const std::vector<Form::Field>& fields) {
  switch (encoding) {
    case TokenRequestEncoding::form:
      return encode_form(fields);
    case TokenRequestEncoding::json: {
      json::object body;
      for (const Form::Field& field : fields) body[field.name] = field.value;
      return json::serialize(body);
    }
  }
  return {};
}

std::string_view media_type(TokenRequestEncoding encoding) {
  switch (encoding) {
    case TokenRequestEncoding::form:
      return "application/x-www-form-urlencoded";
    case TokenRequestEncoding::json:
      return "application/json";
  }
  return {};
}

net::FetchRequest make_request(const TokenEndpoint& endpoint, std::string body) {
  net::FetchRequest request;
  request.method = "POST";
  request.url = endpoint.url;
  request.headers.push_back({"Content-Type", std::string(media_type(endpoint.encoding))});
  request.headers.push_back({"Accept", "application/json"});
  request.body = std::move(body);
  request.policy = {.addresses = endpoint.addresses,
                    .most_bytes = kMostAnswerBytes,
                    .timeout = kTokenRequestTimeout,
                    .networks = endpoint.networks};
  return request;
}

std::expected<TokenAnswer, TokenFailure> judge_fetched(
    const std::expected<net::FetchedDocument, net::FetchError>& fetched, std::span<const std::string_view> sent) {
  if (fetched) return judge_token_answer(*fetched, sent);
  return std::unexpected(
      TokenFailure{TokenFailure::Kind::unreachable, "The token endpoint gave no answer: " + fetched.error().message});
}

}  // namespace

std::string make_code_exchange_body(TokenRequestEncoding encoding, const ClientCredentials& client,
                                    const CodeExchange& exchange, CredentialsPlace place) {
  std::vector<Form::Field> fields{{"grant_type", "authorization_code"}};
  // RFC 6749 §2.3: one method a request.
  if (place == CredentialsPlace::body) {
    fields.push_back({"client_id", client.client_id.value()});
    fields.push_back({"client_secret", std::string(client.client_secret.reveal())});
  }
  fields.push_back({"code", std::string(exchange.code.reveal())});
  fields.push_back({"redirect_uri", exchange.redirect_uri.value()});
  if (exchange.code_verifier) fields.push_back({"code_verifier", std::string(exchange.code_verifier->reveal())});
  return encode(encoding, fields);
}

// RFC 6749 §2.3.1: both are form-encoded before they are joined.
std::string make_basic_credentials(const ClientCredentials& client) {
  std::string joined = percent_encode(client.client_id.value()) + ":" + percent_encode(client.client_secret.reveal());
  std::string header = "Basic " + base64_encode(joined);
  wipe(joined.data(), joined.size());
  return header;
}

std::string make_refresh_body(TokenRequestEncoding encoding, const ClientCredentials& client,
                              const oauth::RefreshTokenSecret& refresh_token) {
  return encode(encoding, {{"grant_type", "refresh_token"},
                           {"client_id", client.client_id.value()},
                           {"client_secret", std::string(client.client_secret.reveal())},
                           {"refresh_token", std::string(refresh_token.reveal())}});
}

Task<std::expected<TokenAnswer, TokenFailure>> exchange_code(net::Fetcher& fetcher, const TokenEndpoint& endpoint,
                                                             const ClientCredentials& client,
                                                             const CodeExchange& exchange) {
  const std::array<std::string_view, 3> sent{client.client_secret.reveal(), exchange.code.reveal(),
                                             exchange.code_verifier ? exchange.code_verifier->reveal() : ""};
  net::FetchRequest request =
      make_request(endpoint, make_code_exchange_body(endpoint.encoding, client, exchange, endpoint.credentials));
  if (endpoint.credentials == CredentialsPlace::header) {
    request.headers.push_back({"Authorization", make_basic_credentials(client)});
  }
  const auto fetched = co_await fetcher.fetch(std::move(request));
  co_return judge_fetched(fetched, sent);
}

Task<std::expected<TokenAnswer, TokenFailure>> refresh_tokens(net::Fetcher& fetcher, const TokenEndpoint& endpoint,
                                                              const ClientCredentials& client,
                                                              const oauth::RefreshTokenSecret& refresh_token) {
  const std::array<std::string_view, 2> sent{client.client_secret.reveal(), refresh_token.reveal()};
  net::FetchRequest request = make_request(endpoint, make_refresh_body(endpoint.encoding, client, refresh_token));
  const auto fetched = co_await fetcher.fetch(std::move(request));
  co_return judge_fetched(fetched, sent);
}

}  // namespace chatelaine::relying_party
