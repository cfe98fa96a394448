#include "relying_party/revocation.hpp"

#include <fmt/format.h>

#include "base/form.hpp"

namespace chatelaine::relying_party {
namespace {
constexpr milliseconds kRevocationTimeout{5'000};
}  // namespace

std::string make_revocation_body(const ClientCredentials& client, std::string_view token, TokenTypeHint hint) {
  const bool is_refresh_token = hint == TokenTypeHint::refresh_token;
  return encode_form({{"token", std::string(token)},
                      {"token_type_hint", is_refresh_token ? "refresh_token" : "access_token"},
                      {"client_id", client.client_id.value()},
                      {"client_secret", std::string(client.client_secret.reveal())}});
}

Task<std::expected<void, std::string>> revoke_token(net::Fetcher& fetcher, std::string revocation_endpoint,
                                                    net::AddressPolicy addresses, const ClientCredentials& client,
                                                    const SecretBytes& token, TokenTypeHint hint) {
  net::FetchRequest request;
  request.method = "POST";
  request.url = std::move(revocation_endpoint);
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  request.headers.push_back({"Accept", "application/json"});
  request.body = make_revocation_body(client, token.reveal(), hint);
  request.policy = {addresses, 64 * 1024, kRevocationTimeout};
  const auto answer = co_await fetcher.fetch(std::move(request));
  if (!answer) co_return std::unexpected("The provider could not be reached: " + answer.error().message);
  // RFC 7009 §2.2: 200 also for a token that was void already.
  if (answer->status != 200) {
    co_return std::unexpected(fmt::format("The provider answered the revocation with status {}.", answer->status));
  }
  co_return std::expected<void, std::string>{};
}

}  // namespace chatelaine::relying_party
