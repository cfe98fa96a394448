#pragma once

#include <functional>
#include <optional>
#include <string>

#include "accounts/accounts.hpp"
#include "admin/admin.hpp"
#include "app/config/configuration.hpp"
#include "app/wiring/api_description.hpp"
#include "base/log.hpp"
#include "gateway/mcp/settings.hpp"
#include "gateway/settings.hpp"
#include "pages/page.hpp"
#include "provider/provider.hpp"
#include "tokens/key_schedule.hpp"

/// What the file says, in the words of each layer.
namespace chatelaine::app {

/// What precedes the pages' paths on our origin: the issuer's path, then `[paths] prefix`.
[[nodiscard]] std::string page_prefix(const ProviderConfiguration& configuration);

/// Where the API is an MCP server, as clients type it.
[[nodiscard]] std::string mcp_address(const ProviderConfiguration& configuration);

/// What tokens can be for: `[api] resource`, as its own `[[resource]]` describes it where there is one, then the
/// others. The address of the MCP server is another name of the first.
[[nodiscard]] oauth::ProtectedResources make_protected_resources(const ProviderConfiguration& configuration);

/// `file` has the provider.
[[nodiscard]] provider::ProviderSettings make_provider_settings(const Configuration& file,
                                                                const std::optional<ApiDescription>& api);
/// How the signing keys are kept: no token that they sign lives longer than an access token of the resource that lets
/// its live longest.
[[nodiscard]] tokens::KeyPolicy make_key_policy(const ProviderConfiguration& configuration);
[[nodiscard]] gateway::GatewaySettings make_gateway_settings(const Configuration& file,
                                                             const std::optional<ApiDescription>& api);
/// `operations` that are no tool are told to `log`.
[[nodiscard]] gateway::mcp::McpSettings make_mcp_settings(const Configuration& file,
                                                          const std::optional<ApiDescription>& api, Log& log);
/// Which ways in the sign-in page offers.
[[nodiscard]] accounts::SignInWays make_sign_in_ways(const ProviderConfiguration& configuration);
[[nodiscard]] admin::AdminSettings make_admin_settings(const ProviderConfiguration& configuration);
/// `file` has the provider. Scopes and operations are told in words, and administrators where their pages are, as
/// `settings` and `administration` have it at the moment of asking; they outlive what is made.
[[nodiscard]] accounts::AccountsSettings make_provider_accounts_settings(
    const Configuration& file, const Live<provider::ProviderSettings>& settings,
    const Live<admin::AdminSettings>& administration, SecretBytes known_browser_key);
/// `file` has the host.
[[nodiscard]] accounts::AccountsSettings make_host_accounts_settings(const Configuration& file,
                                                                     SecretBytes known_browser_key);
[[nodiscard]] pages::Frame make_frame(const ProviderConfiguration& configuration);
[[nodiscard]] pages::Frame make_frame(const HostConfiguration& configuration);

}  // namespace chatelaine::app
