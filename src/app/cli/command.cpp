#include "app/cli/command.hpp"

#include <fmt/format.h>

namespace chatelaine::app {

std::optional<std::string> Arguments::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

std::string Arguments::get(std::string_view name, std::string_view otherwise) const {
  return find(name).value_or(std::string(otherwise));
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::vector<CommandGroup> command_groups() {
  return {init_commands(),  expose_commands(),  serve_commands(),
          host_commands(),  doctor_commands(),  rehearse_commands(),
          user_commands(),  client_commands(),  registration_token_commands(),
          grant_commands(), ledger_commands(),  trace_commands(),
          key_commands(),   profile_commands(), plugin_commands()};
}

namespace {

std::string write_usage(const CommandGroup& group, const Command& command) {
  std::string usage = group.is_single() ? fmt::format("chatelaine {}", group.name)
                                        : fmt::format("chatelaine {} {}", group.name, command.name);
  for (const Argument& argument : command.arguments) {
    switch (argument.kind) {
      case ArgumentKind::positional:
        usage += fmt::format(" {}", argument.name);
        break;
      case ArgumentKind::optional_positional:
        usage += fmt::format(" [{}]", argument.name);
        break;
      case ArgumentKind::positionals:
        usage += fmt::format(" [{}…]", argument.name);
        break;
      case ArgumentKind::value:
        usage += fmt::format(" [{} {}]", argument.name, argument.placeholder);
        break;
      case ArgumentKind::required_value:
        usage += fmt::format(" {} {}", argument.name, argument.placeholder);
        break;
      case ArgumentKind::values:
        usage += fmt::format(" [{} {}]…", argument.name, argument.placeholder);
        break;
      case ArgumentKind::flag:
        usage += fmt::format(" [{}]", argument.name);
        break;
    }
  }
  return usage;
}

}  // namespace

std::string render_command_reference() {
  std::string text =
      "# The command line\n\n"
      "<!-- Written from src/app/cli; a test compares. -->\n\n"
      "Every command takes `--config FILE` (else `./chatelaine.toml`, then `/etc/chatelaine/chatelaine.toml`) and "
      "`--json`, which prints one\nJSON value on one line and nothing else on stdout. Sentences about what went wrong "
      "go to "
      "stderr. Exit codes: 0 done, 1 failed,\n2 wrong usage or configuration. `user`, `client`, `grant` and `key` may "
      "run "
      "while a server runs on the same database: what they\nadd counts at once, what they remove within a second.\n";
  for (const CommandGroup& group : command_groups()) {
    text += fmt::format("\n## chatelaine {}\n\n{}\n", group.name, group.sentence);
    for (const Command& command : group.commands) {
      text += fmt::format("\n```\n{}\n```\n\n", write_usage(group, command));
      if (!group.is_single()) text += fmt::format("{} ", command.sentence);
      text += fmt::format("Prints {}\n", command.prints);
      if (!command.arguments.empty()) text += "\n";
      for (const Argument& argument : command.arguments)
        text += fmt::format("- `{}{}{}`: {}.\n", argument.name, argument.placeholder.empty() ? "" : " ",
                            argument.placeholder, argument.sentence);
    }
  }
  return text;
}

}  // namespace chatelaine::app
