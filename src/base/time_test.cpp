#include "base/time.hpp"

#include <gtest/gtest.h>

namespace chatelaine {
namespace {

TEST(DurationTest, ReadsDigitsAndOneUnit) {
  EXPECT_EQ(parse_duration("59s"), seconds(59));
  EXPECT_EQ(parse_duration("10m"), std::chrono::minutes(10));
  EXPECT_EQ(parse_duration("12h"), std::chrono::hours(12));
  EXPECT_EQ(parse_duration("30d"), std::chrono::days(30));
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
  EXPECT_EQ(parse_duration("36500d"), std::chrono::days(36500));
}

TEST(DurationTest, RefusesEverythingElseWithASentence) {
  for (const std::string_view bad : {"", "59", "s", "-1s", "+1s", "1.5h", "1h30m", " 1s", "1s ", "1 s", "1S", "1w",
                                     "36501d", "99999999999999999999s", "9223372036854775807d", "0x1s"}) {
    const auto duration = parse_duration(bad);
    ASSERT_FALSE(duration) << bad;
    EXPECT_NE(duration.error().find('"' + std::string(bad) + '"'), std::string::npos) << duration.error();
  }
}

TEST(DurationTest, TheShortestTextReadsBack) {
  for (const std::string_view text : {"0s", "1ms", "1500ms", "59s", "90s", "1m", "90m", "1h", "36h", "1d", "30d"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
  EXPECT_EQ(format_duration(std::chrono::minutes(60)), "1h");
}

TEST(NumericDateTest, Rfc7519Section2RoundsDown) {
  EXPECT_EQ(to_numeric_date(Instant{milliseconds(1999)}), 1);
  EXPECT_EQ(to_numeric_date(Instant{milliseconds(-1)}), -1);
  EXPECT_EQ(from_numeric_date(2), Instant{milliseconds(2000)});
}

TEST(InstantTest, IsWrittenInUtc) {
  const Instant instant = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours(22) +
                          std::chrono::minutes(47) + milliseconds(3999);
  EXPECT_EQ(format_instant(instant), "2026-11-23 22:47:03 UTC");
  EXPECT_EQ(format_rfc3339(instant), "2026-11-23T22:47:03Z");
}

}  // namespace
}  // namespace chatelaine
