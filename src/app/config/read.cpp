#include "app/config/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>

#include "app/config/check.hpp"
#include "app/config/nearest.hpp"
#include "app/config/schema.hpp"
#include "app/config/toml.hpp"
#include "app/config/toml_values.hpp"

namespace chatelaine::app {
namespace {

/// Walks a parsed file along the schema and collects what is wrong.
class Reader {
 public:
  Reader(std::filesystem::path file, ConfigurationDraft& draft) : file_(std::move(file)), draft_(draft) {}

  void read_top(const TomlTable& top) {
    for (const auto& [name, node] : top) {
      const Table* table = find_table(name);
      if (table == nullptr)
        read_key("", name, node);
      else
        read_table(*table, node);
    }
  }

  void take_defaults() {
    for (const Key& key : configuration_keys()) {
      if (key.default_value.empty()) continue;
      if (const auto* take = std::get_if<TakeText>(&key.take)) static_cast<void>((*take)(draft_, key.default_value));
      if (const auto* take = std::get_if<TakeBoolean>(&key.take))
        static_cast<void>((*take)(draft_, key.default_value == "true"));
      if (const auto* take = std::get_if<TakeNumber>(&key.take))
        static_cast<void>((*take)(draft_, std::stoll(std::string(key.default_value))));
      if (const auto* take = std::get_if<TakeList>(&key.take))
        static_cast<void>((*take)(draft_, split_list(key.default_value)));
    }
  }

  [[nodiscard]] GivenKeys& given() { return given_; }
  [[nodiscard]] std::vector<ConfigurationFault>& faults() { return faults_; }

 private:
  static const Table* find_table(std::string_view name) {
    const auto tables = configuration_tables();
    const auto found = std::ranges::find(tables, name, &Table::name);
    return found == tables.end() ? nullptr : &*found;
  }

  void report(const TomlNode& node, std::string key, std::string message) {
    faults_.push_back({file_, node.line, std::move(key), std::move(message)});
  }

  void read_table(const Table& table, const TomlNode& node) {
    given_.tables.emplace(table.name, node.line);
    switch (table.shape) {
      case Table::Shape::once:
        if (!node.is_table())
          return report(node, std::string(table.name),
                        fmt::format("must be a table, [{}], not {}", table.name, describe(node)));
        return read_keys(table, std::get<TomlTable>(node.value));
      case Table::Shape::repeated:
        // An empty list means none.
        if (const auto* list = std::get_if<TomlArray>(&node.value); list != nullptr && list->empty()) return;
        if (!node.is_list_of_tables())
          return report(node, std::string(table.name),
                        fmt::format("must be a list of tables, [[{}]], not {}", table.name, describe(node)));
        for (const TomlNode& element : std::get<TomlArray>(node.value)) read_element(table, element);
    }
  }

  void read_element(const Table& table, const TomlNode& element) {
    if (table.name == "resource") return read_resource(table, element);
    if (table.name == "scope") return read_scope(table, element);
    if (table.name == "user_source") return read_user_source(table, element);
    throw std::logic_error(fmt::format("the schema has a table [[{}]] that nothing reads", table.name));
  }

  void read_resource(const Table& table, const TomlNode& element) {
    draft_.provider.resources.emplace_back();
    Lines& lines = given_.resources.emplace_back();
    const auto& keys = std::get<TomlTable>(element.value);
    for (const auto& [name, node] : keys) lines.emplace(fmt::format("{}.{}", table.name, name), node.line);
    read_keys(table, keys);
    if (!has(keys, "identifier"))
      report(element, "resource.identifier", "is missing: each [[resource]] needs an identifier");
  }

  void read_user_source(const Table& table, const TomlNode& element) {
    draft_.provider.user_sources.emplace_back();
    Lines& lines = given_.user_sources.emplace_back();
    lines.emplace(table.name, element.line);
    const auto& keys = std::get<TomlTable>(element.value);
    for (const auto& [name, node] : keys) lines.emplace(fmt::format("{}.{}", table.name, name), node.line);
    read_keys(table, keys);
    for (const char* needed : {"name", "issuer", "client_id"})
      if (!has(keys, needed))
        report(element, fmt::format("{}.{}", table.name, needed),
               fmt::format("is missing: each [[user_source]] needs it"));
    UserSourceConfiguration& source = draft_.provider.user_sources.back();
    if (source.label.empty()) source.label = source.name;
  }

  void read_scope(const Table& table, const TomlNode& element) {
    draft_.provider.scopes.emplace_back();
    const auto& keys = std::get<TomlTable>(element.value);
    read_keys(table, keys);
    ScopeConfiguration& scope = draft_.provider.scopes.back();
    if (!has(keys, "name")) report(element, "scope.name", "is missing: each [[scope]] needs a name");
    if (scope.description.empty()) scope.description = scope.name;
  }

  static bool has(const TomlTable& keys, std::string_view name) {
    return std::ranges::find(keys, name, &TomlMember::name) != keys.end();
  }

  void read_keys(const Table& table, const TomlTable& keys) {
    for (const auto& [name, node] : keys) read_key(table.name, name, node);
  }

  void read_key(std::string_view table, std::string_view name, const TomlNode& node) {
    const auto keys = configuration_keys();
    const auto key = std::ranges::find_if(keys, [&](const Key& k) { return k.table == table && k.name == name; });
    if (key == keys.end()) {
      const std::string path = table.empty() ? std::string(name) : fmt::format("{}.{}", table, name);
      return report(node, path, fmt::format("is not a key that this file can have{}", suggest_key(table, name)));
    }
    given_.keys.emplace(key->path(), node.line);
    const Taken taken = std::visit([&](auto take) { return take_value(*key, take, node); }, key->take);
    if (!taken) report(node, key->path(), taken.error());
  }

  /// Hands what was read to the key, or the error on.
  template <class T, class Take>
  Taken hand_on(Read<T> read, Take take) {
    if (!read) return std::unexpected(std::move(read).error());
    return take(draft_, *read);
  }
  Taken take_value(const Key& key, TakeText take, const TomlNode& node) {
    return hand_on(read_text(node, key.shape), take);
  }
  Taken take_value(const Key& key, TakeBoolean take, const TomlNode& node) {
    return hand_on(read_boolean(node, key.shape), take);
  }
  Taken take_value(const Key& key, TakeNumber take, const TomlNode& node) {
    return hand_on(read_integer(node, key.shape), take);
  }
  Taken take_value(const Key& key, TakeList take, const TomlNode& node) {
    return hand_on(read_texts(node, key.shape), take);
  }
  Taken take_value(const Key& key, TakeMap take, const TomlNode& node) {
    return hand_on(read_text_table(node, key.shape), take);
  }

  std::filesystem::path file_;
  ConfigurationDraft& draft_;
  GivenKeys given_;
  std::vector<ConfigurationFault> faults_;
};

}  // namespace

std::string ConfigurationFault::to_string() const {
  std::string text = file.string();
  if (line != 0) text += fmt::format(":{}", line);
  text += ": ";
  if (!key.empty()) text += key + ": ";
  return text + message;
}

ConfigurationResult parse_configuration(std::string_view text, const std::filesystem::path& file) {
  ConfigurationDraft draft;
  draft.directory = std::filesystem::absolute(file).parent_path();
  Reader reader(file, draft);
  reader.take_defaults();
  const auto top = parse_toml(text);
  if (!top)
    return std::unexpected(std::vector<ConfigurationFault>{
        {file, top.error().line, "", fmt::format("is not TOML: {}", top.error().message)}});
  reader.read_top(std::get<TomlTable>(top->value));
  auto faults = std::move(reader.faults());
  for (auto& fault : check_whole(draft, reader.given())) {
    fault.file = file;
    faults.push_back(std::move(fault));
  }
  if (!faults.empty()) {
    std::ranges::stable_sort(faults, {}, &ConfigurationFault::line);
    return std::unexpected(std::move(faults));
  }
  return finish_draft(std::move(draft), reader.given(), file);
}

ConfigurationResult read_configuration(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  // A directory opens and then yields nothing.
  if (!stream || std::filesystem::is_directory(file))
    return std::unexpected(std::vector<ConfigurationFault>{{file, 0, "", "cannot be read"}});
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  return parse_configuration(text, file);
}

std::optional<std::filesystem::path> find_configuration_file(const std::optional<std::string>& named) {
  if (named) return *named;
  std::error_code ignored;
  for (const char* candidate : {"chatelaine.toml", "/etc/chatelaine/chatelaine.toml"})
    if (std::filesystem::exists(candidate, ignored)) return candidate;
  return std::nullopt;
}

}  // namespace chatelaine::app
