// The one file that includes CLI11: it is slow to compile.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/config/configuration_error.hpp"
#include "app/version.hpp"
#include "base/base64url.hpp"

namespace chatelaine::app {
namespace {

constexpr std::string_view kConfig = "--config";
constexpr std::string_view kJson = "--json";

/// A kid is 43 characters of base64url (RFC 7638) and may begin with dashes, for which CLI11 would take it for an
/// option. No option of ours is that long, so such a word gets a mark in front, which is taken off again afterwards.
constexpr char kMark = '\x1f';
bool is_key_id_with_dash(std::string_view word) {
  return word.size() == 43 && word.starts_with('-') && base64url_decode(word).has_value();
}
std::vector<std::string> mark_key_ids(std::span<const std::string> words) {
  std::vector<std::string> marked(words.begin(), words.end());
  for (std::string& word : marked)
    if (is_key_id_with_dash(word)) word.insert(0, 1, kMark);
  return marked;
}
std::vector<std::string> without_marks(std::vector<std::string> values) {
  for (std::string& value : values)
    if (value.starts_with(kMark)) value.erase(0, 1);
  return values;
}

/// A command beside its parser.
struct Leaf {
  const Command* command;
  CLI::App* parser;
  std::vector<std::pair<std::string_view, CLI::Option*>> options;
};

CLI::Option* add_argument(CLI::App& parser, const Argument& argument) {
  const std::string name(argument.name);
  const std::string sentence(argument.sentence);
  const std::string placeholder(argument.placeholder);
  switch (argument.kind) {
    case ArgumentKind::positional:
      return parser.add_option(name, sentence)->required()->type_name("");
    case ArgumentKind::optional_positional:
      return parser.add_option(name, sentence)->type_name("");
    case ArgumentKind::positionals:
      // Without a vector bound to it, CLI11 takes not even a first word for an option that may have none.
      return parser.add_option(name, sentence)
          ->expected(0, CLI::detail::expected_max_vector_size)
          ->allow_extra_args()
          ->type_name("");
    case ArgumentKind::value:
      return parser.add_option(name, sentence)->type_name(placeholder);
    case ArgumentKind::required_value:
      return parser.add_option(name, sentence)->required()->type_name(placeholder);
    case ArgumentKind::values:
      return parser.add_option(name, sentence)
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
          ->type_name(placeholder);
    case ArgumentKind::flag:
      return parser.add_flag(name, sentence);
  }
  return nullptr;
}

CLI::Option* add_config(CLI::App& parser) {
  return parser
      .add_option(std::string(kConfig),
                  "The configuration; else ./chatelaine.toml, then /etc/chatelaine/chatelaine.toml")
      ->type_name("FILE");
}
CLI::Option* add_json(CLI::App& parser) {
  // A temporary would be taken for the variable that the flag fills.
  const std::string sentence = "Print one line of JSON for scripts";
  return parser.add_flag(std::string(kJson), sentence);
}

class Parser {
 public:
  Parser() : root_("Lets AI assistants act for an API's users without ever seeing their passwords.", "chatelaine") {
    root_.require_subcommand(1);
    root_.set_version_flag("--version", fmt::format("chatelaine {}", kVersion));
    root_config_ = add_config(root_);
    root_json_ = add_json(root_);
    groups_ = command_groups();
    for (const CommandGroup& group : groups_) add_group(group);
  }

  [[nodiscard]] CLI::App& root() { return root_; }

  [[nodiscard]] const Leaf* chosen() const {
    const auto found = std::ranges::find_if(leaves_, [](const Leaf& leaf) { return leaf.parser->parsed(); });
    return found == leaves_.end() ? nullptr : &*found;
  }

  [[nodiscard]] Arguments arguments_of(const Leaf& leaf) const {
    Arguments arguments;
    for (const auto& [name, option] : leaf.options)
      if (option->count() > 0) arguments.add(name, without_marks(option->results()));
    if (root_config_->count() > 0 && !arguments.has(kConfig)) arguments.add(kConfig, root_config_->results());
    if (root_json_->count() > 0 && !arguments.has(kJson)) arguments.add(kJson, {});
    return arguments;
  }

 private:
  void add_group(const CommandGroup& group) {
    if (group.is_single()) return add_leaf(root_, group.commands.front());
    CLI::App* parser = root_.add_subcommand(std::string(group.name), std::string(group.sentence));
    parser->require_subcommand(1)->fallthrough();
    for (const Command& command : group.commands) add_leaf(*parser, command);
  }

  void add_leaf(CLI::App& parent, const Command& command) {
    CLI::App* parser = parent.add_subcommand(std::string(command.name), std::string(command.sentence));
    parser->footer(fmt::format("Prints {}\n\nExample:\n  {}", command.prints, command.example));
    Leaf leaf{&command, parser, {}};
    for (const Argument& argument : command.arguments)
      leaf.options.emplace_back(argument.name, add_argument(*parser, argument));
    leaf.options.emplace_back(kConfig, add_config(*parser));
    leaf.options.emplace_back(kJson, add_json(*parser));
    leaves_.push_back(std::move(leaf));
  }

  CLI::App root_;
  CLI::Option* root_config_ = nullptr;
  CLI::Option* root_json_ = nullptr;
  std::vector<CommandGroup> groups_;
  std::vector<Leaf> leaves_;
};

}  // namespace

ExitCode run_command_line(std::span<const std::string> words, Console& console) {
  Parser parser;
  std::vector<std::string> reversed = mark_key_ids(words);
  // CLI11 takes the words from the back.
  std::ranges::reverse(reversed);
  try {
    parser.root().parse(std::move(reversed));
  } catch (const CLI::CallForVersion&) {
    console.out << fmt::format("chatelaine {}\n", kVersion);
    return ExitCode::done;
  } catch (const CLI::CallForHelp&) {
    console.out << parser.root().help();
    return ExitCode::done;
  } catch (const CLI::ParseError& error) {
    console.err << fmt::format("chatelaine: {}\nTry --help after the command.\n", error.what());
    return ExitCode::wrong_usage;
  }
  const Leaf* leaf = parser.chosen();
  try {
    const ExitCode code = leaf->command->run(parser.arguments_of(*leaf), console);
    // A secret that is printed once must not get lost in a full disk unnoticed.
    if (console.out.flush()) return code;
    console.err << "chatelaine: what was to be printed could not be written to stdout\n";
    return ExitCode::failed;
  } catch (const ConfigurationError& error) {
    console.err << fmt::format("chatelaine: {}\n", error.what());
    return ExitCode::wrong_usage;
  } catch (const WrongUsage& error) {
    console.err << fmt::format("chatelaine: {}\n", error.what());
    return ExitCode::wrong_usage;
  } catch (const std::exception& error) {
    console.err << fmt::format("chatelaine: {}\n", error.what());
    return ExitCode::failed;
  }
}

}  // namespace chatelaine::app
