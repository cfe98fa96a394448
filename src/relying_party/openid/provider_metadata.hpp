#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "oauth/vocabulary.hpp"
#include "relying_party/discovery.hpp"
#include "relying_party/token_exchange.hpp"

namespace chatelaine::relying_party {

/// Stands for a tenant in an issuer of Microsoft Entra ID: `https://login.microsoftonline.com/{tenantid}/v2.0`. Its ID
/// tokens have a tenant's own id in its place.
inline constexpr std::string_view kTenantPlaceholder = "{tenantid}";

/// What becomes of prompt=select_account: a provider that lists its prompts without it (`prompt_values_supported`,
/// OpenID Connect Prompt Create §4.2) would pass it over.
enum class AccountChoice : std::uint8_t { offered, unknown };

/// What an OpenID provider says of itself, as far as a relying party that uses the code flow needs it.
struct OpenIdProvider {
  HttpUrl authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  /// Empty where there is none.
  std::string userinfo_endpoint;
  CredentialsPlace credentials = CredentialsPlace::header;
  AccountChoice account_choice = AccountChoice::offered;
  IssuerParameter issuer_parameter = IssuerParameter::not_promised;
};

/// Where an issuer publishes its metadata (OpenID Connect Discovery §4).
[[nodiscard]] std::string openid_configuration_url(const oauth::Issuer& issuer);

/// Reads the metadata that `issuer` published (OpenID Connect Discovery §3). The error is the rest of a sentence for
/// the operator that begins with the document.
[[nodiscard]] std::expected<OpenIdProvider, std::string> read_openid_provider(std::string_view document,
                                                                              const oauth::Issuer& issuer);

}  // namespace chatelaine::relying_party
