#include "app/log/stderr_log.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "app/log/escape.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::app {
namespace {

spdlog::level::level_enum to_spdlog(Log::Level level) {
  switch (level) {
    case Log::Level::debug:
      return spdlog::level::debug;
    case Log::Level::info:
      return spdlog::level::info;
    case Log::Level::warning:
      return spdlog::level::warn;
    case Log::Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

struct StderrLog::State {
  spdlog::logger logger{"chatelaine", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

std::expected<Log::Level, std::string> parse_log_level(std::string_view text) {
  if (text == "debug") return Log::Level::debug;
  if (text.empty() || text == "info") return Log::Level::info;
  if (text == "warning") return Log::Level::warning;
  if (text == "error") return Log::Level::error;
  return std::unexpected(
      fmt::format("CHATELAINE_LOG must be debug, info, warning or error, not {}", escape_value(text)));
}

StderrLog::StderrLog(Level least) : state_(std::make_unique<State>()) {
  state_->logger.set_formatter(
      std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
  state_->logger.set_level(to_spdlog(least));
}
StderrLog::~StderrLog() = default;

void StderrLog::write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  const auto spdlog_level = to_spdlog(level);
  if (!state_->logger.should_log(spdlog_level)) return;
  const std::string line = format_event(event, fields);
  state_->logger.log(spdlog_level, spdlog::string_view_t(line.data(), line.size()));
}

std::string format_event(std::string_view event, std::initializer_list<Log::Field> fields) {
  std::string line = escape_controls(event);
  // THREATS N47: also where somebody passed what a stranger had put into an address.
  for (const Log::Field& field : fields)
    line += fmt::format(" {}={}", field.name, escape_value(oauth::show_text(field.value)));
  return line;
}

}  // namespace chatelaine::app
