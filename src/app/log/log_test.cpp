#include <gtest/gtest.h>

#include "app/log/escape.hpp"
#include "app/log/stderr_log.hpp"

namespace chatelaine::app {
namespace {

struct Row {
  std::string_view name;
  std::string_view value;
  std::string_view expected;
};

TEST(LogValue, CannotForgeALine) {
  using namespace std::string_view_literals;
  const Row rows[] = {
      {"a plain value stays as it is", "ada@example.com", "ada@example.com"},
      {"an empty value is visible", "", "\"\""},
      {"blanks are quoted", "Todo Helper", "\"Todo Helper\""},
      {"an equals sign cannot begin another field", "a=b", "\"a=b\""},
      {"a quote is escaped", "a\"b", "\"a\\\"b\""},
      {"a backslash is escaped", "a\\n", "\"a\\\\n\""},
      {"a line break cannot begin a line", "x\n2026 info Forged", "\"x\\n2026 info Forged\""},
      {"a carriage return cannot overwrite a line", "x\ry", "\"x\\ry\""},
      {"an ANSI sequence cannot colour a terminal", "\x1b[31mred", "\"\\x1b[31mred\""},
      {"a NUL does not end the value", "a\0b"sv, "\"a\\x00b\""},
      {"a C1 control (CSI as one character) is escaped",
       "\xc2\x9b"
       "31m",
       "\"\\x9b31m\""},
      {"a direction override is escaped",
       "\xe2\x80\xae"
       "gpj.exe",
       "\"\\u202egpj.exe\""},
      {"a line separator is escaped",
       "a\xe2\x80\xa8"
       "b",
       "\"a\\u2028b\""},
      {"letters of any language stay", "Zo\xc3\xab", "Zo\xc3\xab"},
      {"broken UTF-8 becomes bytes", "a\xff\xc3", "\"a\\xff\\xc3\""},
      {"an overlong form is broken UTF-8", "\xc0\x8a", "\"\\xc0\\x8a\""},
      {"a surrogate is broken UTF-8", "\xed\xa0\x80", "\"\\xed\\xa0\\x80\""},
  };
  for (const Row& row : rows) EXPECT_EQ(escape_value(row.value), row.expected) << row.name;
}

TEST(LogLine, HoldsEventAndFields) {
  EXPECT_EQ(format_event("Signed in", {{"user", "ada"}, {"name", "Ada L"}}), "Signed in user=ada name=\"Ada L\"");
}

/// THREATS N47: whoever passed it.
TEST(LogLine, HasNoTokensAndNoQueries) {
  EXPECT_EQ(format_event("Refused", {{"path", "/x/ctl_at_abc"}, {"received", "https://a.example/cb?tok=s"}}),
            "Refused path=\"/x/(10 characters)\" received=https://a.example/cb?…");
}

TEST(LogLine, HasTimeLevelAndEventAndLeavesOutWhatIsBelow) {
  testing::internal::CaptureStderr();
  {
    StderrLog log(Log::Level::info);
    log.debug("Unheard");
    log.warning("Heard {}", {{"what", "{}"}});
  }
  const std::string lines = testing::internal::GetCapturedStderr();
  EXPECT_EQ(lines.find("Unheard"), std::string::npos);
  EXPECT_EQ(lines.substr(lines.find(' ')), " warning Heard {} what={}\n");
}

TEST(LogLevel, IsOneOfFour) {
  EXPECT_EQ(parse_log_level("").value(), Log::Level::info);
  EXPECT_EQ(parse_log_level("error").value(), Log::Level::error);
  EXPECT_EQ(parse_log_level("loud").error(), "CHATELAINE_LOG must be debug, info, warning or error, not loud");
}

}  // namespace
}  // namespace chatelaine::app
