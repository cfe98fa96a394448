#include "app/wiring/limit_settings.hpp"

#include <limits>

namespace chatelaine::app {
namespace {

/// What all limits have in common.
limits::ThrottleLimits make_throttle_limits(const LimitsConfiguration& limits, std::uint32_t of_subject,
                                            std::uint32_t of_address) {
  constexpr auto kNoLimit = std::numeric_limits<std::uint32_t>::max();
  return {.of_subject = limits.enabled ? of_subject : kNoLimit,
          .of_address = limits.enabled ? of_address : kNoLimit,
          .window = limits.window,
          .first_wait = limits.first_wait,
          .longest_wait = limits.longest_wait,
          .most_remembered = limits.remembered};
}

/// What may be done so often within the window, by whoever is at an address.
limits::ThrottleLimits make_rate(const LimitsConfiguration& limits, std::uint32_t of_address) {
  auto rate = make_throttle_limits(limits, of_address, of_address);
  rate.first_wait = milliseconds{0};
  return rate;
}

/// How many of something may stand open at a time; nobody is stopped where limits are off.
std::uint32_t make_bound(const LimitsConfiguration& limits, std::uint32_t most) {
  return limits.enabled ? most : std::numeric_limits<std::uint32_t>::max();
}

}  // namespace

provider::ProviderLimits make_provider_limits(const LimitsConfiguration& limits) {
  return {.client_authentication =
              make_throttle_limits(limits, limits.secret_failures_per_client, limits.secret_failures_per_address),
          .pushed_requests = make_rate(limits, limits.pushed_requests_per_address),
          .pushed_requests_of_client = make_bound(limits, limits.pushed_requests_per_client),
          .registrations = make_rate(limits, limits.registrations_per_address),
          .device_codes = make_rate(limits, limits.device_codes_per_address),
          .device_codes_of_client = make_bound(limits, limits.device_codes_per_client),
          .user_codes = make_throttle_limits(limits, limits.user_code_failures_per_account,
                                             limits.user_code_failures_per_address)};
}

limits::ThrottleLimits make_source_limits(const LimitsConfiguration& limits) {
  return make_rate(limits, limits.source_sign_ins_per_address);
}

std::optional<std::string> find_fixed_change(const LimitsConfiguration& before, const LimitsConfiguration& after) {
  if (before.password_threads != after.password_threads) return "limits.password_threads";
  if (before.password_queue != after.password_queue) return "limits.password_queue";
  return std::nullopt;
}

limits::ThrottleLimits make_password_limits(const LimitsConfiguration& limits) {
  return make_throttle_limits(limits, limits.password_failures_per_account, limits.password_failures_per_address);
}

}  // namespace chatelaine::app
