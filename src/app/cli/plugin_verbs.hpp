#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/cli/session.hpp"
#include "host/context.hpp"
#include "host/host_error.hpp"

namespace chatelaine::app {

/// The host as a command works with it.
class HostSession {
 public:
  explicit HostSession(const Arguments& arguments);
  [[nodiscard]] const host::HostContext& context() const { return context_; }

 private:
  Session session_;
  SilentLog log_;
  net::Fetcher fetcher_;
  host::HostContext context_;
};

/// What a verb gave, or the end of the command with its sentence and every finding.
[[noreturn]] void fail_with(const host::HostError& error);
template <class T>
T take_or_fail(host::Outcome<T> outcome) {
  if (!outcome) fail_with(outcome.error());
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

/// `[{"path","code","message","expected"}]`.
[[nodiscard]] json::array to_json(const std::vector<host::Finding>& findings);
/// A line each, on stderr: warnings do not belong to what is printed.
void print_warnings(Console& console, const std::vector<host::Finding>& warnings);

[[nodiscard]] ExitCode check_plugin(const Arguments& arguments, Console& console);
[[nodiscard]] ExitCode install_plugin(const Arguments& arguments, Console& console);

}  // namespace chatelaine::app
