#include "net/http_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace chatelaine::net {
namespace {

constexpr std::size_t kLength = std::string_view("Sun, 06 Nov 1994 08:49:37 GMT").size();
// Not strftime's names, which follow the locale.
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// What stands there, or 0 where that is no number.
unsigned number_at(std::string_view text, std::size_t start, std::size_t length) {
  unsigned value = 0;
  std::from_chars(text.data() + start, text.data() + start + length, value);
  return value;
}

}  // namespace

std::string write_http_date(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(instant - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays.at(std::chrono::weekday(day).c_encoding()),
                     static_cast<unsigned>(date.day()), kMonths.at(static_cast<unsigned>(date.month()) - 1),
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::optional<Instant> parse_http_date(std::string_view text) {
  if (text.size() != kLength) return std::nullopt;
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number_at(text, 12, 4))),
                                         std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                         std::chrono::day(number_at(text, 5, 2))};
  if (!date.ok()) return std::nullopt;
  const Instant instant = std::chrono::sys_days(date) + std::chrono::hours(number_at(text, 17, 2)) +
                          std::chrono::minutes(number_at(text, 20, 2)) + seconds(number_at(text, 23, 2));
  // Whatever was not as it should be (a sign, a wrong weekday, the 61st minute) is not what we would have written.
  if (write_http_date(instant) != text) return std::nullopt;
  return instant;
}

}  // namespace chatelaine::net
