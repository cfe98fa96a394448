#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oauth/plugin/manifest_findings.hpp"

namespace chatelaine::oauth {

/// A URL that a host sends users, codes or tokens to: https, of a public host, without user name and fragment. Nothing
/// and a fault otherwise. `reference` is resolved against the manifest's own URL only where `may_be_relative`.
enum class UrlForm : std::uint8_t { absolute, relative_too };
[[nodiscard]] std::optional<HttpUrl> check_endpoint(std::string_view reference, std::string_view path, UrlForm form,
                                                    const ManifestContext& context, ManifestFindings& findings);

/// A URL that only people's browsers see (`logo_url`, `legal_info_url`): an absolute text for it, or nothing and a
/// fault. http and relative ones are warnings.
[[nodiscard]] std::optional<std::string> check_link(std::string_view reference, std::string_view path,
                                                    const ManifestContext& context, ManifestFindings& findings);

/// `client_url` is the authorization endpoint and `authorization_url` the token endpoint. Names that say the opposite
/// are the classic mistake: both, or `client_url` alone, a fault; `authorization_url` alone a warning, since real
/// plugins do end their token URL in `/authorize`.
void check_roles(const HttpUrl& client_url, const HttpUrl& authorization_url, ManifestFindings& findings);

}  // namespace chatelaine::oauth
