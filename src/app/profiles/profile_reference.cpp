#include <fmt/format.h>

#include "app/profiles/profile_file.hpp"
#include "app/profiles/profile_schema.hpp"

namespace chatelaine::app {
namespace {

std::string describe(const ProfileKey& key) {
  switch (key.presence) {
    case Presence::required:
      return "needed";
    case Presence::optional:
      return "";
    case Presence::fact:
      return key.where == nullptr ? "fact" : fmt::format("fact where {}", key.where->text);
  }
  return "";
}

std::string write_rows(std::string_view table) {
  std::string rows = "| key | value | | |\n|---|---|---|---|\n";
  for (const ProfileKey& key : profile_keys())
    if (key.table == table)
      rows += fmt::format("| `{}` | {} | {} | {} |\n", key.name, key.shape, describe(key), key.sentence);
  return rows;
}

std::string write_header(const ProfileTable& table) {
  return table.shape == ProfileTable::Shape::repeated ? fmt::format("[[{}]]", table.name)
                                                      : fmt::format("[{}]", table.name);
}

}  // namespace

std::string render_profile_reference() {
  std::string text =
      "# Profiles of assistants\n\n"
      "<!-- Written from src/app/profiles; a test compares. -->\n\n"
      "What is known of each assistant is data, since it drifts: a file each, with the place and the day where it was "
      "read. Those of `profiles/` are\nbuilt in. `[profiles] directory` of chatelaine.toml names a directory with "
      "more: `NAME.toml` there replaces the built-in profile NAME, or adds\none, and needs no new release. "
      "`profile show NAME --toml` prints a file to begin with. Names of files that begin with a dot, and other files, "
      "are left alone.\n\n"
      "`chatelaine profile list` and `profile show NAME` say what is known, from where, and which file it comes from; "
      "`chatelaine client add NAME\n--assistant PROFILE` registers a client that fits. Each command reads the files "
      "anew. An unknown key or a wrong value ends it with file, line, key\nand what was expected.\n\n"
      "A profile's name is that of its file: small letters, digits and `-`. What is *needed* must be there. A *fact* "
      "is given, or named in `unknown`: nothing is\nguessed. Above all tables:\n\n";
  text += write_rows("");
  for (const ProfileTable& table : profile_tables()) {
    text += fmt::format("\n## {}\n\n{}\n", write_header(table), table.sentence);
    if (table.shape != ProfileTable::Shape::needs && table.shape != ProfileTable::Shape::request)
      text += "\n" + write_rows(table.name);
  }
  return text;
}

}  // namespace chatelaine::app
