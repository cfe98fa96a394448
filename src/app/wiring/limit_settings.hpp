#pragma once

#include <optional>
#include <string>

#include "app/config/configuration.hpp"
#include "limits/throttle.hpp"
#include "provider/provider.hpp"

/// `[limits]` but for those of calls, in the words of each layer.
namespace chatelaine::app {

[[nodiscard]] provider::ProviderLimits make_provider_limits(const LimitsConfiguration& limits);
/// Which of the limits is read once and has changed; nothing: the new ones can count at once.
[[nodiscard]] std::optional<std::string> find_fixed_change(const LimitsConfiguration& before,
                                                           const LimitsConfiguration& after);
/// How often passwords may be tried in vain, on both sides.
[[nodiscard]] limits::ThrottleLimits make_password_limits(const LimitsConfiguration& limits);
/// How many sign-ins at user sources may be begun from an address.
[[nodiscard]] limits::ThrottleLimits make_source_limits(const LimitsConfiguration& limits);

}  // namespace chatelaine::app
