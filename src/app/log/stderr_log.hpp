#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.hpp"

namespace chatelaine::app {

/// `debug`, `info`, `warning` or `error`; the error is a sentence.
[[nodiscard]] std::expected<Log::Level, std::string> parse_log_level(std::string_view text);

/// Writes one line an event to stderr: `2026-11-23T22:47:03.120Z info Signed in user=ada@example.com`. What is below
/// `least` is left out.
class StderrLog final : public Log {
 public:
  explicit StderrLog(Level least);
  ~StderrLog() override;
  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What stands behind the time in a line, for tests. Of each value what may be told (oauth::show_text).
[[nodiscard]] std::string format_event(std::string_view event, std::initializer_list<Log::Field> fields);

}  // namespace chatelaine::app
