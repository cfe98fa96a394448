#pragma once

#include <optional>
#include <string>

#include "accounts/accounts.hpp"
#include "app/config/configuration.hpp"
#include "app/wiring/api_description.hpp"
#include "pages/page.hpp"
#include "provider/provider.hpp"

/// What the file says, in the words of each layer.
namespace chatelaine::app {

/// What precedes the pages' paths on our origin: the issuer's path, then `[paths] prefix`.
[[nodiscard]] std::string page_prefix(const ProviderConfiguration& configuration);

[[nodiscard]] provider::ProviderSettings make_provider_settings(const ProviderConfiguration& configuration,
                                                                const std::optional<ApiDescription>& api);
[[nodiscard]] accounts::AccountsSettings make_accounts_settings(const ProviderConfiguration& configuration,
                                                                const SessionsConfiguration& sessions);
[[nodiscard]] accounts::AccountsSettings make_accounts_settings(const HostConfiguration& configuration,
                                                                const SessionsConfiguration& sessions);
[[nodiscard]] pages::Frame make_frame(const ProviderConfiguration& configuration);
[[nodiscard]] pages::Frame make_frame(const HostConfiguration& configuration);

}  // namespace chatelaine::app
