#include <fmt/format.h>

#include <array>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/log/stderr_log.hpp"
#include "app/wiring/host_server.hpp"
#include "app/wiring/master_key.hpp"
#include "app/wiring/provider_server.hpp"
#include "app/wiring/signals.hpp"

namespace chatelaine::app {
namespace {

Log::Level read_log_level() {
  const auto level = parse_log_level(read_process_environment("CHATELAINE_LOG").value_or("info"));
  if (!level) throw WrongUsage(level.error());
  return *level;
}

/// Reads the file again; a broken one is reported and the old settings stay.
template <class Server>
void reload(Server& server, const Arguments& arguments, Log& log) {
  try {
    const auto reloaded = server.reload(load_configuration(arguments));
    if (reloaded)
      log.info("Configuration read again");
    else
      log.error("The new configuration is not used", {{"reason", reloaded.error()}});
  } catch (const std::exception& error) {
    log.error("The new configuration is not used", {{"reason", error.what()}});
  }
}

/// Runs until SIGTERM or SIGINT.
template <class Server>
ExitCode run_until_stopped(const Signals& signals, Server& server, std::string_view url, const Arguments& arguments,
                           Console& console, Log& log) {
  server.start();
  log.info("Started", {{"url", std::string(url)}});
  console.out << fmt::format("ready {}\n", url) << std::flush;
  while (signals.wait() == SignalEvent::reload) reload(server, arguments, log);
  log.info("Stopping");
  server.stop();
  log.info("Stopped");
  return ExitCode::done;
}

ExitCode serve(const Arguments& arguments, Console& console) {
  // Before any thread starts, so that all of them leave the signals to this one.
  const Signals signals;
  StderrLog log(read_log_level());
  const Configuration configuration = load_configuration(arguments);
  if (!configuration.provider)
    throw WrongUsage(fmt::format("{} has no issuer, which `serve` needs", configuration.file.string()));
  raise_file_limit();
  ProviderServer server(configuration, log);
  return run_until_stopped(signals, server, configuration.provider->issuer.text, arguments, console, log);
}

ExitCode host(const Arguments& arguments, Console& console) {
  const Signals signals;
  StderrLog log(read_log_level());
  const Configuration configuration = load_configuration(arguments);
  if (!configuration.host)
    throw WrongUsage(fmt::format("{} has no [host], which `host` needs", configuration.file.string()));
  raise_file_limit();
  HostServer server(configuration, log);
  return run_until_stopped(signals, server, configuration.host->url.text, arguments, console, log);
}

const std::array kServe = {
    Command{"serve",
            "Runs the provider and the gateway in front of the API, until SIGTERM.",
            "chatelaine serve --config /etc/chatelaine/chatelaine.toml",
            "`ready ISSUER` once it answers, and nothing else; the log goes to stderr. SIGHUP reads the configuration "
            "again.",
            {},
            serve},
};
const std::array kHost = {
    Command{"host",
            "Runs the assistant's side: installs plugins and calls them for its users, until SIGTERM.",
            "chatelaine host --config host.toml",
            "`ready URL` once it answers, and nothing else; the log goes to stderr.",
            {},
            host},
};

}  // namespace

CommandGroup serve_commands() {
  return {"serve", "Runs the provider and the gateway in front of the API, until SIGTERM.", kServe};
}
CommandGroup host_commands() {
  return {"host", "Runs the assistant's side: installs plugins and calls them for its users, until SIGTERM.", kHost};
}

}  // namespace chatelaine::app
