#include "app/wiring/signals.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <array>

namespace chatelaine::app {

namespace {
constexpr std::array kWaitedFor = {SIGTERM, SIGINT, SIGHUP};
}  // namespace

Signals::Signals() {
  sigemptyset(&waited_for_);
  for (const int signal : kWaitedFor) sigaddset(&waited_for_, signal);
  pthread_sigmask(SIG_BLOCK, &waited_for_, &before_);
  std::signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

SignalEvent Signals::wait() const {
  int signal = 0;
  // EINTR and the like leave `signal` at 0.
  while (signal == 0) static_cast<void>(sigwait(&waited_for_, &signal));
  return signal == SIGHUP ? SignalEvent::reload : SignalEvent::stop;
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace chatelaine::app
