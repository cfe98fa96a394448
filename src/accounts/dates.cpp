#include "accounts/dates.hpp"

#include <fmt/format.h>

#include <array>

namespace chatelaine::accounts {
namespace {

constexpr std::array kMonths{"January", "February", "March",     "April",   "May",      "June",
                             "July",    "August",   "September", "October", "November", "December"};

}  // namespace

std::string format_day(Instant instant) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(instant)};
  return fmt::format("{} {} {}", static_cast<unsigned>(day.day()), kMonths.at(static_cast<unsigned>(day.month()) - 1),
                     static_cast<int>(day.year()));
}

std::string format_date(Instant instant) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(instant)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string format_minute(Instant instant) {
  const std::chrono::hh_mm_ss time{instant - std::chrono::floor<std::chrono::days>(instant)};
  return fmt::format("{}, {:02}:{:02} UTC", format_day(instant), time.hours().count(), time.minutes().count());
}

std::string format_second(Instant instant) {
  const std::chrono::hh_mm_ss time{instant - std::chrono::floor<std::chrono::days>(instant)};
  return fmt::format("{}, {:02}:{:02}:{:02} UTC", format_day(instant), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace chatelaine::accounts
