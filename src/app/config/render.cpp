#include "app/config/render.hpp"

#include <fmt/format.h>

#include <map>

#include "app/config/schema.hpp"

namespace chatelaine::app {
namespace {

std::string write_list(std::string_view value) {
  std::string text;
  for (const auto& element : split_list(value))
    text += fmt::format("{}{}", text.empty() ? "" : ", ", write_string(element));
  return fmt::format("[{}]", text);
}

/// The value as it stands after the `=`.
std::string write_value(const Key& key, std::string_view value) {
  if (std::holds_alternative<TakeBoolean>(key.take) || std::holds_alternative<TakeNumber>(key.take))
    return std::string(value);
  if (std::holds_alternative<TakeList>(key.take)) return write_list(value);
  if (std::holds_alternative<TakeMap>(key.take)) return fmt::format("{{ {} }}", value);
  return write_string(value);
}

/// A sentence as comment lines of at most about 110 characters.
std::string write_comment(std::string_view sentence) {
  constexpr std::size_t kWidth = 110;
  std::string text;
  while (!sentence.empty()) {
    std::size_t end = sentence.size();
    if (end > kWidth) {
      end = sentence.rfind(' ', kWidth);
      if (end == std::string_view::npos) end = sentence.size();
    }
    text += fmt::format("# {}\n", sentence.substr(0, end));
    sentence.remove_prefix(end);
    if (sentence.starts_with(' ')) sentence.remove_prefix(1);
  }
  return text;
}

std::string write_starter_key(const Key& key, const std::map<std::string, std::string>& set) {
  std::string comment(key.sentence);
  if (!key.default_note.empty()) comment += fmt::format(" Default: {}.", key.default_note);
  std::string text = write_comment(comment);
  const auto found = set.find(key.path());
  if (found != set.end()) return text + fmt::format("{} = {}\n", key.name, write_value(key, found->second));
  const std::string_view shown = key.default_value.empty() ? key.example : key.default_value;
  return text + fmt::format("# {} = {}\n", key.name, write_value(key, shown));
}

bool has_value_in(std::string_view table, const std::map<std::string, std::string>& set) {
  for (const auto& [path, value] : set)
    if (path.starts_with(fmt::format("{}.", table))) return true;
  return false;
}

std::string table_header(const Table& table) {
  return table.shape == Table::Shape::repeated ? fmt::format("[[{}]]", table.name) : fmt::format("[{}]", table.name);
}

/// Text inside a cell of a Markdown table.
std::string write_cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string write_reference_rows(std::string_view table) {
  std::string rows = "| key | value | default | |\n|---|---|---|---|\n";
  for (const Key& key : configuration_keys()) {
    if (key.table != table) continue;
    const std::string default_text = key.default_value.empty()
                                         ? std::string(key.default_note)
                                         : fmt::format("`{}`", write_value(key, key.default_value));
    std::string sentence(key.sentence);
    if (!key.example.empty()) sentence += fmt::format(" Example: `{}`.", write_value(key, key.example));
    rows += fmt::format("| `{}` | {} | {} | {} |\n", key.name, write_cell(key.shape), write_cell(default_text),
                        write_cell(sentence));
  }
  return rows;
}

}  // namespace

std::string write_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string render_starter_file(const StarterValues& values) {
  std::map<std::string, std::string> set{
      {"issuer", values.issuer}, {"listen", values.listen}, {"storage", "sqlite:chatelaine.db"}};
  if (!values.upstream.empty()) set.emplace("api.upstream", values.upstream);
  if (!values.openapi.empty()) set.emplace("api.openapi", values.openapi);
  if (!values.name.empty()) set.emplace("plugin.name_for_human", values.name);

  std::string text =
      "# Chatelaine's configuration. A commented line shows a key's default, or an example where there is none.\n"
      "# `kill -HUP` makes a running server read this file again. Durations: 500ms, 59s, 10m, 12h, 30d.\n";
  for (const Key& key : configuration_keys())
    if (key.table.empty()) text += "\n" + write_starter_key(key, set);
  for (const Table& table : configuration_tables()) {
    const bool is_live = has_value_in(table.name, set);
    text += fmt::format("\n\n{}{}{}\n", write_comment(table.sentence), is_live ? "" : "# ", table_header(table));
    for (const Key& key : configuration_keys())
      if (key.table == table.name) text += "\n" + write_starter_key(key, set);
  }
  return text;
}

std::string render_configuration_reference() {
  std::string text =
      "# chatelaine.toml\n\n"
      "<!-- Written from src/app/config/schema.cpp; a test compares. -->\n\n"
      "Every command reads `./chatelaine.toml`, else `/etc/chatelaine/chatelaine.toml`, or the file that `--config` "
      "names. `issuer`, `listen` and\n`storage` are enough for `chatelaine serve`; `[host]` with `url` alone is enough "
      "for "
      "`chatelaine host` and `chatelaine plugin`.\nAn unknown key or a wrong value stops the start and says file, "
      "line, key "
      "and what was expected. `SIGHUP` makes a running server\nread the file again, and what it says counts at once: "
      "the certificate too, and each `[[resource]]` that was added, removed, renamed or changed.\nA change of one of "
      "these has the new file refused as a whole, with a line in the log, and needs a restart: `issuer`, `listen`, "
      "`storage`,\n`trusted_proxies`, the file names of `[tls]`, `[api] resource` (with the aliases that its "
      "`[[resource]]` gives it), `upstream` and `timeout`,\n`[mcp] enabled`, `[keys] algorithms`, `[sessions]`, "
      "`[limits] password_threads` and `password_queue`, `[paths] prefix`, `[fetch] ca_file`; at the host `[host]`.\n\n"
      "Durations are digits and a unit: `\"500ms\"`, `\"59s\"`, `\"10m\"`, `\"12h\"`, `\"30d\"`. Relative files are "
      "seen "
      "from the directory of the file.\n\n"
      "## The master key\n\n"
      "Private keys, client secrets and users' tokens are sealed with one key, which is not in this file and not in "
      "the "
      "database. It is looked for\nin `CHATELAINE_MASTER_KEY` (its text, `ctl_mk_…`), in the file that "
      "`CHATELAINE_MASTER_KEY_FILE` names, in\n`$CREDENTIALS_DIRECTORY/chatelaine-master-key` (systemd's "
      "`LoadCredential=`), and in `chatelaine.key` beside the configuration, which is\nmade at first use with mode "
      "0600. "
      "Keep a copy apart from the database's: without it nothing sealed can be read again.\n\n"
      "`CHATELAINE_LOG` sets how much is logged to stderr: `debug`, `info` (the default), `warning` or `error`.\n"
      "No secret stands in it at any of them: what has the form of a token is shown by its length, and an address "
      "without "
      "what its\nquery says.\n\n"
      "## Top\n\n";
  text += write_reference_rows("");
  for (const Table& table : configuration_tables())
    text += fmt::format("\n## {}\n\n{}\n\n{}", table_header(table), table.sentence, write_reference_rows(table.name));
  return text;
}

}  // namespace chatelaine::app
