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
/// `describe_scope`: a scope in words, as the settings have it at the moment of asking.
[[nodiscard]] accounts::AccountsSettings make_accounts_settings(
    const ProviderConfiguration& configuration, const SessionsConfiguration& sessions,
    std::function<std::string(const std::string&)> describe_scope);
[[nodiscard]] accounts::AccountsSettings make_accounts_settings(const HostConfiguration& configuration,
                                                                const SessionsConfiguration& sessions);
[[nodiscard]] pages::Frame make_frame(const ProviderConfiguration& configuration);
[[nodiscard]] pages::Frame make_frame(const HostConfiguration& configuration);

}  // namespace chatelaine::app
