#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// What a command is: data from which parsing, `--help` and docs/operators/command-line.md come, and a function that
/// runs it. One file a group of commands; CLI11 itself stays in parse.cpp.
namespace chatelaine::app {

/// What an argument takes, and how often it may or must stand.
enum class ArgumentKind : std::uint8_t {
  positional,           ///< `EMAIL`
  optional_positional,  ///< `[DIR]`
  positionals,          ///< `KEY=VALUE…`, any number
  value,                ///< `--issuer URL`
  required_value,       ///< as above, and must be there
  values,               ///< `--redirect-uri URI`, any number of times
  flag,                 ///< `--now`
};

struct Argument {
  ArgumentKind kind;
  std::string_view name;
  /// What stands for the value in a help text; empty for positionals and flags.
  std::string_view placeholder;
  std::string_view sentence;
};

/// What was given on the command line.
class Arguments {
 public:
  void add(std::string_view name, std::vector<std::string> values) { values_.emplace(name, std::move(values)); }
  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
  /// The value of an argument that was given once; nothing where it is absent.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  /// The same, or `otherwise`.
  [[nodiscard]] std::string get(std::string_view name, std::string_view otherwise = "") const;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// Where a command reads and writes: the process's own streams, or a test's.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  /// Whether a person sits at `in` and `err`.
  bool is_terminal = false;
  /// Whether what goes to `out` is shown on a terminal, which a stranger's control characters could steer.
  bool is_out_terminal = false;
};

enum class ExitCode : std::uint8_t { done = 0, failed = 1, wrong_usage = 2 };

/// Ends a command with a sentence on stderr: exit code 1. A command is a list of steps that any of can end it, and
/// nothing has to go on after it; so this is an exception and not a value.
class CommandFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// The same for wrong usage or configuration: exit code 2.
class WrongUsage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Command {
  std::string_view name;
  /// What for.
  std::string_view sentence;
  std::string_view example;
  /// What stands on stdout.
  std::string_view prints;
  std::vector<Argument> arguments;
  ExitCode (*run)(const Arguments&, Console&);
};

/// `chatelaine NAME COMMAND`; a group of one command of the same name is `chatelaine NAME`.
struct CommandGroup {
  std::string_view name;
  std::string_view sentence;
  std::span<const Command> commands;

  [[nodiscard]] bool is_single() const { return commands.size() == 1 && commands.front().name == name; }
};

[[nodiscard]] CommandGroup init_commands();
[[nodiscard]] CommandGroup expose_commands();
[[nodiscard]] CommandGroup serve_commands();
[[nodiscard]] CommandGroup host_commands();
[[nodiscard]] CommandGroup doctor_commands();
[[nodiscard]] CommandGroup rehearse_commands();
[[nodiscard]] CommandGroup user_commands();
[[nodiscard]] CommandGroup client_commands();
[[nodiscard]] CommandGroup registration_token_commands();
[[nodiscard]] CommandGroup grant_commands();
[[nodiscard]] CommandGroup ledger_commands();
[[nodiscard]] CommandGroup trace_commands();
[[nodiscard]] CommandGroup key_commands();
[[nodiscard]] CommandGroup profile_commands();
[[nodiscard]] CommandGroup plugin_commands();

/// In the order of the help text.
[[nodiscard]] std::vector<CommandGroup> command_groups();

/// Runs what the words (without the program's name) ask for, and says on `console.err` what went wrong.
[[nodiscard]] ExitCode run_command_line(std::span<const std::string> words, Console& console);

/// docs/operators/command-line.md.
[[nodiscard]] std::string render_command_reference();

}  // namespace chatelaine::app
