#include "app/cli/profile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "base/contains.hpp"

namespace chatelaine::app {
namespace {

KnownProfiles load_profiles(const std::filesystem::path& directory) {
  auto loaded = KnownProfiles::load(directory);
  if (loaded) return std::move(*loaded);
  refuse_files(loaded.error());
}

std::string describe_place(const KnownProfile& known) { return known.file.empty() ? "built in" : known.file.string(); }

json::object to_json(const KnownProfile& known) {
  json::object object = oauth::to_json(known.profile);
  object["loaded_from"] = describe_place(known);
  return object;
}

/// A list as its elements, a number as the seconds that it counts; what is neither of these, a text or a flag as JSON.
std::string describe_value(const json::value& value) {
  const json::string* text = value.if_string();
  if (text != nullptr && text->find_first_not_of(" ") != json::string::npos) return std::string(*text);
  if (const std::int64_t* count = value.if_int64()) return fmt::format("{} s", *count);
  if (value.is_null()) return "not known";
  if (value.is_bool()) return value.as_bool() ? "yes" : "no";
  const json::array* list = value.if_array();
  if (list == nullptr) return json::serialize(value);
  std::string elements;
  for (const json::value& element : *list) elements += (elements.empty() ? "" : ", ") + describe_value(element);
  return elements;
}

ExitCode list(const Arguments& arguments, Console& console) {
  const KnownProfiles profiles = load_profiles(find_profiles_directory(arguments));
  if (wants_json(arguments)) {
    json::array rows;
    for (const auto& [name, known] : profiles.all()) rows.push_back(to_json(known));
    print_json(console, rows);
    return ExitCode::done;
  }
  TextTable table({"PROFILE", "ALIASES", "TITLE", "GENERATION", "PKCE", "READ ON", "LOADED FROM"});
  for (const auto& [name, known] : profiles.all()) {
    const json::object row = to_json(known);
    table.add({name, describe_value(row.at("aliases")), known.profile.title, describe_value(row.at("generation")),
               std::string(to_string(known.profile.pkce)), describe_value(row.at("read_on")), describe_place(known)});
  }
  table.print(console.out);
  return ExitCode::done;
}

void add_redirect(TextTable& table, const oauth::AssistantRedirect& redirect, const json::value& shown) {
  table.add({"redirect", redirect.note.empty() ? redirect.uri.text()
                                               : fmt::format("{}  ({})", redirect.uri.text(), redirect.note)});
  for (const char* name : {"metadata_document", "parameters", "state"})
    if (!shown.at(name).is_null()) table.add({fmt::format("redirect.{}", name), describe_value(shown.at(name))});
}

/// What is neither there nor said to be unknown is nothing that this assistant has.
void add_members(TextTable& table, std::string_view name, const json::object& members, const KnownProfile& known) {
  for (const auto& member : members) {
    const std::string key = fmt::format("{}.{}", name, std::string_view(member.key()));
    if (!member.value().is_null() || contains(known.profile.unknown, key))
      table.add({key, describe_value(member.value())});
  }
}

void print_table(Console& console, const KnownProfile& known, const json::object& shown) {
  TextTable table({"profile", known.profile.name});
  for (const char* name : {"title", "aliases", "generation", "registration"})
    table.add({name, describe_value(shown.at(name))});
  if (!known.profile.metadata_document.empty()) table.add({"metadata_document", known.profile.metadata_document});
  for (const char* name : {"user_agent", "discovery"}) table.add({name, describe_value(shown.at(name))});
  if (!known.profile.discovery_version.empty()) table.add({"discovery_version", known.profile.discovery_version});
  for (std::size_t i = 0; i < known.profile.redirects.size(); ++i)
    add_redirect(table, known.profile.redirects[i], shown.at("redirect").at(i));
  if (contains(known.profile.unknown, "registration_request")) table.add({"registration_request", "not known"});
  for (const char* name : {"registration_request", "authorization", "token", "metadata", "preferred_metadata"})
    if (const json::object* members = shown.at(name).if_object(); members != nullptr)
      add_members(table, name, *members, known);
  for (const std::string& note : known.profile.notes) table.add({"note", note});
  for (const std::string& source : known.profile.sources) table.add({"source", source});
  for (const char* name : {"read_on", "unknown", "loaded_from"}) table.add({name, describe_value(shown.at(name))});
  table.print(console.out);
}

/// Whether one of the faults is of the operator's own file of this profile. An empty one is what a shell has just made
/// for what is going to be printed.
bool are_of_own_file(const std::vector<ConfigurationFault>& faults, std::string_view name) {
  return std::ranges::any_of(faults, [&](const ConfigurationFault& fault) {
    std::error_code unknown;
    const auto size = std::filesystem::file_size(fault.file, unknown);
    return fault.file.stem().string() == name && (unknown || size > 0);
  });
}

/// A built-in profile is printed also where others have faults: it is what the file with the fault may begin with.
ExitCode show_file(const std::filesystem::path& directory, std::string_view name, Console& console) {
  const auto loaded = KnownProfiles::load(directory);
  if (!loaded) {
    const KnownProfiles built_in = load_profiles({});
    const KnownProfile* const found = built_in.find(name);
    if (found == nullptr || are_of_own_file(loaded.error(), found->profile.name)) refuse_files(loaded.error());
    console.out << found->text;
    return ExitCode::done;
  }
  console.out << find_profile(directory, name).text;
  return ExitCode::done;
}

ExitCode show(const Arguments& arguments, Console& console) {
  const std::filesystem::path directory = find_profiles_directory(arguments);
  const std::string name = arguments.get("PROFILE");
  if (arguments.has("--toml")) return show_file(directory, name, console);
  const KnownProfile known = find_profile(directory, name);
  const json::object shown = to_json(known);
  if (wants_json(arguments))
    print_json(console, shown);
  else
    print_table(console, known, shown);
  return ExitCode::done;
}

const std::array kCommands = {
    Command{"list",
            "Lists the profiles: those that are built in, and those of `[profiles] directory`.",
            "chatelaine profile list",
            "a table; as JSON a list of {\"name\",\"title\",\"aliases\",\"generation\",\"registration\","
            "\"metadata_document\",\"user_agent\",\"discovery\",\"discovery_version\",\"redirect\":[{\"template\","
            "\"example\",\"note\","
            "\"metadata_document\",\"parameters\",\"state\"}],\"registration_request\",\"authorization\",\"token\","
            "\"metadata\",\"preferred_metadata\",\"notes\",\"sources\",\"read_on\",\"unknown\",\"loaded_from\"}, "
            "named as in the files (docs/operators/profiles.md); times in seconds; null is what `unknown` names, and "
            "what there is none of; `loaded_from` is a file, or \"built in\".",
            {},
            list},
    Command{"show",
            "Shows what is known of an assistant, where and when that was read, and which file it comes from.",
            "chatelaine profile show gpt-action",
            "a table; as JSON the profile as in `profile list`.",
            {{ArgumentKind::positional, "PROFILE", "", "Its name, or an alias"},
             {ArgumentKind::flag, "--toml", "",
              "Print its file as it is instead: what a file of `[profiles] directory` can begin with"}},
            show},
};

}  // namespace

std::filesystem::path find_profiles_directory(const Arguments& arguments) {
  if (!find_configuration_file(arguments.find("--config"))) return {};
  return load_configuration(arguments).profiles_directory;
}

KnownProfile find_profile(const std::filesystem::path& directory, std::string_view name) {
  const KnownProfiles profiles = load_profiles(directory);
  const KnownProfile* found = profiles.find(name);
  if (found != nullptr) return *found;
  std::vector<std::string_view> names;
  for (const auto& [known_name, known] : profiles.all()) names.push_back(known_name);
  throw WrongUsage(fmt::format("there is no profile \"{}\"; there are {}", name, fmt::join(names, ", ")));
}

CommandGroup profile_commands() { return {"profile", "What is known of the assistants that connect.", kCommands}; }

}  // namespace chatelaine::app
