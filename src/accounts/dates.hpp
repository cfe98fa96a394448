#pragma once

#include <string>

#include "base/time.hpp"

/// Moments as the pages say them, in UTC.
namespace chatelaine::accounts {

/// `23 November 2026`
[[nodiscard]] std::string format_day(Instant instant);
/// `2026-11-23`, as `<time datetime>` takes it.
[[nodiscard]] std::string format_date(Instant instant);
/// `23 November 2026, 22:47 UTC`
[[nodiscard]] std::string format_minute(Instant instant);
/// `23 November 2026, 22:47:03 UTC`
[[nodiscard]] std::string format_second(Instant instant);

}  // namespace chatelaine::accounts
