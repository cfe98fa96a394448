#pragma once

#include <functional>
#include <optional>
#include <string>

#include "accounts/accounts.hpp"
#include "app/config/configuration.hpp"
#include "app/wiring/api_description.hpp"
#include "gateway/settings.hpp"
#include "pages/page.hpp"
#include "provider/provider.hpp"

/// What the file says, in the words of each layer.
namespace chatelaine::app {

/// What precedes the pages' paths on our origin: the issuer's path, then `[paths] prefix`.
[[nodiscard]] std::string page_prefix(const ProviderConfiguration& configuration);

[[nodiscard]] provider::ProviderSettings make_provider_settings(const ProviderConfiguration& configuration,
                                                                const std::optional<ApiDescription>& api);
[[nodiscard]] gateway::GatewaySettings make_gateway_settings(const ProviderConfiguration& configuration,
                                                             const std::optional<ApiDescription>& api);
/// `file` has the provider. `describe_scope`: a scope in words, as the settings have it at the moment of asking.
[[nodiscard]] accounts::AccountsSettings make_provider_accounts_settings(
    const Configuration& file, std::function<std::string(const std::string&)> describe_scope);
/// `file` has the host.
[[nodiscard]] accounts::AccountsSettings make_host_accounts_settings(const Configuration& file);
[[nodiscard]] pages::Frame make_frame(const ProviderConfiguration& configuration);
[[nodiscard]] pages::Frame make_frame(const HostConfiguration& configuration);

}  // namespace chatelaine::app
