#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <ctime>
#include <utility>

namespace chatelaine {
namespace {

struct Unit {
  std::string_view name;
  milliseconds length;
};
constexpr std::array kUnits{Unit{"d", std::chrono::days{1}}, Unit{"h", std::chrono::hours{1}},
                            Unit{"m", std::chrono::minutes{1}}, Unit{"s", std::chrono::seconds{1}},
                            Unit{"ms", milliseconds{1}}};

std::tm to_calendar(Instant instant) {
  const std::time_t whole = to_numeric_date(instant);
  std::tm calendar{};
  gmtime_r(&whole, &calendar);
  return calendar;
}

}  // namespace

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

std::int64_t to_numeric_date(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

Instant from_numeric_date(std::int64_t seconds_since_1970) { return Instant{seconds{seconds_since_1970}}; }

std::expected<milliseconds, std::string> parse_duration(std::string_view text) {
  const auto wrong = [&] {
    return std::unexpected(fmt::format(
        "\"{}\" is not a duration: write digits and a unit (ms, s, m, h or d), such as \"59s\" or \"30d\"", text));
  };
  std::int64_t count = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0) return wrong();
  const std::string_view name(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  for (const Unit& unit : kUnits) {
    if (name != unit.name) continue;
    constexpr milliseconds kLongest = std::chrono::days{36500};
    if (count > kLongest / unit.length)
      return std::unexpected(fmt::format("\"{}\" is longer than 36500d, the longest duration", text));
    return unit.length * count;
  }
  return wrong();
}

std::string format_duration(milliseconds duration) {
  for (const Unit& unit : kUnits) {
    if (duration % unit.length == milliseconds{0} && duration >= unit.length) {
      return fmt::format("{}{}", duration / unit.length, unit.name);
    }
  }
  return "0s";
}

std::string format_instant(Instant instant) {
  const std::tm t = to_calendar(instant);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                     t.tm_min, t.tm_sec);
}

std::string format_rfc3339(Instant instant) {
  const std::tm t = to_calendar(instant);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                     t.tm_min, t.tm_sec);
}

}  // namespace chatelaine
