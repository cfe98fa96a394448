#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/flight.hpp"

namespace chatelaine {

/// Where the program tells its operator what happened. Values are data: the sink escapes control characters, so that no
/// value can start a line or colour a terminal (THREATS N34). Never pass a secret, a token, a code or a whole query.
class Log {
 public:
  enum class Level { debug, info, warning, error };
  struct Field {
    std::string_view name;
    std::string value;
  };

  virtual ~Log() = default;
  /// `event` is a fixed sentence that one can search for; `fields` say of whom and what. Thread-safe.
  virtual void write(Level level, std::string_view event, std::initializer_list<Field> fields) = 0;

  /// A step of a flow that has been answered. Thread-safe; waits for nobody. A log that keeps no flights drops it.
  virtual void record(FlightRecord flight) { static_cast<void>(flight); }  // NOLINT: who keeps it takes it over

  void debug(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::debug, event, fields); }
  void info(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::info, event, fields); }
  void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::error, event, fields); }
};

/// Says nothing: for commands and tests.
class SilentLog final : public Log {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

}  // namespace chatelaine
