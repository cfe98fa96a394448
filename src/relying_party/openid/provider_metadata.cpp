#include "relying_party/openid/provider_metadata.hpp"

#include <fmt/format.h>

#include "base/json_members.hpp"
#include "base/uri.hpp"
#include "relying_party/provider_text.hpp"

namespace chatelaine::relying_party {
namespace {

std::unexpected<std::string> blame(std::string what) { return std::unexpected(std::move(what)); }

std::expected<HttpUrl, std::string> read_endpoint(const json::object& document, std::string_view member) {
  auto url = parse_http_url(text_of(document, member));
  if (!url) return blame(fmt::format("has no usable {}", member));
  // RFC 6749 §3.1, §3.2: no fragment.
  if (url->has_fragment || url->has_userinfo) return blame(fmt::format("has a {} with a fragment or a user", member));
  // OpenID Connect Discovery §3: https; a code and a login_hint travel there.
  if (url->scheme != "https" && !is_loopback_host(url->host)) return blame(fmt::format("has a {} without TLS", member));
  return std::move(*url);
}

/// OpenID Connect Discovery §3: without the list it is client_secret_basic.
std::expected<CredentialsPlace, std::string> choose_credentials(const json::object& document) {
  constexpr std::string_view kMember = "token_endpoint_auth_methods_supported";
  if (!document.contains(kMember) || lists(document, kMember, "client_secret_basic")) return CredentialsPlace::header;
  if (lists(document, kMember, "client_secret_post")) return CredentialsPlace::body;
  return blame("takes client secrets neither as client_secret_basic nor as client_secret_post");
}

}  // namespace

// OpenID Connect Discovery §4: a slash at the issuer's end is taken off first.
std::string openid_configuration_url(const oauth::Issuer& issuer) {
  std::string url = issuer.value();
  // Entra publishes what its tenants have in common under "organizations".
  if (const auto tenant = url.find(kTenantPlaceholder); tenant != std::string::npos)
    url.replace(tenant, kTenantPlaceholder.size(), "organizations");
  if (url.ends_with('/')) url.pop_back();
  return url + "/.well-known/openid-configuration";
}

std::expected<OpenIdProvider, std::string> read_openid_provider(std::string_view text, const oauth::Issuer& issuer) {
  const auto parsed = parse_json(text);
  if (!parsed) return blame("is not JSON: " + quote_provider_text(parsed.error().message));
  if (!parsed->is_object()) return blame("is no JSON object");
  const json::object& document = parsed->get_object();
  // OpenID Connect Discovery §4.3: byte for byte the issuer that was asked; one with a placeholder for tenants has it
  // here as well.
  if (const auto said = text_of(document, "issuer"); said != issuer.value())
    return blame(fmt::format("names the issuer \"{}\", not \"{}\"", quote_provider_text(said), issuer.value()));
  auto authorization_endpoint = read_endpoint(document, "authorization_endpoint");
  if (!authorization_endpoint) return std::unexpected(std::move(authorization_endpoint.error()));
  const auto token_endpoint = read_endpoint(document, "token_endpoint");
  if (!token_endpoint) return std::unexpected(token_endpoint.error());
  const auto jwks_uri = read_endpoint(document, "jwks_uri");
  if (!jwks_uri) return std::unexpected(jwks_uri.error());
  const auto credentials = choose_credentials(document);
  if (!credentials) return std::unexpected(credentials.error());
  const auto userinfo_endpoint = read_endpoint(document, "userinfo_endpoint");
  constexpr std::string_view kPrompts = "prompt_values_supported";
  const bool knows_choice = !document.contains(kPrompts) || lists(document, kPrompts, "select_account");
  return OpenIdProvider{.authorization_endpoint = std::move(*authorization_endpoint),
                        .token_endpoint = token_endpoint->text,
                        .jwks_uri = jwks_uri->text,
                        .userinfo_endpoint = userinfo_endpoint ? userinfo_endpoint->text : std::string(),
                        .credentials = *credentials,
                        .account_choice = knows_choice ? AccountChoice::offered : AccountChoice::unknown,
                        .issuer_parameter = is_true(document, "authorization_response_iss_parameter_supported")
                                                ? IssuerParameter::promised
                                                : IssuerParameter::not_promised};
}

}  // namespace chatelaine::relying_party
