#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command.hpp"
#include "app/config/configuration.hpp"
#include "app/config/read.hpp"
#include "app/wiring/foundation.hpp"
#include "base/json.hpp"
#include "crypto/password_hash.hpp"

/// What the commands share: finding the configuration, opening a side, asking for secrets, printing.
namespace chatelaine::app {

/// The configuration of `--config` and its defaults. Throws WrongUsage with every fault.
[[nodiscard]] Configuration load_configuration(const Arguments& arguments);

/// What was read, or WrongUsage with every fault.
[[nodiscard]] Configuration take_configuration(ConfigurationResult read);

/// Ends a command whose files are wrong: WrongUsage with every fault.
[[noreturn]] void refuse_files(const std::vector<ConfigurationFault>& faults);

/// Which side's accounts a command means: the host's with `--host`, and where the file has a host alone.
[[nodiscard]] Side find_side(const Arguments& arguments, const Configuration& configuration);

/// A command's own hold of one side; other processes may hold it too.
class Session {
 public:
  Session(Configuration configuration, Side side);
  // The storage refers to the log beside it.
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  [[nodiscard]] Foundation& operator*() { return *foundation_; }
  [[nodiscard]] Foundation* operator->() { return foundation_.get(); }
  [[nodiscard]] const Configuration& configuration() const { return configuration_; }
  [[nodiscard]] Side side() const { return side_; }

 private:
  Configuration configuration_;
  Side side_;
  SilentLog log_;
  std::unique_ptr<Foundation> foundation_;
};

/// Opens the provider's side, or ends the command where the file has none.
[[nodiscard]] Session open_provider(const Arguments& arguments);
[[nodiscard]] Session open_host(const Arguments& arguments);
/// Opens the side that `find_side` gives.
[[nodiscard]] Session open_side(const Arguments& arguments);

/// How many `--most` asks for, from 1 on; else WrongUsage.
[[nodiscard]] std::uint32_t read_most(std::string_view text);
[[nodiscard]] bool wants_json(const Arguments& arguments);
/// One line.
void print_json(Console& console, const json::value& value);

/// The first line of stdin, without its end: how `--password-stdin` and `--client-secret-stdin` are answered.
[[nodiscard]] SecretBytes read_secret_line(Console& console);
/// The same, asked for on a terminal with the echo off.
[[nodiscard]] SecretBytes ask_for_secret(Console& console, std::string_view prompt);

}  // namespace chatelaine::app
