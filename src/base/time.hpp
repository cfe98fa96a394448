#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

namespace chatelaine {

/// A moment of the wall clock, to the millisecond.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Where the time comes from: the system in a server, a fixed and movable clock in tests.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

/// Seconds since 1970, as JWT's NumericDate (RFC 7519 §2) and introspection count them; rounds down.
[[nodiscard]] std::int64_t to_numeric_date(Instant instant);
[[nodiscard]] Instant from_numeric_date(std::int64_t seconds_since_1970);

/// Reads `"59s"`, `"10m"`, `"12h"`, `"30d"` or `"500ms"`: digits and one unit. The error is a sentence that says what
/// was expected.
[[nodiscard]] std::expected<milliseconds, std::string> parse_duration(std::string_view text);
/// The shortest text that `parse_duration` reads back.
[[nodiscard]] std::string format_duration(milliseconds duration);

/// `2026-11-23 22:47:03 UTC`, for people and listings.
[[nodiscard]] std::string format_instant(Instant instant);
/// `2026-11-23T22:47:03Z` (RFC 3339), for `--json`.
[[nodiscard]] std::string format_rfc3339(Instant instant);

}  // namespace chatelaine
