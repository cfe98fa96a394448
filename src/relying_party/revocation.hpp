#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "net/fetch.hpp"
#include "relying_party/token_exchange.hpp"

namespace chatelaine::relying_party {

/// `token_type_hint` (RFC 7009 §2.1).
enum class TokenTypeHint : std::uint8_t { access_token, refresh_token };

/// The form of RFC 7009 §2.1, the credentials in the body.
[[nodiscard]] std::string make_revocation_body(const ClientCredentials& client, std::string_view token,
                                               TokenTypeHint hint);

/// Tells the provider that a token is needed no more. The error is a sentence. The arguments outlive the await.
[[nodiscard]] Task<std::expected<void, std::string>> revoke_token(net::Fetcher& fetcher,
                                                                  std::string revocation_endpoint,
                                                                  net::AddressPolicy addresses,
                                                                  const ClientCredentials& client,
                                                                  const SecretBytes& token, TokenTypeHint hint);

}  // namespace chatelaine::relying_party
