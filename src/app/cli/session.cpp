#include "app/cli/session.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <charconv>
#include <istream>
#include <ostream>

#include "app/config/read.hpp"

namespace chatelaine::app {
namespace {

/// Turns a terminal's echo off for as long as it lives.
class SilentTerminal {
 public:
  SilentTerminal() : is_changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_changed_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    if (is_changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

 private:
  termios before_{};
  bool is_changed_;
};

Session open(const Arguments& arguments, Side side) {
  Configuration configuration = load_configuration(arguments);
  if (side == Side::provider && !configuration.provider)
    throw WrongUsage(fmt::format("{} has no issuer: this command works on the provider", configuration.file.string()));
  if (side == Side::host && !configuration.host)
    throw WrongUsage(fmt::format("{} has no [host]: this command works on the host", configuration.file.string()));
  return {std::move(configuration), side};
}

}  // namespace

Configuration load_configuration(const Arguments& arguments) {
  const auto file = find_configuration_file(arguments.find("--config"));
  if (!file)
    throw WrongUsage(
        "there is no chatelaine.toml here or in /etc/chatelaine; name one with --config, or make one with `chatelaine "
        "init`");
  return take_configuration(read_configuration(*file));
}

Configuration take_configuration(ConfigurationResult read) {
  if (read) return std::move(*read);
  refuse_files(read.error());
}

void refuse_files(const std::vector<ConfigurationFault>& faults) {
  std::string text;
  for (const ConfigurationFault& fault : faults) text += (text.empty() ? "" : "\n") + fault.to_string();
  throw WrongUsage(text);
}

Side find_side(const Arguments& arguments, const Configuration& configuration) {
  if (arguments.has("--host")) return Side::host;
  return configuration.provider ? Side::provider : Side::host;
}

Session::Session(Configuration configuration, Side side)
    : configuration_(std::move(configuration)),
      side_(side),
      foundation_(
          std::make_unique<Foundation>(configuration_.file.parent_path(), database_of(configuration_, side), log_)) {}

Session open_provider(const Arguments& arguments) { return open(arguments, Side::provider); }
Session open_host(const Arguments& arguments) { return open(arguments, Side::host); }
Session open_side(const Arguments& arguments) {
  return open(arguments, find_side(arguments, load_configuration(arguments)));
}

std::uint32_t read_most(std::string_view text) {
  std::uint32_t most = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), most);
  if (error != std::errc() || end != text.data() + text.size() || most == 0)
    throw WrongUsage(fmt::format("--most takes a number from 1 on, not \"{}\"", text));
  return most;
}

bool wants_json(const Arguments& arguments) { return arguments.has("--json"); }

void print_json(Console& console, const json::value& value) {
  console.out << json::serialize(value) << '\n' << std::flush;
}

SecretBytes read_secret_line(Console& console) {
  std::string line;
  if (!std::getline(console.in, line) && line.empty())
    throw WrongUsage("stdin ended before a line came; write the secret there, followed by a line break");
  if (line.ends_with('\r')) line.pop_back();
  SecretBytes secret(line);
  wipe(line.data(), line.size());
  return secret;
}

SecretBytes ask_for_secret(Console& console, std::string_view prompt) {
  console.err << prompt << std::flush;
  SecretBytes secret = [&] {
    const SilentTerminal silence;
    return read_secret_line(console);
  }();
  console.err << '\n' << std::flush;
  return secret;
}

}  // namespace chatelaine::app
