#pragma once

#include <csignal>
#include <cstdint>

namespace chatelaine::app {

enum class SignalEvent : std::uint8_t { stop, reload };

/// Keeps SIGTERM, SIGINT and SIGHUP from every thread that is started while it lives, so that one thread can wait for
/// them; ignores SIGPIPE.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The next one.
  [[nodiscard]] SignalEvent wait() const;

 private:
  sigset_t waited_for_{};
  sigset_t before_{};
};

/// Raises the soft limit of open files to the hard one: a connection is a file.
void raise_file_limit();

}  // namespace chatelaine::app
